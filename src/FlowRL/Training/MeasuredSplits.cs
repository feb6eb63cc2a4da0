using FlowRL.Recipes;
using FlowRL.Tasks;

namespace FlowRL.Training;

/// <summary>That a task has what a run is to be measured on, said before the run begins and not hours later.</summary>
internal static class MeasuredSplits
{
    /// <exception cref="BadInputException">There are no problems to validate or to test on.</exception>
    public static void Require(ITask task, EvaluationOptions options)
    {
        if (options.Every > 0 && task.Problems(Split.Validation).Count == 0)
            throw new BadInputException("task: there are no validation problems; name a file of them, or set evaluation.every to 0.");
        if (options.TestProblems > 0 && task.Problems(Split.Test).Count == 0)
            throw new BadInputException("task: there are no test problems; name a file of them, or set evaluation.test_problems to 0.");
    }
}
