using System.Globalization;
using System.Numerics;

namespace FlowRL.Tokenization.Templates.Jinja.Values;

/// <summary>Python's <c>%</c> between a text and what goes into it.</summary>
internal sealed class PercentFormat
{
    private readonly TracedText _format;
    private readonly Value _given;
    private readonly Budget _budget;
    private readonly TracedBuilder _to;
    private readonly IReadOnlyList<Value> _values;
    private int _at;
    private int _used;

    private PercentFormat(TracedText format, Value given, Budget budget)
    {
        (_format, _given, _budget, _to) = (format, given, budget, new TracedBuilder(budget));
        _values = given is TupleValue tuple ? tuple.Items : [given];
    }

    public static Value Apply(StringValue format, Value given, Budget budget)
    {
        var writer = new PercentFormat(format.Text, given, budget);
        writer.Write();
        return new StringValue(writer._to.ToText(), format.IsSafe);
    }

    /// <summary>A float with so many decimals, as Python rounds: by its exact value, halves to even.</summary>
    public static string Fixed(double number, int decimals) => number.ToString($"F{decimals}", CultureInfo.InvariantCulture);

    public static double Round(double number, int decimals) => !double.IsFinite(number) || decimals > 322 ? number
        : decimals >= 0 ? double.Parse(Fixed(number, decimals), CultureInfo.InvariantCulture)
        : Math.Round(number / Math.Pow(10, -decimals), MidpointRounding.ToEven) * Math.Pow(10, -decimals);

    private void Write()
    {
        var plain = _format.Plain;
        while (_at < plain.Length)
        {
            var percent = plain.IndexOf('%', _at);
            _to.Append(_format, _at, percent < 0 ? plain.Length : percent);
            if (percent < 0) break;
            _at = percent + 1;
            WriteField();
        }
        if (_used < _values.Count && _given is not DictionaryValue && (_given is TupleValue || _used == 0))
            throw JinjaException.Type("not all arguments converted during string formatting");
    }

    private void WriteField()
    {
        Value? named = null;
        if (Peek() == '(')
        {
            var close = _format.Plain.IndexOf(')', _at);
            if (close < 0) throw JinjaException.Value("incomplete format key");
            var key = _format.Plain[(_at + 1)..close];
            if (_given is not DictionaryValue dictionary) throw JinjaException.Type("format requires a mapping");
            named = dictionary.Find(key) ?? throw JinjaException.Value($"'{key}'");
            _at = close + 1;
        }
        var start = _at;
        while ("-+ 0#".Contains(Peek(), StringComparison.Ordinal)) _at++;
        var flags = _format.Plain[start.._at];
        var width = Number() ?? 0;
        int? precision = null;
        if (Peek() == '.')
        {
            _at++;
            precision = Number() ?? 0;
        }
        while (Peek() is 'l' or 'h' or 'L') _at++;
        var kind = Peek();
        if (kind == '\0') throw JinjaException.Value("incomplete format");
        _at++;
        if (kind == '%')
        {
            _to.Append("%");
            return;
        }
        Pad(Converted(kind, flags, precision, () => named ?? Next()), width, flags, kind);
    }

    private TracedText Converted(char kind, string flags, int? precision, Func<Value> next)
    {
        if (kind is 's' or 'r' or 'a')
        {
            var text = kind == 's' ? Representation.Of(next(), _budget) : Representation.Repr(next(), _budget);
            return precision is { } most && most < text.Length ? text.Slice(0, text.PlaceOf(most)) : text;
        }
        if (kind == 'c')
        {
            var value = next();
            return value is StringValue { Text.Length: 1 } one ? one.Text : Numbers.IntegerOf(value) is { } code && code >= 0 && code <= 0x10FFFF
                && System.Text.Rune.IsValid((int)code) ? TracedText.Of(char.ConvertFromUtf32((int)code)) : throw JinjaException.Type("%c requires int or char");
        }
        if (!"diuoxXeEfFgG".Contains(kind, StringComparison.Ordinal)) throw JinjaException.Value($"unsupported format character '{kind}'");
        var number = next() switch
        {
            NumberValue found => found,
            UndefinedValue undefined => throw undefined.Used(),
            var other => throw JinjaException.Type($"%{kind} format: a real number is required, not {other.TypeName}"),
        };
        var plain = NumberFormat.Write(number, kind, precision, flags.Contains('#', StringComparison.Ordinal), _budget);
        var sign = plain.StartsWith('-') ? "" : flags.Contains('+', StringComparison.Ordinal) ? "+" : flags.Contains(' ', StringComparison.Ordinal) ? " " : "";
        return TracedText.Of(sign + plain, number.Origin);
    }

    private void Pad(TracedText text, int width, string flags, char kind)
    {
        var missing = _budget.Size(Math.Max(0, width - text.Length));
        if (flags.Contains('-', StringComparison.Ordinal))
        {
            _to.Append(text).Append(new string(' ', missing));
            return;
        }
        var isZeros = flags.Contains('0', StringComparison.Ordinal) && kind is not ('s' or 'r' or 'a' or 'c');
        var sign = isZeros && text.Plain is ['-' or '+' or ' ', ..] ? 1 : 0;
        _to.Append(text, 0, sign).Append(new string(isZeros ? '0' : ' ', missing)).Append(text, sign, text.Plain.Length);
    }

    private char Peek() => _at < _format.Plain.Length ? _format.Plain[_at] : '\0';

    private int? Number()
    {
        if (Peek() == '*')
        {
            _at++;
            return Numbers.IntegerOf(Next()) is { } given && BigInteger.Abs(given) <= int.MaxValue ? (int)given : throw JinjaException.Type("* wants int");
        }
        var start = _at;
        while (char.IsAsciiDigit(Peek())) _at++;
        if (start == _at) return null;
        return int.TryParse(_format.Plain.AsSpan(start, _at - start), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? _budget.Size(number) : throw JinjaException.Value("width too big");
    }

    private Value Next() => _used < _values.Count ? _values[_used++] : throw JinjaException.Type("not enough arguments for format string");
}
