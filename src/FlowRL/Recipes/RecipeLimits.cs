using System.ComponentModel.DataAnnotations;
using System.Globalization;

namespace FlowRL.Recipes;

/// <summary>The smallest and largest number that a key takes, both included; null where there is no bound beside the type's own.</summary>
internal sealed record RecipeLimits(double? Minimum, double? Maximum)
{
    public static RecipeLimits Of(RecipeValue value, RangeAttribute? range)
    {
        if (range is null) return new RecipeLimits(null, null);
        var (low, high) = (
            Convert.ToDouble(range.Minimum, CultureInfo.InvariantCulture), Convert.ToDouble(range.Maximum, CultureInfo.InvariantCulture));
        var (typeLow, typeHigh) = value.Type == typeof(int) ? (int.MinValue, int.MaxValue)
            : value.Type == typeof(long) ? (long.MinValue, long.MaxValue)
            : (double.MinValue, double.MaxValue);
        return new RecipeLimits(low <= typeLow ? null : low, high >= typeHigh ? null : high);
    }

    public bool Allow(double value) => !(value < Minimum) && !(value > Maximum);

    public bool IsNone => Minimum is null && Maximum is null;

    /// <summary>For messages and tables: <c>from 0 to 1</c>, <c>1 or more</c>; empty without limits.</summary>
    public override string ToString() => (Minimum, Maximum) switch
    {
        (null, null) => "",
        ({ } low, null) => $"{RecipeNumbers.Write(low)} or more",
        (null, { } high) => $"{RecipeNumbers.Write(high)} or less",
        ({ } low, { } high) => $"from {RecipeNumbers.Write(low)} to {RecipeNumbers.Write(high)}",
    };
}
