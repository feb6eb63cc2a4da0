using System.Collections.Frozen;

namespace FlowRL.Verifiers.Mathematics.Reading;

/// <summary>Which letters are a product of names, which are words, and what words do to a number.</summary>
internal static class Vocabulary
{
    private const int LongestProduct = 3;

    /// <summary>Words of two or three letters: in an expression they are no product of names.</summary>
    private static readonly FrozenSet<string> ShortWords = Split("""
        or if no is to of in on by so we he be do go my up us yes and not the for all any are was has had his her him she you its who why how our out off
        new old odd few two six ten one men man pen cat dog god car box bag cup egg hat bus day toy key nut jar pie cow pig hen ant bee boy fan fly map pan
        pot cap can tin net bat rat ram mat sum set nor yet but did let see saw way may say eat tea tie due top red big bed bus sum win won now own top sea
        mon tue wed thu fri sat sun jan feb mar apr jun jul aug sep oct nov dec dne nil per via non lot lit leg gel arm ear eye ice ink inn joy job law low
        max min mid mix mud mug gum nap oil owl pay pet pit tip put ran raw war row run sad sit six sky son tan tap ten top try use van wet
        """);

    /// <summary>More words, which in an expression are rather products: at² and as.</summary>
    private static readonly FrozenSet<string> WordsAlone = Split("""
        at as an am it me hi ma pa oh ah ha ok tv bye dna gas ape pea act lap pal gap pat apt par tar art
        """);

    /// <summary>After a number they say that it is another one, or none.</summary>
    private static readonly FrozenSet<string> NoUnits = Split("""
        or nor not no none than if unless when where whenever except but without plus minus over divided multiplied squared cubed factorial mod modulo
        remainder least most point root negative power times wrong false incorrect is isn are aren was be half point above below under between
        zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen twenty thirty
        forty fifty sixty seventy eighty ninety 以上 以下 不 非 或 且 多 倍多
        """);

    /// <summary>They multiply the number before them.</summary>
    private static readonly FrozenDictionary<string, (long Top, long Bottom)> Multipliers = new Dictionary<string, (long, long)>
    {
        ["hundred"] = (100, 1),
        ["hundreds"] = (100, 1),
        ["thousand"] = (1000, 1),
        ["thousands"] = (1000, 1),
        ["million"] = (1_000_000, 1),
        ["millions"] = (1_000_000, 1),
        ["billion"] = (1_000_000_000, 1),
        ["billions"] = (1_000_000_000, 1),
        ["trillion"] = (1_000_000_000_000, 1),
        ["quadrillion"] = (1_000_000_000_000_000, 1),
        ["dozen"] = (12, 1),
        ["dozens"] = (12, 1),
        ["score"] = (20, 1),
        ["gross"] = (144, 1),
        ["lakh"] = (100_000, 1),
        ["lakhs"] = (100_000, 1),
        ["crore"] = (10_000_000, 1),
        ["crores"] = (10_000_000, 1),
        ["halves"] = (1, 2),
        ["third"] = (1, 3),
        ["thirds"] = (1, 3),
        ["fourths"] = (1, 4),
        ["fifths"] = (1, 5),
        ["sixths"] = (1, 6),
        ["sevenths"] = (1, 7),
        ["eighths"] = (1, 8),
        ["ninths"] = (1, 9),
        ["tenths"] = (1, 10),
        ["hundredth"] = (1, 100),
        ["hundredths"] = (1, 100),
        ["thousandths"] = (1, 1000),
        ["millionths"] = (1, 1_000_000),
        ["百"] = (100, 1),
        ["千"] = (1000, 1),
        ["万"] = (10_000, 1),
        ["百万"] = (1_000_000, 1),
        ["千万"] = (10_000_000, 1),
        ["亿"] = (100_000_000, 1),
        ["十"] = (10, 1),
    }.ToFrozenDictionary();

    /// <summary>They stand before a number and leave it as it is.</summary>
    private static readonly FrozenSet<string> Leading = Split("""
        about approximately approx around roughly nearly exactly either both only just simply equals is are the a an 约 大约 约为 约等于 等于 为
        """);

    /// <summary>They begin the conditions of what precedes.</summary>
    private static readonly FrozenSet<string> Conditional = Split("where for with if when given provided while 其中 当 且 若");

    public static bool MultipliesBy(string word, out (long Top, long Bottom) factor) => Multipliers.TryGetValue(word, out factor);

    public static bool IsNoUnit(string word) => NoUnits.Contains(word);

    public static bool IsLeading(string text) => text.Split(' ', StringSplitOptions.RemoveEmptyEntries) is { Length: > 0 } words
        && words.All(word => Leading.Contains(word.Trim(',', ':')) || word is "to" or "equal") && words[0] is not "to";

    public static bool IsConditional(string text) => Conditional.Contains(text.Trim(',', ' ', ':'))
        || text.Trim(',', ' ') is "such that" or "for all" or "for any" or "for every" or "for some" or "for each" or "where all";

    /// <summary>Letters beside other mathematics that are a product of names: 2xy and GMmr, but not 5 cm, nor 3 men.</summary>
    /// <param name="letters">A run of letters.</param>
    /// <param name="canBeUnit">Whether they stand where a unit can; in πhr² they do not.</param>
    public static bool IsFactor(string letters, bool canBeUnit = true) => letters.Length <= LongestProduct
        ? (!canBeUnit || !Units.IsShort(letters)) && !ShortWords.Contains(letters.ToLowerInvariant()) : AreNeighbours(letters) || AreOfBothCases(letters);

    private static bool AreOfBothCases(string letters) => letters.Length <= 5 && letters.AsSpan(1).ContainsAnyInRange('A', 'Z')
        && letters.AsSpan().ContainsAnyInRange('a', 'z');

    /// <summary>
    /// Letters that are a whole answer and a product of names: xy and abc are, and equal yx and bca. A name is not repeated in a product (HTH is a
    /// sequence), capitals are points, choices or outcomes (CAB), and what is an English word is meant as one (no, saw).
    /// </summary>
    public static bool IsProduct(string letters) => letters.All(char.IsAsciiLetterLower) && letters.Distinct().Count() == letters.Length
        && (letters.Length <= LongestProduct
            ? !ShortWords.Contains(letters) && !WordsAlone.Contains(letters) && !Units.IsShort(letters) && !letters.Contains('o', StringComparison.Ordinal)
            : AreNeighbours(letters));

    /// <summary>More letters are names where they follow one another in the alphabet: abcd, xyzw.</summary>
    private static bool AreNeighbours(string letters) =>
        letters.Length <= 6 && letters.Distinct().Count() == letters.Length && letters.Max() - letters.Min() <= letters.Length;

    private static FrozenSet<string> Split(string words) => words.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).ToFrozenSet();
}
