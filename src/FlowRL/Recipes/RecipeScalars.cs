using System.Globalization;

namespace FlowRL.Recipes;

/// <summary>Text to one value of a scalar type.</summary>
internal static class RecipeScalars
{
    /// <summary>The value, or null with what is wrong with the text.</summary>
    public static object? Read(string text, RecipeValue type, out string problem)
    {
        problem = "";
        var quoted = RecipeErrors.Quote(text);
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
                var choices = RecipeNames.Choices(type.Type);
                if (choices.Contains(text)) return RecipeNames.Choice(type.Type, text);
                problem = $"{quoted} is not {type.Needed}{RecipeNames.DidYouMean(text, choices)}";
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
