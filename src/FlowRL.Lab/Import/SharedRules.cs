using System.Text.RegularExpressions;
using FlowRL.Hub;

namespace FlowRL.Lab.Import;

/// <summary>What is the same for every other trainer: models and data that are fetched there and are files here, batches, weights, names.</summary>
internal static partial class SharedRules
{
    /// <summary>The seven matrices of a layer.</summary>
    private static readonly IReadOnlyList<string> Projections = ["q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"];

    /// <summary>The model's folder.</summary>
    public static void Model(Conversion conversion, string key)
    {
        var written = conversion.Text(key);
        if (written is null) conversion.Assume($"model.path: {key} is not given; 'model' stands there for the folder of the model.");
        else if (HubName.Parse(written) is { } name)
            conversion.Assume($"model.path: {name} is fetched from the hub when the recipe is run, unless a folder of this name lies beside it.");
        conversion.SetText("model.path", conversion.Path(written ?? "model"), "", key);
        conversion.Assume("model.device is cpu, as when nothing is said; cuda needs the libtorch of CUDA.");
    }

    /// <summary>BF16 or float32; sixteen-bit floats of another kind are refused.</summary>
    public static void Weights(Conversion conversion, string key)
    {
        if (conversion.Text(key) is not { } type || type is "auto") return;
        if (type is "bf16" or "bfloat16" or "torch.bfloat16") conversion.Set("model.weights", "bfloat16", "with float32 masters in the optimiser", key);
        else if (type is "fp32" or "float32" or "torch.float32") conversion.Set("model.weights", "float32", "", key);
        else conversion.Refuse(key, "weights are float32 or bfloat16; float32 stands");
    }

    /// <summary>Adapters of a rank.</summary>
    /// <param name="conversion">The conversion.</param>
    /// <param name="alpha">What their product is multiplied by, times the rank.</param>
    /// <param name="modules">The key of the matrices that have one.</param>
    /// <param name="otherwise">Those where the key is not given.</param>
    public static void AdapterModules(Conversion conversion, double alpha, string modules, IReadOnlyList<string> otherwise)
    {
        conversion.Set("model.lora.alpha", alpha, "alpha / rank multiplies", Beside(modules, "lora_alpha"));
        var named = conversion.Texts(modules);
        var wanted = named is null ? otherwise : named is ["all-linear"] ? Projections : named;
        var known = wanted.Where(Projections.Contains).Distinct().ToList();
        foreach (var other in wanted.Except(known))
            conversion.Refuse(modules, $"there are no adapters on {Setting.OneLine(other, 40)}; those are left out");
        if (known.Count > 0) conversion.Set("model.lora.target_modules", Forms.List(known), "", modules);
    }

    /// <summary>Files of problems, and the task that verifies their answers.</summary>
    /// <returns>Whether programs are verified, not answers.</returns>
    public static bool Task(Conversion conversion, IReadOnlyList<string> train, IEnumerable<string> hints, string key)
    {
        var isCode = hints.Any(hint => Code().IsMatch(hint));
        conversion.Set("task.type", isCode ? "code" : "math", "");
        conversion.Assume(isCode ? "task.type is code, by the names that the settings give; math verifies answers."
            : "task.type is math: final answers are compared, and a right one earns 1; code runs programs.");
        conversion.Set("task.data.train", Forms.List(train.Select(conversion.Path)), "", key);
        return isCode;
    }

    /// <summary>A share of the run over which the learning rate rises; false where there is none.</summary>
    public static bool WarmupShare(Conversion conversion, string key)
    {
        if (conversion.Number(key) is not (> 0 and var share)) return false;
        conversion.Set("training.optimizer.warmup_share", share, "", key);
        return true;
    }

    /// <summary>The largest number of problems an update that divides those of a step and is at most what was asked for.</summary>
    public static long Divisor(Conversion conversion, string key, long problems, long asked)
    {
        if (asked >= problems) return problems;
        var fitting = asked;
        while (problems % fitting != 0) fitting--;
        if (fitting != asked)
            conversion.Refuse(key, $"{asked} does not divide the {problems} of a step; {fitting} does and stands");
        return fitting;
    }

    /// <summary>A name that is a folder's too.</summary>
    public static string Name(string text) => Setting.OneLine(text, 80).Replace('/', '-').Replace("...", "", StringComparison.Ordinal).Trim();

    /// <summary>Sampling of training: what leaves tokens out is refused, because the samples are then not of the policy that is trained.</summary>
    public static void Untruncated(Conversion conversion, string key, string path, double all, Func<double, bool> isAll)
    {
        if (conversion.Number(key) is not { } value) return;
        conversion.Set(path, all, "", key);
        if (!isAll(value)) conversion.Refuse(key, $"leaves tokens out, and such samples are not of the policy that is trained; {all} stands");
    }

    /// <summary>The key of a name beside another key.</summary>
    public static string Beside(string key, string name) => key.Contains('.', StringComparison.Ordinal) ? $"{key[..key.LastIndexOf('.')]}.{name}" : name;

    [GeneratedRegex("cod(e|ing)|apps|taco|mbpp|humaneval|leetcode|lcb|programs?\\b", RegexOptions.IgnoreCase)]
    private static partial Regex Code();
}
