using System.Globalization;
using FlowRL.Tokenization.Templates.Jinja.Values;

namespace FlowRL.Tokenization.Templates.Jinja.Library;

/// <summary>Python's <c>strftime</c>, in English.</summary>
internal static class DateFormat
{
    public static TracedText Write(DateTime time, string format, Budget budget)
    {
        var builder = new TracedBuilder(budget);
        for (var at = 0; at < format.Length; at++)
        {
            if (format[at] != '%' || at + 1 == format.Length)
            {
                builder.Append(format[at].ToString());
                continue;
            }
            // A minus leaves zeros at the front out.
            var isBare = format[at + 1] == '-' && at + 2 < format.Length;
            at += isBare ? 2 : 1;
            var field = Field(time, format[at]) ?? $"%{(isBare ? "-" : "")}{format[at]}";
            builder.Append(isBare && field.TrimStart('0', ' ') is { Length: > 0 } bare ? bare : field);
        }
        return builder.ToText();
    }

    private static string? Field(DateTime time, char directive) => directive switch
    {
        'Y' => time.Year.ToString("0000", CultureInfo.InvariantCulture),
        'y' => With(time, "yy"),
        'm' => With(time, "MM"),
        'd' => With(time, "dd"),
        'e' => time.Day.ToString(CultureInfo.InvariantCulture).PadLeft(2),
        'H' => With(time, "HH"),
        'I' => With(time, "hh"),
        'M' => With(time, "mm"),
        'S' => With(time, "ss"),
        'f' => With(time, "ffffff"),
        'p' => With(time, "tt"),
        'a' => With(time, "ddd"),
        'A' => With(time, "dddd"),
        'b' or 'h' => With(time, "MMM"),
        'B' => With(time, "MMMM"),
        'j' => time.DayOfYear.ToString("000", CultureInfo.InvariantCulture),
        'u' => (((int)time.DayOfWeek + 6) % 7 + 1).ToString(CultureInfo.InvariantCulture),
        'w' => ((int)time.DayOfWeek).ToString(CultureInfo.InvariantCulture),
        'D' or 'x' => With(time, "MM/dd/yy"),
        'F' => With(time, "yyyy-MM-dd"),
        'T' or 'X' => With(time, "HH:mm:ss"),
        'R' => With(time, "HH:mm"),
        'c' => $"{With(time, "ddd MMM")} {Field(time, 'e')} {With(time, "HH:mm:ss yyyy")}",
        'z' or 'Z' => "",
        'n' => "\n",
        't' => "\t",
        '%' => "%",
        _ => null,
    };

    private static string With(DateTime time, string format) => time.ToString(format, CultureInfo.InvariantCulture);
}
