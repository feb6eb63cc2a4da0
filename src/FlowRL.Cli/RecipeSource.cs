using FlowRL.Configuration;
using FlowRL.Lab.Comparison;
using FlowRL.Recipes;

namespace FlowRL.Cli;

/// <summary>Finds the recipe that a command names: a file, or one of those that ship inside the tool.</summary>
internal static class RecipeSource
{
    private const string Folder = "recipes/";
    private const string EvaluationFolder = "evaluations/";

    private static readonly Dictionary<string, Type> Commands =
        new() { ["train"] = typeof(TrainRecipe), ["sft"] = typeof(SftRecipe), ["compare"] = typeof(CompareRecipe) };

    /// <summary>Names of the recipes inside the tool, such as <c>countdown</c>.</summary>
    public static IReadOnlyList<string> Embedded { get; } = Names(Folder);

    /// <summary>Names of the evaluations inside the tool, such as <c>gsm8k</c>: a task with its protocol.</summary>
    public static IReadOnlyList<string> Evaluations { get; } = Names(EvaluationFolder);

    /// <summary>An evaluation inside the tool.</summary>
    public static EvaluateRecipe LoadEvaluation(string name, IEnumerable<string> overrides, OptionVariants? variants) =>
        OptionsFile.Parse<EvaluateRecipe>(Text(EvaluationFolder, name), $"{EvaluationFolder}{name}.yaml", overrides, variants);

    /// <summary>Those of <see cref="Embedded"/> that a command takes: comparisons and supervised training say in their names what they are.</summary>
    public static IEnumerable<string> EmbeddedFor(string command) => Embedded.Where(name => command ==
        (name.StartsWith("compare-", StringComparison.Ordinal) ? "compare" : name.EndsWith("-sft", StringComparison.Ordinal) ? "sft" : "train"));

    /// <param name="nameOrPath">A file, or the name of a recipe inside the tool.</param>
    /// <param name="overrides">Texts <c>dotted.key=value</c>, applied in order.</param>
    /// <param name="variants">What <c>type:</c> can select; where null, the recipe says which assemblies there are beside this library.</param>
    /// <exception cref="BadInputException">There is no such recipe, or it is wrong.</exception>
    public static T Load<T>(string nameOrPath, IEnumerable<string> overrides, OptionVariants? variants = null) where T : class
    {
        try
        {
            return Parse<T>(nameOrPath, overrides, variants);
        }
        catch (BadInputException) when (
            Commands.FirstOrDefault(other => other.Value != typeof(T) && Reads(nameOrPath, other.Value, variants)).Key is { } command)
        {
            throw new BadInputException($"{nameOrPath}: is a recipe for another command: flowrl {command}.");
        }
    }

    private static T Parse<T>(string nameOrPath, IEnumerable<string> overrides, OptionVariants? variants) where T : class
    {
        if (File.Exists(nameOrPath)) return OptionsFile.Load<T>(nameOrPath, overrides, variants);
        var name = nameOrPath.StartsWith(Folder, StringComparison.Ordinal) ? Path.GetFileNameWithoutExtension(nameOrPath) : nameOrPath;
        if (Embedded.Contains(name)) return OptionsFile.Parse<T>(Text(Folder, name), Folder + name + ".yaml", overrides, variants);
        if (nameOrPath.Contains('/', StringComparison.Ordinal) || Path.HasExtension(nameOrPath) || Directory.Exists(nameOrPath))
            return OptionsFile.Load<T>(nameOrPath, overrides, variants);
        var known = EmbeddedFor(Commands.First(command => command.Value == typeof(T)).Key).ToArray();
        throw new BadInputException($"{nameOrPath}: there is no such recipe; " + (Spelling.Nearest(nameOrPath, known) is { } near
            ? $"did you mean '{near}'?" : $"give a file, or one of those inside the tool: {string.Join(", ", known)}."));
    }

    private static bool Reads(string nameOrPath, Type recipe, OptionVariants? variants)
    {
        try
        {
            _ = recipe == typeof(SftRecipe) ? Parse<SftRecipe>(nameOrPath, [], variants)
                : recipe == typeof(CompareRecipe) ? Parse<CompareRecipe>(nameOrPath, [], variants) : (object)Parse<TrainRecipe>(nameOrPath, [], variants);
            return true;
        }
        catch (BadInputException)
        {
            return false;
        }
    }

    /// <summary>The keys as they are written, to be changed before they become a recipe.</summary>
    /// <inheritdoc cref="Load"/>
    public static OptionsPatch<T> Read<T>(string nameOrPath) where T : class =>
        !File.Exists(nameOrPath) && Embedded.Contains(nameOrPath) ? OptionsPatch.Parse<T>(Text(Folder, nameOrPath), Folder + nameOrPath + ".yaml")
        : OptionsFile.Read<T>(nameOrPath);

    private static IReadOnlyList<string> Names(string folder) =>
        [.. typeof(RecipeSource).Assembly.GetManifestResourceNames().Where(name => name.StartsWith(folder, StringComparison.Ordinal))
            .Select(name => Path.GetFileNameWithoutExtension(name)).Order(StringComparer.Ordinal)];

    private static string Text(string folder, string name)
    {
        using var stream = typeof(RecipeSource).Assembly.GetManifestResourceStream($"{folder}{name}.yaml")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
