using FlowRL.Configuration;
using FlowRL.Lab.Import;
using FlowRL.Recipes;

namespace FlowRL.Tests.Lab.Import;

/// <summary>One of the examples of other trainers' settings as a recipe.</summary>
internal sealed class Imported
{
    public const string Home = "/home/someone";

    private static readonly string Folder = Path.Combine(Repository.Root, "tests", "FlowRL.Tests", "Lab", "Import", "Examples");

    private readonly Settings _written = new();

    private Imported(ConversionReport report)
    {
        Report = report;
        Recipe = OptionsFile.Parse<TrainRecipe>(report.Recipe, "imported.yaml");
        YamlSettings.Read(report.Recipe, "imported.yaml", _written);
    }

    /// <summary>Every example, as <c>verl/grpo.sh</c>.</summary>
    public static IReadOnlyList<string> Examples { get; } = [.. Directory.GetFiles(Folder, "*", SearchOption.AllDirectories)
        .Select(path => Path.GetRelativePath(Folder, path)).Order(StringComparer.Ordinal)];

    public ConversionReport Report { get; }

    /// <summary>As FlowRL's own reader reads it.</summary>
    public TrainRecipe Recipe { get; }

    public static string PathOf(string example) => Path.Combine(Folder, example);

    public static Imported Of(params string[] examples) => new(RecipeImport.Of(examples[0].Split('/')[0], [.. examples.Select(PathOf)], Home));

    /// <summary>A text as a file of that name.</summary>
    public static Imported OfText(string trainer, string name, string text)
    {
        using var folder = new Support.TemporaryFolder();
        return new(RecipeImport.Of(trainer, [folder.Write(name, text)], Home));
    }

    /// <summary>What the recipe itself says of a key; null where it leaves it to its default.</summary>
    public string? this[string key] => _written.Find(key)?.Value is { } value ? value is YamlNode.Scalar scalar ? scalar.Text : OptionsWriter.Flow(value) : null;

    /// <summary>The keys of the settings that are spoken of, as converted or otherwise.</summary>
    public IReadOnlyList<string> Accounted => [.. Report.Converted.Concat(
        Report.Refused.Concat(Report.Missing).Concat(Report.Needless.Values.SelectMany(settings => settings))
            .Where(sentence => !sentence.Split(' ')[0].EndsWith(':') || sentence.Split(' ')[0].Contains('=')).Select(sentence => sentence.Split('=')[0])).Distinct()];
}
