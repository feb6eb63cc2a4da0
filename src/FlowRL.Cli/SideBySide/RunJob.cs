using System.Text.Json;
using System.Text.Json.Serialization;
using FlowRL.Configuration;
using FlowRL.Lab.Comparison;
using FlowRL.Recipes;
using FlowRL.Telemetry;

namespace FlowRL.Cli.SideBySide;

/// <summary>
/// What a comparison has one of its processes do. It is said through a pipe rather than read from files again, which may change while a comparison runs.
/// </summary>
/// <param name="Objective">Name in the comparison.</param>
/// <param name="Seed">The run's.</param>
/// <param name="Folder">The run's.</param>
/// <param name="Recipe">The run's, as YAML with every key.</param>
/// <param name="Tests">How it is tested (<see cref="CompareTests"/>), as YAML with every key.</param>
/// <param name="Assemblies">The recipe's assemblies, whole paths; that the comparison has loaded them is consent.</param>
/// <param name="StartsPrograms">Whether the user lets recipes start programs.</param>
/// <param name="IsBase">Whether it is the base model's, which is not trained.</param>
internal sealed record RunJob(
    string Objective, long Seed, string Folder, string Recipe, string Tests, IReadOnlyList<string> Assemblies, bool StartsPrograms,
    bool IsBase)
{
    public static RunJob Of(PlannedRun run, CompareTests tests) => new(run.Objective, run.Seed, run.Folder,
        OptionsWriter.Write(run.Recipe), OptionsWriter.Write(tests), run.Recipe.Assembly, Programs.AreAllowed, run.IsBase);

    /// <summary>The run. What the user has agreed to holds in this process from here on.</summary>
    public PlannedRun Take()
    {
        if (StartsPrograms) Programs.Allow();
        return new PlannedRun(Objective, Seed, Folder, OptionsFile.Parse<TrainRecipe>(Recipe, "run", variants: Variants))
        {
            IsBase = IsBase,
        };
    }

    /// <summary>How it is tested.</summary>
    public CompareTests TakeTests() => OptionsFile.Parse<CompareTests>(Tests, "tests", variants: Variants);

    private OptionVariants Variants => OptionVariants.FromFiles(Assemblies);
}

/// <summary>Jobs and reports as lines of JSON, as the pipes between a comparison and its processes carry them.</summary>
internal static class PipeLines
{
    private static readonly JsonSerializerOptions Options = new()
    {
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
    };

    public static string Write<T>(T value) => JsonSerializer.Serialize(value, Options);

    public static RunJob Job(string line) => JsonSerializer.Deserialize<RunJob>(line, Options)!;

    /// <summary>Null where the line is something else, such as what code of the user's has printed.</summary>
    public static StepReport? Report(string line)
    {
        try
        {
            return line.StartsWith('{') ? JsonSerializer.Deserialize<StepReport>(line, Options) : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
