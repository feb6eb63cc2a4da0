using System.Globalization;

namespace FlowRL.Recipes;

/// <summary>Numbers in recipes: invariant, shortest text that reads back as the same number.</summary>
internal static class RecipeNumbers
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
