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

/// <summary>The expected words in order, however they are spaced; a number with a decimal point may be off by the tolerance.</summary>
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
        return wanted.IndexOfAny('.', 'e', 'E') >= 0 && Number(wanted, out var right) && Number(given, out var number) &&
            Math.Abs(number - right) <= Tolerance * Math.Max(1, Math.Abs(right));
    }

    private static bool Number(ReadOnlySpan<char> word, out double number) =>
        double.TryParse(word, NumberStyles.Float, CultureInfo.InvariantCulture, out number) && double.IsFinite(number);

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
