using FlowRL.Configuration;
using FlowRL.Tasks;

namespace FlowRL.Cli;

/// <summary>What <c>eval --task</c> names: a task, or an evaluation inside the tool, which is a task with its protocol.</summary>
internal static class EvaluationName
{
    /// <summary>Names of both kinds.</summary>
    public static IEnumerable<string> All(OptionVariants variants) => [.. Tasks(variants), .. RecipeSource.Evaluations];

    /// <summary>Whether it is an evaluation rather than a task.</summary>
    /// <exception cref="BadInputException">
    /// It is neither. A misspelt task alone is left to the recipe's own reader, which says everything else that is wrong beside it.
    /// </exception>
    public static bool IsEvaluation(string name, OptionVariants variants)
    {
        if (RecipeSource.Evaluations.Contains(name)) return true;
        var tasks = Tasks(variants).ToList();
        if (tasks.Contains(name)) return false;
        var near = Near(name, RecipeSource.Evaluations) ?? Spelling.Nearest(name, tasks);
        if (near is not null && tasks.Contains(near)) return false;
        throw new BadInputException($"--task: '{name}' is neither a task nor an evaluation; " + (near is not null ? $"did you mean '{near}'?"
            : $"tasks are {string.Join(", ", tasks)}; evaluations are {string.Join(", ", RecipeSource.Evaluations)}."));
    }

    /// <summary>By letters and digits alone, as others write such names (MATH-500, HumanEval+), by spelling (aime24), by beginning (minerva_math).</summary>
    private static string? Near(string name, IReadOnlyList<string> evaluations)
    {
        var letters = Letters(name);
        return evaluations.FirstOrDefault(one => Letters(one) == letters) ?? Spelling.Nearest(name.ToLowerInvariant(), evaluations)
            ?? evaluations.Where(one => letters.StartsWith(Letters(one), StringComparison.Ordinal)).MaxBy(one => one.Length);
    }

    private static string Letters(string name) =>
        string.Concat(name.ToLowerInvariant().Replace("+", "plus", StringComparison.Ordinal).Where(char.IsAsciiLetterOrDigit));

    private static IEnumerable<string> Tasks(OptionVariants variants) => variants.Of(typeof(TaskOptions)).Keys;
}
