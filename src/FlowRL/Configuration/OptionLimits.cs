using System.ComponentModel.DataAnnotations;
using System.Globalization;

namespace FlowRL.Configuration;

/// <summary>The smallest and largest number that a key takes, both included; null where there is no bound beside the type's own.</summary>
internal sealed record OptionLimits(double? Minimum, double? Maximum)
{
    public static OptionLimits Of(OptionValue value, RangeAttribute? range)
    {
        if (range is null) return new OptionLimits(null, null);
        var (low, high) = (
            Convert.ToDouble(range.Minimum, CultureInfo.InvariantCulture), Convert.ToDouble(range.Maximum, CultureInfo.InvariantCulture));
        var (typeLow, typeHigh) = value.Type == typeof(int) ? (int.MinValue, int.MaxValue)
            : value.Type == typeof(long) ? (long.MinValue, long.MaxValue)
            : (double.MinValue, double.MaxValue);
        return new OptionLimits(low <= typeLow ? null : low, high >= typeHigh ? null : high);
    }

    public bool Allow(double value) => !(value < Minimum) && !(value > Maximum);

    public bool IsNone => Minimum is null && Maximum is null;

    /// <summary>For messages and tables: <c>from 0 to 1</c>, <c>1 or more</c>; empty without limits.</summary>
    public override string ToString() => (Minimum, Maximum) switch
    {
        (null, null) => "",
        ({ } low, null) => $"{YamlNumbers.Write(low)} or more",
        (null, { } high) => $"{YamlNumbers.Write(high)} or less",
        ({ } low, { } high) => $"from {YamlNumbers.Write(low)} to {YamlNumbers.Write(high)}",
    };
}
