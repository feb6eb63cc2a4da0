using System.Globalization;
using System.Text.RegularExpressions;

namespace FlowRL.Verifiers.Mathematics;

/// <summary>Times of day: 4:30 pm, 16:30, noon.</summary>
/// <param name="Seconds">Since midnight; with hours of up to 12 where it is not said which half of the day is meant.</param>
/// <param name="IsKnown">Whether the half of the day is known.</param>
/// <param name="IsMarked">Whether a half of the day was written.</param>
internal readonly partial record struct ClockTime(int Seconds, bool IsKnown, bool IsMarked)
{
    private const int Longest = 40;
    private const int HalfDay = 12 * 3600;

    /// <summary>The time; null for what is none.</summary>
    /// <param name="text">An answer in plain typography.</param>
    public static ClockTime? Of(string text)
    {
        if (text.Length > Longest) return null;
        var bare = Wrapper().Replace(text, "").Trim().ToLowerInvariant();
        if (bare is "noon" or "12 noon" or "12:00 noon") return new(HalfDay, true, true);
        if (bare is "midnight" or "12 midnight" or "12:00 midnight") return new(0, true, true);
        if (Time().Match(bare) is not { Success: true } match || (!match.Groups[2].Success && !match.Groups[4].Success)) return null;
        int Part(int group) => match.Groups[group].Success ? int.Parse(match.Groups[group].ValueSpan, CultureInfo.InvariantCulture) : 0;
        var (hours, half) = (Part(1), match.Groups[4].Value);
        if (hours > 24 || (half != "" && hours is 0 or > 12)) return null;
        if (half != "") hours = hours % 12 + (half == "pm" ? 12 : 0);
        return new(hours * 3600 + Part(2) * 60 + Part(3), half != "" || hours is 0 or > 12, half != "");
    }

    /// <summary>Whether two times may be the same; one that does not say which half of the day it means can be either.</summary>
    public bool MayBe(ClockTime other) => IsKnown && other.IsKnown ? Seconds == other.Seconds : Seconds % HalfDay == other.Seconds % HalfDay;

    [GeneratedRegex(@"\\(text|mathrm|textbf|mbox)|[{}$~]|\\[ ,;:!]", RegexOptions.NonBacktracking)]
    private static partial Regex Wrapper();

    [GeneratedRegex(@"^([0-9]{1,2})(?::([0-5][0-9]))?(?::([0-5][0-9]))? *(am|pm)?$", RegexOptions.NonBacktracking)]
    private static partial Regex Time();
}
