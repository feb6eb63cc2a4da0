using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Globalization;
using FlowRL.Configuration;

namespace FlowRL.Verifiers.Code;

/// <summary>The <c>output:</c> of a recipe. Derive a record and name it with <see cref="VariantAttribute"/> to add a judge of your own.</summary>
public abstract record OutputRuleOptions
{
    /// <summary>The judge; it must be thread-safe.</summary>
    public abstract IOutputJudge Create();
}

/// <summary>Says whether what a program printed is right. Called from several threads at once; the output may be anything.</summary>
public interface IOutputJudge
{
    /// <param name="input">What the program read.</param>
    /// <param name="expected">One right output.</param>
    /// <param name="output">What it printed.</param>
    bool Accepts(string input, string expected, string output);
}

/// <summary>The expected output, character by character; only line ends of the whole may differ.</summary>
[Variant("exact")]
public sealed record ExactOutputOptions : OutputRuleOptions, IOutputJudge
{
    public override IOutputJudge Create() => this;

    public bool Accepts(string input, string expected, string output) => output.TrimEnd('\r', '\n') == expected.TrimEnd('\r', '\n');
}

/// <summary>
/// The expected words in order, however they are spaced. A number with a decimal point may be off by the tolerance; a whole one may be written with a
/// point and zeros, or an exponent, and must be that number.
/// </summary>
[Variant("tokens")]
public sealed record TokenOutputOptions : OutputRuleOptions, IOutputJudge
{
    [Description("How far a decimal number may be off, absolutely or relative to it.")]
    [Range(0.0, 1.0)]
    public double Tolerance { get; init; } = 1e-6;

    public override IOutputJudge Create() => this;

    public bool Accepts(string input, string expected, string output)
    {
        var wanted = new Words(expected);
        var given = new Words(output);
        while (wanted.Next(out var word))
        {
            if (!given.Next(out var other) || !Same(word, other)) return false;
        }
        return !given.Next(out _);
    }

    private bool Same(ReadOnlySpan<char> wanted, ReadOnlySpan<char> given)
    {
        if (wanted.SequenceEqual(given)) return true;
        if (NotFinite(wanted) is { } named) return named == NotFinite(given);
        if (!Number(wanted, out var right) || !Number(given, out var number)) return false;
        return wanted.IndexOfAny('.', 'e', 'E') >= 0 ? Math.Abs(number - right) <= Tolerance * Math.Max(1, Math.Abs(right))
            : Significant(wanted) == Significant(given);
    }

    // "01" is no way to write 1: it may be a word of zeros and ones.
    private static bool Number(ReadOnlySpan<char> word, out double number)
    {
        var digits = word.TrimStart("+-");
        number = 0;
        return (digits.Length < 2 || digits[0] != '0' || !char.IsAsciiDigit(digits[1])) &&
            double.TryParse(word, NumberStyles.Float, CultureInfo.InvariantCulture, out number) && double.IsFinite(number);
    }

    private static string? NotFinite(ReadOnlySpan<char> word) => word.ToString().ToUpperInvariant() switch
    {
        "NAN" or "-NAN" or "+NAN" => "nan",
        "INF" or "+INF" or "INFINITY" or "+INFINITY" => "inf",
        "-INF" or "-INFINITY" => "-inf",
        _ => null,
    };

    /// <summary>A number's sign, its digits but for zeros around them, and the weight of the first: the same for all ways to write it, however long.</summary>
    private static (bool IsNegative, string Digits, int Weight) Significant(ReadOnlySpan<char> word)
    {
        var text = word.TrimStart("+-").ToString();
        var exponentAt = text.AsSpan().IndexOfAny('e', 'E');
        var mantissa = exponentAt < 0 ? text : text[..exponentAt];
        var exponent = 0;
        // One that is out of bounds belongs to nothing, or to what is next to nothing.
        if (exponentAt >= 0 && !int.TryParse(text.AsSpan(exponentAt + 1), CultureInfo.InvariantCulture, out exponent)) exponent = int.MinValue / 2;
        var point = mantissa.IndexOf('.', StringComparison.Ordinal);
        var digits = mantissa.Replace(".", "", StringComparison.Ordinal).TrimStart('0');
        var weight = (point < 0 ? mantissa.Length : point) + exponent - (mantissa.Length - (point < 0 ? 0 : 1) - digits.Length);
        digits = digits.TrimEnd('0');
        return digits == "" ? (false, "", 0) : (word[0] == '-', digits, weight);
    }

    private ref struct Words(ReadOnlySpan<char> text)
    {
        private ReadOnlySpan<char> _rest = text;

        public bool Next(out ReadOnlySpan<char> word)
        {
            _rest = _rest.TrimStart();
            var end = 0;
            while (end < _rest.Length && !char.IsWhiteSpace(_rest[end])) end++;
            word = _rest[..end];
            _rest = _rest[end..];
            return end > 0;
        }
    }
}
