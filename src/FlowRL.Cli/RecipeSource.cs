using FlowRL.Recipes;

namespace FlowRL.Cli;

/// <summary>Finds the recipe that a command names: a file, or one of those that ship inside the tool.</summary>
internal static class RecipeSource
{
    private const string Folder = "recipes/";

    /// <summary>Names of the recipes inside the tool, such as <c>countdown</c>.</summary>
    public static IReadOnlyList<string> Embedded { get; } =
        [.. typeof(RecipeSource).Assembly.GetManifestResourceNames().Where(n => n.StartsWith(Folder, StringComparison.Ordinal))
            .Select(n => Path.GetFileNameWithoutExtension(n)).Order(StringComparer.Ordinal)];

    /// <exception cref="BadInputException">There is no such recipe, or it is wrong.</exception>
    public static T Load<T>(string nameOrPath, IEnumerable<string> overrides) where T : class
    {
        if (File.Exists(nameOrPath)) return RecipeFile.Load<T>(nameOrPath, overrides);
        var name = nameOrPath.StartsWith(Folder, StringComparison.Ordinal) ? Path.GetFileNameWithoutExtension(nameOrPath) : nameOrPath;
        if (Embedded.Contains(name)) return RecipeFile.Parse<T>(Text(name), Folder + name + ".yaml", overrides);
        if (nameOrPath.Contains('/', StringComparison.Ordinal) || Path.HasExtension(nameOrPath))
            return RecipeFile.Load<T>(nameOrPath, overrides);
        throw new BadInputException(
            $"{nameOrPath}: there is no such recipe; give a file, or one of those inside the tool: {string.Join(", ", Embedded)}.");
    }

    /// <summary>The keys as they are written, to be changed before they become a recipe.</summary>
    /// <inheritdoc cref="Load"/>
    public static RecipePatch<T> Read<T>(string nameOrPath) where T : class =>
        !File.Exists(nameOrPath) && Embedded.Contains(nameOrPath) ? RecipePatch.Parse<T>(Text(nameOrPath), Folder + nameOrPath + ".yaml")
        : RecipeFile.Read<T>(nameOrPath);

    private static string Text(string name)
    {
        using var stream = typeof(RecipeSource).Assembly.GetManifestResourceStream($"{Folder}{name}.yaml")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
