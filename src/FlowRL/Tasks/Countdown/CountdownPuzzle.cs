using System.Globalization;

namespace FlowRL.Tasks.Countdown;

/// <summary>Sorted numbers and a target, and how they are written in a <see cref="Problem"/>.</summary>
internal sealed record CountdownPuzzle(int[] Numbers, int Target)
{
    /// <summary>The problem; the numbers of its prompt stand in an order that depends on the numbers and the target alone.</summary>
    public Problem ToProblem()
    {
        var order = Seeds.Permutation(Seeds.Derive(0, "countdown prompt", [Target, .. Numbers]), Numbers.Length);
        var shuffled = string.Join(',', order.Select(i => Numbers[i]));
        var sorted = string.Join(',', Numbers);
        return new Problem($"{sorted}={Target}", $"{shuffled}={Target}:", $"{Target}|{sorted}");
    }

    /// <exception cref="BadInputException">The reference is not <c>target|number,number,…</c> with two to four numbers.</exception>
    public static CountdownPuzzle Of(Problem problem)
    {
        var parts = problem.Reference.Split('|');
        if (parts.Length == 2 && Parse(parts[0]) is { } target)
        {
            var numbers = parts[1].Split(',').Select(Parse).ToArray();
            if (numbers.Length is >= 2 and <= 4 && numbers.All(number => number is not null))
                return new CountdownPuzzle([.. numbers.OfType<int>().Order()], target);
        }
        throw new BadInputException(
            $"Problem '{problem.Id}': the reference '{problem.Reference}' is not of Countdown; write target|number,number,... with two " +
            "to four numbers, such as 24|3,7,8,12.");
    }

    private static int? Parse(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value) && value < 1_000_000 ? value : null;
}
