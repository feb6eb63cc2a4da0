using System.Collections.ObjectModel;
using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using FlowRL.Configuration;
using FlowRL.Evaluation;
using FlowRL.Recipes;
using FlowRL.Tasks;

namespace FlowRL.Lab.Comparison;

/// <summary>Several objectives × several seeds from one train recipe (<c>flowrl compare</c>).</summary>
public sealed record CompareRecipe : IValidated
{
    [Assemblies]
    [Description(AssembliesAttribute.Description)]
    public IReadOnlyList<string> Assembly { get; init; } = [];

    [Description("The train recipe that all share: a file, or the name of one inside the tool. Its run's name, folder, seed and evaluation " +
        "of test problems are set by the comparison.")]
    public string? Base { get; init; }

    [Description("Changes to the base for every objective; the whole train recipe where there is no base.")]
    public OptionsPatch<TrainRecipe>? Train { get; init; }

    [Description("What is compared, by name, with what each changes. The first is the one that the others are compared with.")]
    public required IReadOnlyDictionary<string, OptionsPatch<TrainRecipe>> Objectives { get; init; }

    [Description("Seeds; each objective is trained once with each.")]
    public IReadOnlyList<long> Seeds { get; init; } = [1, 2, 3];

    [Description("How the best checkpoint of each run is measured on test problems.")]
    public CompareTestOptions Evaluation { get; init; } = new();

    [Description("More tests of every run by name, with the same keys: harder problems, or others than were trained on (task). They choose nothing.")]
    public IReadOnlyDictionary<string, CompareTestOptions> Further { get; init; } = ReadOnlyDictionary<string, CompareTestOptions>.Empty;

    [Description("Primary claims by name, written down before test problems are sampled and not to be changed after; everything else is exploratory. " +
        "Each needs two seeds or more.")]
    public IReadOnlyDictionary<string, ClaimOptions> Claims { get; init; } = ReadOnlyDictionary<string, ClaimOptions>.Empty;

    [Description("Runs side by side, each in a process of its own. Where run.threads is not set, each run gets an equal share of the processors as its " +
        "threads, which its recipe states; so its bits are those of the same recipe run alone.")]
    [Range(1, 256)]
    public int Parallel { get; init; } = 1;

    [Description("Folder of the comparison: results, and a run in <name>/seed-<seed> each.")]
    public string Folder { get; init; } = "runs/compare";

    public IEnumerable<string> Validate()
    {
        if (Base is null && Train is null) yield return "base: is missing; name a train recipe, or write one below train.";
        if (Objectives.Count == 0) yield return "objectives: is empty; give at least one name with its changes, such as grpo: { objective: grpo }.";
        foreach (var name in Objectives.Keys.Where(name => !IsFolderName(name)))
            yield return $"objectives.{name}: names a folder too; use letters, digits, dashes and underscores.";
        if (Seeds.Count == 0) yield return "seeds: is empty; give at least one, such as [1, 2, 3].";
        if (Seeds.Any(seed => seed < 0)) yield return "seeds: a seed is 0 or more.";
        if (Seeds.Distinct().Count() < Seeds.Count) yield return "seeds: one stands twice, and would count twice; give different ones.";
        var known = string.Join(", ", Objectives.Keys);
        foreach (var (name, claim) in Claims)
        {
            foreach (var (key, objective) in new[] { ("objective", claim.Objective), ("against", claim.Against) })
                if (!Objectives.ContainsKey(objective)) yield return $"claims.{name}.{key}: '{objective}' is none of the objectives ({known}).";
            if (claim.Measure == ClaimMeasure.FrontArea && Evaluation.Fronts is null)
                yield return $"claims.{name}.measure: front_area needs fronts; set evaluation.fronts, {{}} for the usual ones.";
        }
        foreach (var name in Further.Keys.Where(name => !IsFolderName(name)))
            yield return $"further.{name}: names files too; use letters, digits, dashes and underscores.";
        if (Claims.Count > 0 && Evaluation.Split != Split.Test)
            yield return "claims: are about test problems; settings are chosen on validation problems without any, so leave claims or evaluation.split out.";
        if (Claims.Count > 0 && Seeds.Count < 2) yield return "claims: one seed says nothing about training; give at least two seeds.";
        foreach (var (key, fronts) in Further.Select(pair => ($"further.{pair.Key}", pair.Value.Fronts)).Prepend(("evaluation", Evaluation.Fronts)))
        {
            foreach (var name in (fronts?.Matched ?? []).Where(name => !Objectives.ContainsKey(name)))
                yield return $"{key}.fronts.matched: '{name}' is none of the objectives ({known}).";
        }
        if (Tests.All.Any(test => test.Options.Fronts is not null) && Objectives.ContainsKey(ComparisonPlan.BaseName))
            yield return $"objectives.{ComparisonPlan.BaseName}: is the base model's own name where fronts are measured; choose another.";
        if (string.IsNullOrWhiteSpace(Folder)) yield return "folder: is empty; name the folder of the comparison.";
    }

    /// <summary>Everything that each run is tested for.</summary>
    internal CompareTests Tests => new() { Evaluation = Evaluation, Further = Further };

    private static bool IsFolderName(string name) => name != "" && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_');
}

/// <summary>The measurement at a run's end, on test problems or, where settings are chosen, on those of validation.</summary>
public sealed record CompareTestOptions : IValidated
{
    [JsonIgnore]
    [Description("Where the problems come from; the runs' own task when left out.")]
    public TaskOptions? Task { get; init; }

    [Description("Which problems: those of the test, or, to choose settings by, those of validation.")]
    [JsonConverter(typeof(JsonStringEnumConverter<Split>))]
    public Split Split { get; init; } = Split.Test;

    [Description("Problems of these; the first that have enough solutions.")]
    [Range(1, 1 << 24)]
    public int Problems { get; init; } = 1000;

    [Description("Only problems with at least this many different solutions; 0 takes all.")]
    [Range(0, 1 << 20)]
    public int MinimumSolutions { get; init; }

    [Description("Samples a problem.")]
    [Range(1, 4096)]
    public int Samples { get; init; } = 128;

    [Description("The k of pass@k, each at most the number of samples. Different solutions are counted in the largest.")]
    public IReadOnlyList<int> K { get; init; } = [1, 2, 4, 8, 16, 32, 64];

    [Description("Temperature of the samples.")]
    [Range(0.01, 10.0)]
    public double Temperature { get; init; } = 1;

    [Description("The samples' tokens come from the smallest set whose probability reaches this; 1 keeps all.")]
    [Range(0.0, 1.0)]
    public double TopP { get; init; } = 1;

    [Description("Measure accuracy against variety by sampling temperature, for the last checkpoint of every run and for the base model: {} for the usual " +
        "settings, null for no fronts.")]
    public CompareFrontOptions? Fronts { get; init; }

    public IEnumerable<string> Validate()
    {
        if (K.Count == 0) yield return "k: is empty; give at least one, such as [1, 64].";
        foreach (var k in K.Where(k => k < 1 || k > Samples))
            yield return $"k: pass@{k} cannot be estimated from {Samples} samples; use numbers from 1 to {Samples}.";
        if (K.Distinct().Count() < K.Count) yield return "k: one stands twice; give different ones.";
        if (Fronts?.Samples < K.DefaultIfEmpty(1).Max())
            yield return $"fronts.samples: {Fronts.Samples} samples cannot hold the largest k, {K.Max()}; use at least as many.";
    }

    /// <summary>For people: <c>test</c>, <c>validation</c>.</summary>
    internal string SplitName => Split.ToString().ToLowerInvariant();

    /// <summary>The test of a front's point.</summary>
    internal CompareTestOptions At(FrontSetting setting) =>
        this with { Temperature = setting.Temperature, TopP = setting.TopP, Samples = Fronts?.Samples ?? Samples, Fronts = null };

    /// <summary>
    /// Whether two ask for the same, fronts aside, which are tests of their own; the task, which is no part of this in a result's file, is told beside it.
    /// </summary>
    internal bool Asks(CompareTestOptions other) =>
        (this with { K = other.K, Fronts = other.Fronts, Task = other.Task }) == other && K.Order().SequenceEqual(other.K.Order());

    /// <summary>The task as YAML with every key; null where it is the runs' own.</summary>
    internal string? TaskText => Task is null ? null : OptionsWriter.Write(Task);
}
