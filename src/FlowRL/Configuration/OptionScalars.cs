using System.Globalization;

namespace FlowRL.Configuration;

/// <summary>Text to one value of a scalar type.</summary>
internal static class OptionScalars
{
    /// <summary>The value, or null with what is wrong with the text.</summary>
    public static object? Read(string text, OptionValue type, out string problem)
    {
        problem = "";
        var quoted = OptionsErrors.Quote(text);
        switch (type.Kind)
        {
            case RecipeValueKind.Text:
                return text;
            case RecipeValueKind.Boolean:
                if (text is "true" or "false") return text == "true";
                problem = $"{quoted} is neither true nor false.";
                return null;
            case RecipeValueKind.Integer:
                return Integer(text, quoted, type.Type, out problem);
            case RecipeValueKind.Number:
                return Number(text, quoted, type.Type, out problem);
            default:
                var choices = OptionNames.Choices(type.Type);
                if (choices.Contains(text)) return OptionNames.Choice(type.Type, text);
                problem = $"{quoted} is not {type.Needed}{OptionNames.DidYouMean(text, choices)}";
                return null;
        }
    }

    private static object? Integer(string text, string quoted, Type type, out string problem)
    {
        problem = "";
        if (long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value)
            && (type == typeof(long) || value is >= int.MinValue and <= int.MaxValue))
            return Convert.ChangeType(value, type, CultureInfo.InvariantCulture);
        var digits = text.TrimStart('+', '-');
        problem = digits.Length > 0 && digits.All(char.IsAsciiDigit)
            ? $"{quoted} is too large in size; the limit is {(type == typeof(long) ? long.MaxValue : int.MaxValue)}."
            : $"{quoted} is not a whole number.";
        return null;
    }

    private static object? Number(string text, string quoted, Type type, out string problem)
    {
        problem = "";
        if (!double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value)) problem = $"{quoted} is not a number.";
        else if (!double.IsFinite(value) || (type == typeof(float) && !float.IsFinite((float)value)))
            problem = $"{quoted} is not a finite number.";
        return problem == "" ? Convert.ChangeType(value, type, CultureInfo.InvariantCulture) : null;
    }
}

/// <summary>Numbers in recipes: invariant, shortest text that reads back as the same number.</summary>
internal static class YamlNumbers
{
    /// <summary>Readers of YAML 1.1 take <c>1e-06</c> for text, so an exponent always follows a decimal point: <c>1.0e-06</c>.</summary>
    public static string Write(double value)
    {
        if (Math.Abs(value) < 1e15 && value == Math.Floor(value) && !(value == 0 && double.IsNegative(value)))
            return value.ToString("F0", CultureInfo.InvariantCulture);
        var text = value.ToString("R", CultureInfo.InvariantCulture).Replace("E", "e", StringComparison.Ordinal);
        var exponent = text.IndexOf('e', StringComparison.Ordinal);
        return exponent < 0 || text.Contains('.', StringComparison.Ordinal) ? text : text.Insert(exponent, ".0");
    }
}
