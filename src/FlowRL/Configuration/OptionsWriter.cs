using System.Collections;
using System.Globalization;
using System.Text;

namespace FlowRL.Configuration;

/// <summary>
/// Writes a recipe as YAML with every key, defaults included, so that the file says what a run did even after defaults change. Reading
/// it gives an equal recipe.
/// </summary>
public static class OptionsWriter
{
    public static string Write<T>(T recipe) where T : class
    {
        var text = new StringBuilder();
        Keys(text, recipe, "");
        return text.ToString();
    }

    /// <summary>One scalar, or a list of scalars, as it stands after its key.</summary>
    internal static string Inline(object value, OptionValue type)
    {
        var text = new StringBuilder();
        Value(text, value, type, "");
        return text.ToString().Trim();
    }

    private static void Keys(StringBuilder text, object record, string indent)
    {
        if (record.GetType().IsDefined(typeof(VariantAttribute), false))
            text.Append(indent).Append(OptionVariants.TypeKey).Append(": ")
                .Append(Text(OptionVariants.Name(record.GetType()))).Append('\n');
        var keys = OptionsShape.Of(record.GetType()).Keys;
        var idle = keys.Where(key => key.Decides(record)).Select(key => key.InsteadOf).ToList();
        foreach (var key in keys.Where(key => !idle.Contains(key.Name)))
        {
            text.Append(indent).Append(key.Name).Append(':');
            Value(text, key.Get(record), key.Value, indent);
        }
    }

    private static void Value(StringBuilder text, object? value, OptionValue type, string indent)
    {
        if (value is OptionsPatch patch)
        {
            Written(text, patch.Written, indent);
        }
        else if (value is IDictionary named && type.Kind == RecipeValueKind.Map)
        {
            text.Append(named.Count == 0 ? " {}\n" : "\n");
            foreach (DictionaryEntry entry in named)
            {
                text.Append(indent).Append("  ").Append(Text((string)entry.Key)).Append(':');
                Value(text, entry.Value, type.Item!, indent + "  ");
            }
        }
        else if (value is IEnumerable items && type.Item is { } item)
        {
            List(text, [.. items.Cast<object>()], item, indent);
        }
        else if (value is null || type.IsScalar)
        {
            text.Append(' ').Append(Scalar(value)).Append('\n');
        }
        else
        {
            text.Append(IsEmpty(value) ? " {}\n" : "\n");
            Keys(text, value, indent + "  ");
        }
    }

    // Keys as they were written; what stands in brackets stays on its line.
    private static void Written(StringBuilder text, YamlNode node, string indent)
    {
        if (node is not YamlNode.Mapping { Entries.Count: > 0 } mapping)
        {
            text.Append(' ').Append(Flow(node)).Append('\n');
            return;
        }
        text.Append('\n');
        foreach (var entry in mapping.Entries)
        {
            text.Append(indent).Append("  ").Append(Text(entry.Key)).Append(':');
            Written(text, entry.Value, indent + "  ");
        }
    }

    /// <summary>What was written, on one line.</summary>
    internal static string Flow(YamlNode node) => node switch
    {
        YamlNode.Sequence sequence => $"[{string.Join(", ", sequence.Items.Select(Flow))}]",
        YamlNode.Mapping mapping => $"{{{string.Join(", ", mapping.Entries.Select(entry => $"{Text(entry.Key)}: {Flow(entry.Value)}"))}}}",
        YamlNode.Scalar { IsNull: true } => "null",
        // Plain text means the same with quotation marks, null apart; numbers and names read better without.
        YamlNode.Scalar { IsPlain: true } scalar when scalar.Text.All(c => char.IsAsciiLetterOrDigit(c) || "_-.+/".Contains(c))
            && scalar.Text[0] != '-' => scalar.Text,
        YamlNode.Scalar { IsPlain: true } scalar when double.TryParse(scalar.Text, CultureInfo.InvariantCulture, out _) => scalar.Text,
        YamlNode.Scalar scalar => Quoted(scalar.Text),
        _ => throw new NotSupportedException($"{node} has no notation."),
    };

    private static void List(StringBuilder text, object[] items, OptionValue type, string indent)
    {
        if (items.Length == 0 || type.IsScalar)
        {
            text.Append(" [").AppendJoin(", ", items.Select(Scalar)).Append("]\n");
            return;
        }
        text.Append('\n');
        foreach (var item in items)
        {
            var start = text.Length + indent.Length + 2;
            if (type.Item is not null || IsEmpty(item))
                throw new NotSupportedException("Lists of lists and of empty records have no notation.");
            Keys(text, item, indent + "    ");
            text[start] = '-';
        }
    }

    private static bool IsEmpty(object record) =>
        OptionsShape.Of(record.GetType()).Keys.Count == 0 && !record.GetType().IsDefined(typeof(VariantAttribute), false);

    private static string Scalar(object? value) => value switch
    {
        null => "null",
        bool b => b ? "true" : "false",
        double d => YamlNumbers.Write(d),
        float f => YamlNumbers.Write(double.Parse(f.ToString("R", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture)),
        Enum e => OptionNames.Of(e.ToString()),
        string s => Text(s),
        _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
    };

    // Plain where no YAML reader could take it for anything but text, quoted otherwise.
    internal static string Text(string value)
    {
        var isPlain = value.Length > 0 && char.IsAsciiLetter(value[0]) && value.All(c => char.IsAsciiLetterOrDigit(c) || "_-./".Contains(c))
            && value.ToUpperInvariant() is not ("NULL" or "TRUE" or "FALSE" or "YES" or "NO" or "ON" or "OFF" or "Y" or "N");
        return isPlain ? value : Quoted(value);
    }

    private static string Quoted(string value)
    {
        var text = new StringBuilder("\"");
        foreach (var c in value)
        {
            if (c is '"' or '\\') text.Append('\\').Append(c);
            else if (char.IsControl(c) || c is '\u2028' or '\u2029' or '\uFEFF' or >= '\uFFFE')
                text.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:X4}");
            else text.Append(c);
        }
        return text.Append('"').ToString();
    }
}
