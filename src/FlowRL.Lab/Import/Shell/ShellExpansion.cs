using System.Globalization;

namespace FlowRL.Lab.Import.Shell;

/// <summary>
/// What <c>$NAME</c>, <c>${NAME:-otherwise}</c>, <c>$((1024 * 8))</c> and their like stand for. Nothing is run: what a program would print
/// stays as it was written and is open.
/// </summary>
internal sealed class ShellExpansion(ShellVariables variables, int condition, int depth)
{
    private const int MostDepth = 16;

    /// <summary>Of what follows a dollar, which has been passed. A list where an array is meant, and no items where nothing is.</summary>
    public ShellValue Read(ShellCursor cursor)
    {
        var next = cursor.Peek();
        if (cursor.IsAt("((")) return Sum(cursor);
        if (next == '(') return Program(cursor);
        if (next == '{') return Braced(cursor);
        if (char.IsAsciiLetter(next) || next == '_') return Variable(Name(cursor), "");
        if (next is '@' or '*')
        {
            cursor.Take();
            return ShellValue.Nothing; // the script's own arguments
        }
        if (char.IsAsciiDigit(next) || next is '#' or '?' or '!' or '$' or '-')
        {
            var name = cursor.Take();
            return new ShellValue($"${name}", $"${name} is known only when the script runs", true);
        }
        return new ShellValue("$");
    }

    /// <summary>What stands in backticks, the first of which has been passed.</summary>
    public static ShellValue Backticks(ShellCursor cursor) => Open($"`{cursor.TakeTo('`')}`");

    private static ShellValue Open(string written) => new(written, $"{Setting.OneLine(written, 40)} is printed by a program", true);

    private ShellValue Sum(ShellCursor cursor)
    {
        cursor.Take(2);
        var text = cursor.TakeBracketed('(', ')');
        if (cursor.Peek() == ')') cursor.Take();
        string? doubt = null;
        var sum = ShellArithmetic.Evaluate(text, name =>
        {
            var value = variables.Find(name);
            doubt ??= value?.Doubt;
            return value is { IsOpen: true } ? null : value?.Text;
        });
        return sum is { } number ? new ShellValue(number.ToString(CultureInfo.InvariantCulture), doubt)
            : new ShellValue($"$(({text}))", $"$(({Setting.OneLine(text, 40)})) cannot be worked out", true);
    }

    private static ShellValue Program(ShellCursor cursor)
    {
        cursor.Take();
        var text = cursor.TakeBracketed('(', ')');
        return text.Trim() == "pwd" ? new ShellValue(".") : Open($"$({text})");
    }

    private ShellValue Braced(ShellCursor cursor)
    {
        cursor.Take();
        var text = cursor.TakeBracketed('{', '}');
        var inner = new ShellCursor(text, cursor.Line);
        var unknown = new ShellValue($"${{{text}}}", $"${{{Setting.OneLine(text, 40)}}} is not understood", true);
        if (depth > MostDepth) return unknown;
        var name = Name(inner);
        if (name == "")
        {
            // ${1:-otherwise}: the script's own arguments, of which there are none.
            if (!char.IsAsciiDigit(inner.Peek()) && inner.Peek() is not ('@' or '*')) return unknown;
            name = inner.Take().ToString();
            if (name is "@" or "*") return ShellValue.Nothing;
        }
        var index = inner.Peek() == '[' ? inner.Take(1) + inner.TakeTo(']') : "";
        var change = inner.Rest.ToString();
        if (change == "") return Variable(name, index);
        var value = variables.Find(name);
        return Changed(name, value, index, change) ?? unknown;
    }

    private ShellValue? Changed(string name, ShellValue? value, string index, string change)
    {
        var isSet = change[0] == ':' ? value is { IsEmpty: false } : value is not null;
        var rest = change.TrimStart(':');
        switch (rest is "" ? '\0' : rest[0])
        {
            case '-':
                return isSet ? Variable(name, index) : Words(rest[1..]);
            case '=':
                if (!isSet) variables.Set(name, Words(rest[1..]), condition);
                return Variable(name, index);
            case '+':
                return isSet ? Words(rest[1..]) : new ShellValue("");
            case '?':
                return Variable(name, index);
        }
        if (value is null) return Variable(name, index);
        var text = Variable(name, index);
        Func<string, string>? edit = change switch
        {
            "##*/" => one => one[(one.LastIndexOf('/') + 1)..],
            "%/*" => one => one.LastIndexOf('/') is >= 0 and var at ? one[..at] : one,
            "%.*" => one => one.LastIndexOf('.') is >= 0 and var at ? one[..at] : one,
            "^^" => one => one.ToUpperInvariant(),
            ",," => one => one.ToLowerInvariant(),
            ['/', '/', _, '/', ..] when change[2] is not ('*' or '?' or '[') => one => one.Replace(change[2..3], change[4..], StringComparison.Ordinal),
            _ => null,
        };
        return edit is null ? null : new ShellValue([.. text.Items.Select(item => item with { Text = edit(item.Text) })]);
    }

    /// <summary>A text inside of <c>${NAME:-...}</c>, with what it names.</summary>
    private ShellValue Words(string text) => new ShellWords(variables, condition, depth + 1).Joined(text);

    private ShellValue Variable(string name, string index)
    {
        var value = variables.Find(name);
        if (value is null)
        {
            var written = index == "" ? $"${name}" : $"${{{name}{index}]}}";
            return new ShellValue(written, $"${name} is not set in the script", true);
        }
        if (index is "[@" or "[*") return value;
        var at = int.TryParse(index.TrimStart('['), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;
        return new ShellValue([value.Items.ElementAtOrDefault(at) ?? new ShellText("")]);
    }

    private static string Name(ShellCursor cursor)
    {
        var length = 0;
        while (char.IsAsciiLetter(cursor.Peek(length)) || cursor.Peek(length) == '_' || (length > 0 && char.IsAsciiDigit(cursor.Peek(length)))) length++;
        return cursor.Take(length);
    }
}
