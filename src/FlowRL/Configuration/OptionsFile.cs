using System.Text;
using FlowRL.Files;

namespace FlowRL.Configuration;

/// <summary>
/// Reads recipes: YAML whose keys are the snake_case names of a record's properties, and <c>--set dotted.key=value</c> on top of it.
/// </summary>
/// <remarks>
/// Every error of a recipe is in one <see cref="BadInputException"/>, one line each: <c>recipe.yaml:7: training.step: no such key; did
/// you mean 'training.steps'?</c>, or with <c>--set</c> in place of file and line.
/// </remarks>
public static class OptionsFile
{
    /// <summary>Reads a file.</summary>
    /// <typeparam name="T">The record: a recipe of this library or an own one.</typeparam>
    /// <param name="path">The YAML file.</param>
    /// <param name="overrides">Texts <c>dotted.key=value</c>, applied in order.</param>
    /// <param name="variants">
    /// What <c>type:</c> can select. When null: this library's own and those of the assemblies that the recipe names, if <see cref="Programs"/> are allowed.
    /// </param>
    /// <exception cref="BadInputException">The file is missing or wrong.</exception>
    public static T Load<T>(string path, IEnumerable<string>? overrides = null, OptionVariants? variants = null) where T : class =>
        Parse<T>(ReadText(path), path, overrides, variants);

    /// <summary>Reads a file's keys, to be changed before they become a recipe.</summary>
    /// <exception cref="BadInputException">The file is missing, or not YAML.</exception>
    public static OptionsPatch<T> Read<T>(string path) where T : class => OptionsPatch.Parse<T>(ReadText(path), path);

    /// <summary>Reads a text. <paramref name="sourceName"/> stands for the file in error messages.</summary>
    /// <inheritdoc cref="Load{T}"/>
    public static T Parse<T>(string text, string sourceName, IEnumerable<string>? overrides = null, OptionVariants? variants = null)
        where T : class
    {
        var errors = new OptionsErrors();
        var document = YamlReader.Document(text, sourceName, errors);
        var written = OptionsOverrides.Apply(
            document ?? new YamlNode.Mapping(new YamlPlace(sourceName, 0), []), overrides ?? [], errors);
        if (document is null) errors.ThrowIfAny();
        var known = AssemblyKey.Load(ref written, typeof(T), variants);
        var recipe = (T)new OptionsBinder(known, errors).Bind(written, typeof(T));
        errors.ThrowIfAny();
        return recipe;
    }

    private static string ReadText(string path)
    {
        if (Directory.Exists(path)) throw new BadInputException($"{path}: is a folder, not a recipe{Beside(path)}");
        if (!File.Exists(path))
            throw new BadInputException($"{path}: there is no such recipe{Beside(Path.GetDirectoryName(Path.GetFullPath(path)))}");
        if (new FileInfo(path).Length > 4L * YamlReader.MaxCharacters)
            throw new BadInputException($"{path}: is longer than the {YamlReader.MaxCharacters} characters that a recipe may have.");
        try
        {
            var bytes = File.ReadAllBytes(path);
            if (JsonDamage.OfText(bytes) is not { } damage) return Encoding.UTF8.GetString(JsonDamage.WithoutMark(bytes).Span);
            // The other encodings that editors mark at the beginning of a file.
            return bytes is [0xFF, 0xFE, ..] or [0xFE, 0xFF, ..] ? File.ReadAllText(path)
                : throw new BadInputException($"{path}: {damage}; write it as UTF-8.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new BadInputException($"{path}: cannot be read: {e.Message}", e);
        }
    }

    private static string Beside(string? folder)
    {
        if (!Directory.Exists(folder)) return $"; there is no folder {folder} either.";
        var names = Directory.EnumerateFiles(folder, "*.y*ml").Select(Path.GetFileName).Order(StringComparer.Ordinal).Take(20).ToArray();
        return names.Length == 0 ? "; there are no recipes in its folder." : $"; recipes in that folder: {string.Join(", ", names)}.";
    }
}
