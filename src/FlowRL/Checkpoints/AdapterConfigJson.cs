using System.Text.Encodings.Web;
using System.Text.Json;
using FlowRL.Configuration;
using FlowRL.Files;
using FlowRL.Hub;
using FlowRL.Models;
using FlowRL.Models.Adapters;

namespace FlowRL.Checkpoints;

/// <summary>
/// <c>adapter_config.json</c> as Hugging Face's PEFT reads and writes it. Features that change what an adapter computes and are not
/// known here are refused by name, those of later versions too; what only concerns training or housekeeping is passed over.
/// </summary>
public static class AdapterConfigJson
{
    public const string FileName = "adapter_config.json";

    private const string AllLinear = "all-linear";
    private const int HighestRank = 65536;

    private static readonly string[] KnownKeys =
        [
        "peft_type", "task_type", "r", "lora_alpha", "target_modules", "bias", "init_lora_weights", "base_model_name_or_path", "use_rslora", "rank_pattern",
        "alpha_pattern", "revision",
    ];

    private static readonly string[] PassedOver =
        ["auto_mapping", "eva_config", "inference_mode", "lora_dropout", "megatron_core", "peft_version", "qalora_group_size"];

    /// <summary>Initialisations after which the base model is still the one on disk; others (PiSSA, OLoRA, LoftQ) subtract from it.</summary>
    private static readonly string[] Initializations = ["eva", "gaussian", "orthogonal"];

    private static readonly JsonSerializerOptions Json =
        new() { WriteIndented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static readonly IReadOnlyList<string> Modules = OptionNames.Choices(typeof(Projection));

    /// <exception cref="BadInputException">The file is missing or wrong; the message lists every error.</exception>
    public static AdapterConfig Read(string folder)
    {
        var file = Path.Combine(folder, FileName);
        return InputFile.ReadJson(file, "an adapter's configuration", root =>
        {
            var problems = new List<string>();
            var config = Read(root, new DecoderConfigFields(root, "", problems));
            return problems.Count == 0 ? config
                : throw new BadInputException($"{file} cannot be used: {string.Join("; ", problems)}. Correct the file or choose another adapter.");
        });
    }

    /// <summary>Writes the file whole or not at all.</summary>
    public static void Write(string folder, AdapterConfig config)
    {
        var options = config.Options;
        // A hub's model is named as PEFT names it, with the commit apart.
        var name = config.BaseModel is { } model && HubName.Parse(model) is { IsPinned: true } pinned ? pinned : null;
        var fields = new SortedDictionary<string, object?>(StringComparer.Ordinal)
        {
            ["alpha_pattern"] = Written(options.AlphaPattern),
            ["auto_mapping"] = null,
            ["base_model_name_or_path"] = name is null ? config.BaseModel : (name with { Revision = null }).ToString(),
            ["bias"] = "none",
            ["fan_in_fan_out"] = false,
            ["inference_mode"] = true,
            ["init_lora_weights"] = true,
            ["layer_replication"] = null,
            ["layers_pattern"] = null,
            ["layers_to_transform"] = null,
            ["loftq_config"] = new object(),
            ["lora_alpha"] = options.Alpha, // a whole number is written without a point, as PEFT's type wants it
            ["lora_dropout"] = options.Dropout == 0 ? 0.0m : (decimal)options.Dropout,
            ["megatron_config"] = null,
            ["megatron_core"] = "megatron.core",
            ["modules_to_save"] = null,
            ["peft_type"] = "LORA",
            ["r"] = options.Rank,
            ["rank_pattern"] = Written(options.RankPattern),
            ["revision"] = name is null ? config.Revision : name.Revision,
            ["target_modules"] = options.ModuleNames,
            ["task_type"] = "CAUSAL_LM",
            ["use_dora"] = false,
            ["use_rslora"] = options.RankStabilized,
        };
        AtomicFile.Write(Path.Combine(folder, FileName), [.. JsonSerializer.SerializeToUtf8Bytes(fields, Json), (byte)'\n'], Disk.Real);
    }

    private static AdapterConfig Read(JsonElement root, DecoderConfigFields fields)
    {
        if (fields.Text("peft_type") is var type and not "LORA") fields.Refuse("peft_type", $"is {Quote(type)}, and only LORA can be read");
        if (fields.Text("task_type") is { } task and not "CAUSAL_LM") fields.Refuse("task_type", $"is {Quote(task)}, and only CAUSAL_LM can be read");
        if ((fields.Text("bias") ?? "none") is var bias and not "none") fields.Refuse("bias", $"is {Quote(bias)}, and only none can be read");
        var rank = fields.Int("r");
        if (rank is < 1 or > HighestRank) fields.Refuse("r", $"is {rank} and must be from 1 to {HighestRank}");
        var alpha = fields.Double("lora_alpha");
        if (alpha <= 0) fields.Refuse("lora_alpha", "must be above 0");
        foreach (var property in root.EnumerateObject())
        {
            if (property.Name == "init_lora_weights" ? !KeepsBase(property.Value)
                : !KnownKeys.Contains(property.Name) && !PassedOver.Contains(property.Name) && !IsOff(property.Value))
                fields.Refuse(property.Name, $"is {Shorten(property.Value.GetRawText())}, which cannot be read here");
        }
        var options = new LoraOptions
        {
            Rank = rank,
            Alpha = alpha,
            RankStabilized = fields.Bool("use_rslora", false),
            RankPattern = Patterns(root, fields, "rank_pattern", value => value is >= 1 and <= HighestRank && value % 1 == 0),
            AlphaPattern = Patterns(root, fields, "alpha_pattern", value => value is > 0 and <= 1e6),
            TargetModules = Targets(root, fields),
        };
        return new AdapterConfig(options, fields.Text("base_model_name_or_path")) { Revision = fields.Text("revision") };
    }

    private static IReadOnlyList<Projection> Targets(JsonElement root, DecoderConfigFields fields)
    {
        if (!root.TryGetProperty("target_modules", out var value) || value.ValueKind is not (JsonValueKind.Array or JsonValueKind.String))
        {
            fields.Refuse("target_modules", "is not a list of names");
            return [];
        }
        if (value.ValueKind == JsonValueKind.String && value.GetString() == AllLinear) return Projections.Roles;
        var names = value.ValueKind == JsonValueKind.String ? [value.GetString()!]
            : value.EnumerateArray().Select(item => item.ValueKind == JsonValueKind.String ? item.GetString()! : item.GetRawText()).Distinct().ToList();
        if (names.Count == 0) fields.Refuse("target_modules", "is empty");
        foreach (var name in names.Where(name => !Modules.Contains(name)))
        {
            var near = Spelling.Nearest(name, Modules) is { } nearest ? $" (did you mean '{nearest}'?)" : "";
            fields.Refuse("target_modules", $"names {Quote(name)}{near}, and only {string.Join(", ", Modules)} can be adapted");
        }
        return [.. names.Where(Modules.Contains).Select(name => (Projection)OptionNames.Choice(typeof(Projection), name)).Order()];
    }

    /// <summary>Values by regular expressions for the ends of modules' names, in the file's order.</summary>
    private static List<AdapterPattern> Patterns(JsonElement root, DecoderConfigFields fields, string key, Func<double, bool> isAllowed)
    {
        var patterns = new List<AdapterPattern>();
        if (!root.TryGetProperty(key, out var value) || value.ValueKind == JsonValueKind.Null) return patterns;
        if (value.ValueKind != JsonValueKind.Object)
        {
            fields.Refuse(key, "is no object of names and numbers");
            return patterns;
        }
        foreach (var property in value.EnumerateObject())
        {
            if (property.Value.ValueKind != JsonValueKind.Number || !property.Value.TryGetDouble(out var number) || !isAllowed(number))
                fields.Refuse(key, $"gives {Quote(property.Name)} the value {Shorten(property.Value.GetRawText())}, which is out of range");
            else if (new AdapterPattern(property.Name, number) is var pattern && !IsExpression(pattern))
                fields.Refuse(key, $"has the name {Quote(property.Name)}, which is no regular expression that can be read here");
            else patterns.Add(pattern);
        }
        return patterns;
    }

    private static bool IsExpression(AdapterPattern pattern)
    {
        try
        {
            _ = pattern.Fits("");
            return true;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }

    private static OrderedDictionary<string, double> Written(IReadOnlyList<AdapterPattern> patterns)
    {
        var written = new OrderedDictionary<string, double>();
        foreach (var pattern in patterns) written.TryAdd(pattern.Key, pattern.Value);
        return written;
    }

    private static bool KeepsBase(JsonElement value) => value.ValueKind == JsonValueKind.String
        ? Initializations.Contains(value.GetString())
        : value.ValueKind is JsonValueKind.True or JsonValueKind.False or JsonValueKind.Null;

    /// <summary>How PEFT writes a feature that is not used.</summary>
    private static bool IsOff(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Null or JsonValueKind.False => true,
        JsonValueKind.Object => !value.EnumerateObject().Any(),
        JsonValueKind.Array => value.GetArrayLength() == 0,
        _ => false,
    };

    private static string Quote(string? text) => text is null ? "not given" : $"'{Shorten(text)}'";

    private static string Shorten(string text) =>
        new([.. (text.Length > 60 ? text[..60] + "…" : text).Select(c => char.IsControl(c) ? ' ' : c)]);
}

/// <summary>What an <c>adapter_config.json</c> says.</summary>
/// <param name="Options">Rank, scale and adapted matrices.</param>
/// <param name="BaseModel">Where the adapted model lies, as the file has it; null where it names none.</param>
public sealed record AdapterConfig(LoraOptions Options, string? BaseModel)
{
    /// <summary>The branch, tag or commit of the base model, where that is a name of the hub; null for its main branch.</summary>
    public string? Revision { get; init; }
}
