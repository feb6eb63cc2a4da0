using System.Globalization;
using FlowRL.Tokenization.Templates.Jinja.Values;

namespace FlowRL.Tokenization.Templates.Jinja.Library;

/// <summary>Python's <c>format</c> of a text with fields in braces: by place or name, with items and attributes, and a width, sign and kind.</summary>
internal sealed class BraceFormat
{
    private readonly Invocation _call;
    private readonly Func<string, Value> _find;
    private readonly TracedBuilder _to;

    private BraceFormat(Invocation call, Func<string, Value> find) => (_call, _find, _to) = (call, find, new TracedBuilder(call.Budget));

    public static Value Apply(Invocation call)
    {
        var next = 0;
        return Write(call, name => name.Length == 0 ? At(next++)
            : int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var place) ? At(place)
            : call.All.Find(name) ?? throw JinjaException.Value($"'{name}'"));
        Value At(int place) => place < call.All.Positional.Count ? call.All.Positional[place]
            : throw JinjaException.Value($"Replacement index {place} out of range for positional args tuple");
    }

    public static Value ApplyMap(Invocation call) => Write(call, name =>
        (call[0] as DictionaryValue)?.Find(name) ?? throw JinjaException.Value($"'{name}'"));

    private static Value Write(Invocation call, Func<string, Value> find)
    {
        var format = new BraceFormat(call, find);
        format.Write(call.Text);
        return call.Like(format._to.ToText());
    }

    private void Write(TracedText text)
    {
        var plain = text.Plain;
        for (var at = 0; at < plain.Length;)
        {
            var brace = plain.AsSpan(at).IndexOfAny('{', '}');
            _to.Append(text, at, brace < 0 ? plain.Length : at + brace);
            if (brace < 0) break;
            at += brace;
            if (at + 1 < plain.Length && plain[at + 1] == plain[at])
            {
                _to.Append(text, at, at + 1);
                at += 2;
                continue;
            }
            var close = plain[at] == '{' ? plain.IndexOf('}', at) : -1;
            if (close < 0) throw JinjaException.Value($"Single '{plain[at]}' encountered in format string");
            WriteField(plain[(at + 1)..close]);
            at = close + 1;
        }
    }

    private void WriteField(string field)
    {
        var colon = field.IndexOf(':', StringComparison.Ordinal);
        var (place, layout) = colon < 0 ? (field, "") : (field[..colon], field[(colon + 1)..]);
        var conversion = place.IndexOf('!', StringComparison.Ordinal);
        var (path, kind) = conversion < 0 ? (place, "") : (place[..conversion], place[(conversion + 1)..]);
        var head = path.IndexOfAny(['.', '[']);
        var value = _find(head < 0 ? path : path[..head]);
        for (var rest = head < 0 ? "" : path[head..]; rest.Length > 0;)
        {
            _call.Budget.Read(rest.Length);
            var end = rest.IndexOfAny(['.', '['], 1) is var next and > 0 ? next : rest.Length;
            var name = rest[1..end].TrimEnd(']');
            value = rest[0] == '.' ? Access.Attribute(value, name, _call.Interpreter, triesItems: false)
                : Access.Item(value, int.TryParse(name, out var index) ? Value.Of(index) : Value.Of(name), _call.Interpreter);
            rest = rest[end..];
        }
        if (kind is "r" or "a") value = Value.Of(Representation.Repr(value, _call.Budget));
        Layout(value, layout);
    }

    /// <summary>[[fill]align][sign][0][width][,][.precision][kind].</summary>
    private void Layout(Value value, string layout)
    {
        var (fill, align, at) = (' ', '\0', 0);
        if (layout.Length > 1 && layout[1] is '<' or '>' or '^' or '=') (fill, align, at) = (layout[0], layout[1], 2);
        else if (layout is ['<' or '>' or '^' or '=', ..]) (align, at) = (layout[0], 1);
        var sign = at < layout.Length && layout[at] is '+' or '-' or ' ' ? layout[at++] : '-';
        if (at < layout.Length && layout[at] == '0') (fill, align, at) = align == '\0' ? ('0', '=', at + 1) : (fill, align, at + 1);
        var width = Number(layout, ref at) ?? 0;
        if (at < layout.Length && layout[at] == ',') throw JinjaException.Value("a format with thousands separators is not supported");
        int? precision = null;
        if (at < layout.Length && layout[at] == '.')
        {
            at++;
            precision = Number(layout, ref at) ?? throw JinjaException.Value("Format specifier missing precision");
        }
        var kind = at < layout.Length ? layout[at++] : '\0';
        if (at < layout.Length) throw JinjaException.Value("Invalid format specifier");
        var text = Converted(value, kind, precision);
        if (value is NumberValue && sign != '-' && !text.Plain.StartsWith('-')) text = TracedText.Of(sign + text.Plain, text.AnyOrigin);
        Pad(text, width, fill, align == '\0' ? value is NumberValue ? '>' : '<' : align);
    }

    private TracedText Converted(Value value, char kind, int? precision)
    {
        if (value is NumberValue number && kind is not ('\0' or 's' or 'n'))
            return TracedText.Of(NumberFormat.Write(number, kind, precision, hasPrefix: false, _call.Budget), number.Origin);
        if (kind is not ('\0' or 's')) throw JinjaException.Value($"Unknown format code '{kind}' for object of type '{value.TypeName}'");
        var text = Representation.Of(value, _call.Budget);
        return precision is { } most && most < text.Length ? text.Slice(0, text.PlaceOf(most)) : text;
    }

    private void Pad(TracedText text, int width, char fill, char align)
    {
        var missing = _call.Budget.Size(Math.Max(0, width - text.Length));
        var sign = align == '=' && text.Plain is ['-' or '+' or ' ', ..] ? 1 : 0;
        var left = align switch { '<' => 0, '^' => missing / 2, _ => missing };
        _to.Append(text, 0, sign).Append(new string(fill, left)).Append(text, sign, text.Plain.Length).Append(new string(fill, missing - left));
    }

    private int? Number(string layout, ref int at)
    {
        var start = at;
        while (at < layout.Length && char.IsAsciiDigit(layout[at])) at++;
        if (start == at) return null;
        return int.TryParse(layout.AsSpan(start, at - start), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? _call.Budget.Size(number) : throw JinjaException.Value("Too many decimal digits in format string");
    }
}
