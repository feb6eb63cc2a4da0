using System.Globalization;

namespace FlowRL.Lab.Import;

/// <summary>TRL's reward functions as parts of a reward. Those that are programs in Python are named; they are not read.</summary>
internal static class TrlRewards
{
    /// <summary>Functions that ask for the right answer, which is what a task does.</summary>
    private static readonly string[] OfTask =
        ["accuracy_reward", "reasoning_accuracy_reward", "accuracy", "code", "binary_code", "cf_code", "ioi_code", "weighted_binary_code"];

    /// <summary>Functions that ask for a form, as regular expressions.</summary>
    private static readonly Dictionary<string, string> Patterns = new()
    {
        ["think_format_reward"] = "(?s)^<think>.*</think>",
        ["format"] = "(?s)^<think>\\n.*\\n</think>\\n<answer>\\n.*\\n</answer>$",
    };

    public static void Write(Conversion conversion)
    {
        var functions = conversion.Texts("reward_funcs");
        if (functions is null)
        {
            conversion.Assume("reward: the task's own; functions that a program gives the trainer are not in the file (reward.parts has programs of yours).");
            return;
        }
        var weights = Weights(conversion, functions.Count);
        var known = functions.Zip(weights).Where(one => OfTask.Contains(one.First) || Patterns.ContainsKey(one.First) || one.First == Overlong).ToList();
        foreach (var other in functions.Where(name => known.All(one => one.First != name)))
        {
            conversion.Miss("reward_funcs",
                $"{Setting.OneLine(other, 80)} is a function in Python; write it as a program: reward.parts, type process (docs/coming-from.md)");
        }
        if (known.Count == 0) conversion.Assume("reward: the task's own, since none of the reward functions is known.");
        if (known.Count > 0) conversion.Said("reward_funcs");
        if (known.Count == 0 || (known is [(var only, 1)] && OfTask.Contains(only))) return;
        foreach (var (name, weight) in known) Part(conversion, name, weight);
    }

    private const string Overlong = "get_soft_overlong_punishment";

    private static void Part(Conversion conversion, string name, double weight)
    {
        var path = $"reward.parts.{name}";
        if (Patterns.TryGetValue(name, out var pattern))
        {
            conversion.Set($"{path}.type", "pattern", "", "reward_funcs");
            conversion.SetText($"{path}.pattern", pattern, "");
        }
        else if (name == Overlong)
        {
            conversion.Set($"{path}.type", "length", "", "reward_funcs");
            conversion.Set($"{path}.free", 1024, "as TRL's command line has it");
            conversion.Set($"{path}.limit", 1280, "");
        }
        else conversion.Set($"{path}.type", "task", "", "reward_funcs");
        conversion.Set($"{path}.weight", weight, "", "reward_weights");
    }

    private static double[] Weights(Conversion conversion, int count)
    {
        var written = conversion.Texts("reward_weights");
        var read = written?.Select(text =>
            double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var weight) ? weight : double.NaN).ToArray();
        if (read is null) return [.. Enumerable.Repeat(1.0, count)];
        if (read.Length == count && read.All(double.IsFinite))
        {
            conversion.Said("reward_weights");
            return read;
        }
        conversion.Refuse("reward_weights", $"must have a number for each of the {count} functions; 1 stands for all");
        return [.. Enumerable.Repeat(1.0, count)];
    }
}
