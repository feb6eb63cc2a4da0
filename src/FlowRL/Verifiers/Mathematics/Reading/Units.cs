using System.Collections.Frozen;
using FlowRL.Verifiers.Mathematics.Values;

namespace FlowRL.Verifiers.Mathematics.Reading;

/// <summary>Units under one name each, and how many of one make another where that is exact.</summary>
internal static class Units
{
    private static readonly FrozenDictionary<string, string> Synonyms = Spelt("""
        mm millimeter millimetre 毫米
        cm centimeter centimetre centimeters 厘米 см
        dm decimeter decimetre 分米
        m meter metre 米 м
        km kilometer kilometre 千米 公里 км
        inch in inche
        foot ft feet
        yard yd
        mile mi
        g gram gramme gm 克
        kg kilogram kilo kilogramme 千克 公斤 кг
        mg milligram 毫克
        t tonne 吨
        pound lb lbs
        ounce oz
        second s sec 秒
        minute min 分钟 分
        hour h hr 小时
        day 天
        week wk 周
        month 月
        year yr 年
        ml milliliter millilitre 毫升
        l liter litre 升
        gallon gal
        quart qt
        pint pt
        degree 度
        radian rad
        dollar usd buck
        euro eur
        yuan 元 rmb
        cent
        mph mile/hour
        km/h kph kmh kmph km/hour
        m/s m/second
        mpg mile/gallon
        person people 人
        child children
        man men
        woman women
        tooth teeth
        mouse mice
        die dice
        foot2 ft2 sqft
        cm3 cc
        time
        am
        pm
        """);

    /// <summary>A unit with its kind and size in the smallest of its kind that is whole.</summary>
    private static readonly FrozenDictionary<string, (string Kind, long Size)> Sizes = new Dictionary<string, (string, long)>
    {
        ["mm"] = ("length", 1),
        ["cm"] = ("length", 10),
        ["dm"] = ("length", 100),
        ["m"] = ("length", 1000),
        ["km"] = ("length", 1_000_000),
        ["inch"] = ("imperial length", 1),
        ["foot"] = ("imperial length", 12),
        ["yard"] = ("imperial length", 36),
        ["mile"] = ("imperial length", 63_360),
        ["mm2"] = ("area", 1),
        ["cm2"] = ("area", 100),
        ["dm2"] = ("area", 10_000),
        ["m2"] = ("area", 1_000_000),
        ["km2"] = ("area", 1_000_000_000_000),
        ["cm3"] = ("volume", 1),
        ["ml"] = ("volume", 1),
        ["dm3"] = ("volume", 1000),
        ["l"] = ("volume", 1000),
        ["m3"] = ("volume", 1_000_000),
        ["mg"] = ("mass", 1),
        ["g"] = ("mass", 1000),
        ["kg"] = ("mass", 1_000_000),
        ["t"] = ("mass", 1_000_000_000),
        ["second"] = ("time", 1),
        ["minute"] = ("time", 60),
        ["hour"] = ("time", 3600),
        ["day"] = ("time", 86_400),
        ["week"] = ("time", 604_800),
        ["cent"] = ("money", 1),
        ["dollar"] = ("money", 100),
    }.ToFrozenDictionary();

    /// <summary>Units of a few letters, which after a number are no product of names.</summary>
    private static readonly FrozenSet<string> Short = new[]
    {
        "cm", "mm", "km", "dm", "nm", "ft", "in", "yd", "mi", "mph", "kph", "kg", "mg", "lb", "lbs", "oz", "hr", "hrs", "min", "mins", "sec", "secs", "ms",
        "ml", "mL", "gm", "gal", "qt", "pt", "mpg", "rpm", "bps", "cc", "sq", "cu", "rad", "day", "sqm", "pm", "am", "men", "per", "th", "st", "nd", "rd", "Hz",
        "PM", "AM", "USD", "EUR", "RMB", "kmh", "CM", "KM", "KG", "kW", "kPa", "MPa", "km²",
    }.ToFrozenSet();

    /// <summary>Words that say nothing of the unit.</summary>
    private static readonly FrozenSet<string> Fillers = new[]
    {
        "unit", "total", "altogether", "left", "remaining", "more", "each", "th", "st", "nd", "rd", "respectively", "a", "an", "the", "only", "approximately",
        "个", "只", "名", "exactly", "away", "long", "tall", "high", "wide", "deep", "old", "extra",
    }.ToFrozenSet();

    public static bool IsShort(string letters) => Short.Contains(letters);

    /// <summary>The unit's name from its words, powers and slashes in order; empty where they say nothing.</summary>
    public static string Canonical(IReadOnlyList<string> pieces)
    {
        var unit = new List<string>();
        var power = "";
        foreach (var (i, piece) in pieces.Index())
        {
            var word = piece.ToLowerInvariant();
            if (word == "in" && i < pieces.Count - 1) continue; // in total; alone it is an inch
            if (word == "of") break; // cups of feed are cups
            if (word is "square" or "sq" or "平方") power = "2";
            else if (word is "cubic" or "cu" or "立方") power = "3";
            else if (word.StartsWith("平方", StringComparison.Ordinal) || word.StartsWith("立方", StringComparison.Ordinal))
                unit.Add(Named(word[2..]) + (word[0] == '平' ? "2" : "3"));
            else if (word is "squared" or "cubed" && unit.Count > 0) unit[^1] += word == "squared" ? "2" : "3";
            else if (word is "per" or "/" or "每") unit.Add("/");
            else if (char.IsAsciiDigit(word[0]) || word[0] == '-')
            {
                if (unit.Count > 0) unit[^1] += word;
            }
            else if (!Fillers.Contains(Singular(word)) || (unit.Count > 0 && unit[^1] == "/"))
            {
                unit.Add(Named(word) + power);
                power = "";
            }
        }
        var name = string.Concat(unit);
        return Synonyms.GetValueOrDefault(name, name);
    }

    /// <summary>How many <paramref name="to"/> are one <paramref name="from"/>; null where that is not known.</summary>
    public static Expression? Ratio(string from, string to) =>
        Sizes.TryGetValue(from, out var one) && Sizes.TryGetValue(to, out var other) && one.Kind == other.Kind && Rational.Of(one.Size, other.Size) is { } ratio
            ? new Expression.Number(ratio) : null;

    private static string Named(string word) => Synonyms.GetValueOrDefault(word) ?? Synonyms.GetValueOrDefault(Singular(word)) ?? Singular(word);

    private static string Singular(string word) => word switch
    {
        _ when word.Length <= 2 || !word.EndsWith('s') || word.EndsWith("ss", StringComparison.Ordinal) => word,
        _ when word.EndsWith("ies", StringComparison.Ordinal) && word.Length > 4 => word[..^3] + "y",
        _ when word.EndsWith("xes", StringComparison.Ordinal) || word.EndsWith("ches", StringComparison.Ordinal)
            || word.EndsWith("shes", StringComparison.Ordinal) || word.EndsWith("sses", StringComparison.Ordinal) => word[..^2],
        _ => word[..^1],
    };

    private static FrozenDictionary<string, string> Spelt(string lines) => lines.Split('\n', StringSplitOptions.RemoveEmptyEntries)
        .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        .SelectMany(words => words.Select(word => KeyValuePair.Create(word.Trim(), words[0].Trim()))).ToFrozenDictionary();
}
