using System.Globalization;

namespace FlowRL.Tasks.Synthesis;

/// <summary>An integer, or a list of integers.</summary>
/// <param name="IsList">Which of the two.</param>
/// <param name="Items">The list, or the integer alone.</param>
internal sealed record ListValue(bool IsList, IReadOnlyList<int> Items)
{
    public static ListValue List(IEnumerable<int> items) => new(true, [.. items]);

    public static ListValue Number(int number) => new(false, [number]);

    /// <summary>As Python writes it, without spaces.</summary>
    public override string ToString()
    {
        var items = string.Join(',', Items.Select(item => item.ToString(CultureInfo.InvariantCulture)));
        return IsList ? $"[{items}]" : items;
    }
}
