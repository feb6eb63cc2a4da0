using System.Globalization;
using System.Text;

namespace FlowRL.Tokenization.Normalizers;

/// <summary>
/// Unicode normalisation form C (Unicode Standard Annex 15). .NET leaves text as it is when it runs without ICU, which is how it must
/// run where ICU is not installed; token ids may not depend on that.
/// </summary>
internal static class CanonicalComposition
{
    // Hangul syllables are arithmetic: 19 leading consonants, 21 vowels, 27 trailing consonants or none.
    private const int Syllables = 0xAC00, Leads = 0x1100, Vowels = 0x1161, Trails = 0x11A7;
    private const int LeadCount = 19, VowelCount = 21, TrailCount = 28, SyllableCount = LeadCount * VowelCount * TrailCount;

    private static readonly Dictionary<int, int[]> Decompositions = [];
    private static readonly Dictionary<(int First, int Second), int> Compositions = [];
    private static readonly Dictionary<int, int> Classes = [];

    /// <summary>Characters whose presence means that a text may not be composed yet.</summary>
    private static readonly HashSet<int> Suspects = [];

    static CanonicalComposition() => ReadData();

    /// <param name="text">Without lone surrogates.</param>
    public static string Compose(string text)
    {
        foreach (var rune in text.EnumerateRunes())
        {
            if (rune.Value >= 0x300 && Suspects.Contains(rune.Value))
                return Write(Compose(Order(Decompose(text))));
        }
        return text;
    }

    private static List<int> Decompose(string text)
    {
        var points = new List<int>(text.Length + 8);
        foreach (var rune in text.EnumerateRunes())
            Decompose(rune.Value, points);
        return points;
    }

    private static void Decompose(int point, List<int> points)
    {
        var syllable = point - Syllables;
        if (syllable is >= 0 and < SyllableCount)
        {
            points.Add(Leads + syllable / (VowelCount * TrailCount));
            points.Add(Vowels + syllable / TrailCount % VowelCount);
            if (syllable % TrailCount != 0)
                points.Add(Trails + syllable % TrailCount);
        }
        else if (Decompositions.TryGetValue(point, out var parts))
        {
            foreach (var part in parts)
                Decompose(part, points);
        }
        else
        {
            points.Add(point);
        }
    }

    /// <summary>Each run of combining marks in the order of their classes; marks of one class keep theirs.</summary>
    private static List<int> Order(List<int> points)
    {
        for (var start = 0; start < points.Count; start++)
        {
            if (ClassOf(points[start]) == 0)
                continue;
            var end = start + 1;
            while (end < points.Count && ClassOf(points[end]) != 0)
                end++;
            var ordered = points[start..end].OrderBy(ClassOf).ToList();
            for (var i = start; i < end; i++)
                points[i] = ordered[i - start];
            start = end;
        }
        return points;
    }

    private static List<int> Compose(List<int> points)
    {
        var composed = new List<int>(points.Count);
        // Where the last character of class 0 is, and the class of what was last kept after it (-1: nothing).
        var (starter, lastClass) = (-1, -1);
        foreach (var point in points)
        {
            var @class = ClassOf(point);
            if (starter >= 0 && lastClass < @class && Pair(composed[starter], point) is { } pair)
            {
                composed[starter] = pair;
                continue;
            }
            composed.Add(point);
            (starter, lastClass) = @class == 0 ? (composed.Count - 1, -1) : (starter, @class);
        }
        return composed;
    }

    private static int? Pair(int first, int second)
    {
        var (lead, vowel) = (first - Leads, second - Vowels);
        if (lead is >= 0 and < LeadCount && vowel is >= 0 and < VowelCount)
            return Syllables + (lead * VowelCount + vowel) * TrailCount;
        var (syllable, trail) = (first - Syllables, second - Trails);
        if (syllable is >= 0 and < SyllableCount && syllable % TrailCount == 0 && trail is > 0 and < TrailCount)
            return first + trail;
        return Compositions.TryGetValue((first, second), out var composed) ? composed : null;
    }

    private static int ClassOf(int point) => Classes.GetValueOrDefault(point);

    private static string Write(List<int> points)
    {
        var text = new StringBuilder(points.Count);
        foreach (var point in points)
            text.Append(new Rune(point).ToString());
        return text.ToString();
    }

    private static void ReadData()
    {
        using var stream = typeof(CanonicalComposition).Assembly.GetManifestResourceStream("CanonicalComposition.txt")!;
        using var reader = new StreamReader(stream, Encoding.UTF8);
        while (reader.ReadLine() is { } line)
        {
            if (line.StartsWith('#'))
                continue;
            var fields = line.Split(' ');
            if (fields[0] == "^")
            {
                for (var point = Hexadecimal(fields[2]); point <= Hexadecimal(fields[3]); point++)
                    Classes[point] = int.Parse(fields[1], CultureInfo.InvariantCulture);
                continue;
            }
            var character = Hexadecimal(fields[1]);
            Decompositions[character] = fields[2..].Select(Hexadecimal).ToArray();
            if (fields[0] == "=")
                Compositions[(Hexadecimal(fields[2]), Hexadecimal(fields[3]))] = character;
            else
                Suspects.Add(character);
        }
        Suspects.UnionWith(Classes.Keys);
        Suspects.UnionWith(Compositions.Keys.Select(pair => pair.Second));
        Suspects.UnionWith(Enumerable.Range(Vowels, VowelCount).Concat(Enumerable.Range(Trails + 1, TrailCount - 1)));
    }

    private static int Hexadecimal(string field) => int.Parse(field, NumberStyles.HexNumber, CultureInfo.InvariantCulture);
}
