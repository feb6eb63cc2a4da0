namespace FlowRL.Lab.Import;

/// <summary>What became of another trainer's settings.</summary>
/// <param name="Recipe">The recipe, with comments.</param>
/// <param name="Settings">How many settings the files give.</param>
/// <param name="Converted">Those that a key of the recipe holds.</param>
/// <param name="Assumed">What was taken for granted, a sentence each.</param>
/// <param name="Refused">Settings that the recipe departs from, with the reason.</param>
/// <param name="Missing">Settings without a counterpart, with the reason.</param>
/// <param name="Needless">Settings that are not needed, by the reason.</param>
public sealed record ConversionReport(
    string Recipe, int Settings, IReadOnlyList<string> Converted, IReadOnlyList<string> Assumed, IReadOnlyList<string> Refused,
    IReadOnlyList<string> Missing, IReadOnlyDictionary<string, IReadOnlyList<string>> Needless)
{
    private const int Widest = 140;

    /// <summary>For the error stream: the counts, then each sentence on a line of its own.</summary>
    public IEnumerable<string> Lines(string source)
    {
        yield return $"{source}: {Settings} settings: {Converted.Count} converted, {Missing.Count} without counterpart, {Refused.Count} refused, " +
            $"{Needless.Values.Sum(settings => settings.Count)} not needed; {Assumed.Count} assumptions";
        foreach (var sentence in Refused) yield return $"refused: {sentence}";
        foreach (var sentence in Missing) yield return $"no counterpart: {sentence}";
        foreach (var sentence in Assumed) yield return $"assumed: {sentence}";
        foreach (var sentence in Sentences(Needless)) yield return $"not needed: {sentence}";
    }

    /// <summary>The same as comments of the recipe.</summary>
    internal static IEnumerable<string> Head(string made, params IEnumerable<(string Title, IReadOnlyList<string> Sentences)> parts)
    {
        yield return made;
        foreach (var (title, sentences) in parts.Where(part => part.Sentences.Count > 0))
        {
            yield return "";
            yield return $"{title}:";
            foreach (var line in sentences.SelectMany(Wrapped)) yield return line;
        }
        yield return "";
    }

    /// <summary>A sentence a reason: the reason, then the settings.</summary>
    internal static IReadOnlyList<string> Sentences(IReadOnlyDictionary<string, IReadOnlyList<string>> byReason) =>
        [.. byReason.Select(reason => $"{reason.Key}: {string.Join(", ", reason.Value)}")];

    private static IEnumerable<string> Wrapped(string sentence)
    {
        var line = "-";
        foreach (var word in sentence.Split(' '))
        {
            if (line.Length + word.Length >= Widest && line.Trim() != "-")
            {
                yield return line;
                line = " ";
            }
            line += $" {word}";
        }
        yield return line;
    }
}
