using System.Globalization;
using System.Text;
using FlowRL.Tokenization.Templates.Jinja.Values;

namespace FlowRL.Tokenization.Templates.Jinja.Library;

/// <summary>Methods that ask something of a text: where it has another, and of what characters it is.</summary>
internal static class StringQuestions
{
    public static FunctionTable Table { get; } = new()
    {
        { "startswith", "prefix start? end?", call => Value.Of(HasEnd(call, (text, end) => text.StartsWith(end, StringComparison.Ordinal))) },
        { "endswith", "suffix start? end?", call => Value.Of(HasEnd(call, (text, end) => text.EndsWith(end, StringComparison.Ordinal))) },
        { "find", "sub start? end?", call => Value.Of(Find(call, fromRight: false)) },
        { "rfind", "sub start? end?", call => Value.Of(Find(call, fromRight: true)) },
        { "index", "sub start? end?", call => Found(Find(call, fromRight: false)) },
        { "rindex", "sub start? end?", call => Found(Find(call, fromRight: true)) },
        { "count", "sub start? end?", Count },
        { "isalpha", "", call => All(call, Rune.IsLetter) },
        { "isdigit", "", call => All(call, rune => IsDecimal(rune) || IsDigitSign(rune)) },
        { "isdecimal", "", call => All(call, IsDecimal) },
        { "isnumeric", "", call => All(call, Rune.IsNumber) },
        { "isalnum", "", call => All(call, rune => Rune.IsLetter(rune) || Rune.IsNumber(rune)) },
        { "isspace", "", call => All(call, rune => rune.IsBmp && Characters.IsSpace((char)rune.Value)) },
        { "isupper", "", call => Value.Of(TestFunctions.HasCase(call, upper: true)) },
        { "islower", "", call => Value.Of(TestFunctions.HasCase(call, upper: false)) },
    };

    private static bool HasEnd(Invocation call, Func<string, string, bool> has)
    {
        var (start, end) = Bounds(call);
        if (start > end) return false;
        var text = call.Text.Plain[start..end];
        call.Budget.Read(text.Length);
        return call[0] switch
        {
            StringValue one => has(text, one.Plain),
            TupleValue several => several.Items.Any(item => item is StringValue one ? has(text, one.Plain)
                : throw JinjaException.Type($"tuple for startswith must only contain str, not {item.TypeName}")),
            _ => throw JinjaException.Type($"startswith first arg must be str or a tuple of str, not {call[0]!.TypeName}"),
        };
    }

    /// <summary>The place of the first or last occurrence in code points; -1 where there is none.</summary>
    private static int Find(Invocation call, bool fromRight)
    {
        var (start, end) = Bounds(call);
        if (start > end) return -1;
        var (text, sought) = (call.Text, call.String(0).Plain);
        call.Budget.Search(end - start, sought.Length);
        var part = text.Plain.AsSpan(start, end - start);
        var at = fromRight ? part.LastIndexOf(sought, StringComparison.Ordinal) : part.IndexOf(sought, StringComparison.Ordinal);
        return at < 0 ? -1 : text.CodePointAt(start + at);
    }

    private static Value Found(int at) => at >= 0 ? Value.Of(at) : throw JinjaException.Value("substring not found");

    private static Value Count(Invocation call)
    {
        var (start, end) = Bounds(call);
        var sought = call.String(0).Plain;
        if (start > end) return Value.Of(0);
        var part = call.Text.Slice(start, end);
        return Value.Of(sought.Length == 0 ? part.Length + 1 : TextOperations.Places(part.Plain, sought, call.Budget).Count());
    }

    /// <summary>The part of a text that two optional arguments bound, in UTF-16 units.</summary>
    private static (int Start, int End) Bounds(Invocation call)
    {
        var (text, length) = (call.Text, call.Text.Length);
        call.Budget.Read(length);
        var (start, end) = (From(call.Integer(1, 0)), From(call.Integer(2, length)));
        return (start > length ? int.MaxValue : text.PlaceOf(start), text.PlaceOf(Math.Min(end, length)));
        int From(int at) => at < 0 ? Math.Max(0, at + length) : at;
    }

    private static Value All(Invocation call, Func<Rune, bool> isSuch)
    {
        var plain = call.Text.Plain;
        call.Budget.Read(plain.Length);
        return Value.Of(plain.Length > 0 && plain.EnumerateRunes().All(isSuch));
    }

    private static bool IsDecimal(Rune rune) => Rune.GetUnicodeCategory(rune) == UnicodeCategory.DecimalDigitNumber;

    /// <summary>Digits that are no decimal ones: raised, lowered, in circles.</summary>
    private static bool IsDigitSign(Rune rune) => rune.IsBmp && CharUnicodeInfo.GetDigitValue((char)rune.Value) >= 0;
}
