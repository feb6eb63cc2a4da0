namespace FlowRL.Tasks;

/// <summary>What there is to read in a task before any training.</summary>
public static class TaskTexts
{
    /// <summary>The training problems' prompts, each with a demonstration where the task gives any.</summary>
    public static IEnumerable<string> Of(ITask task)
    {
        foreach (var problem in task.Problems(Split.Train))
        {
            yield return problem.Prompt.Text;
            if (task is IDemonstratedTask demonstrated && demonstrated.CanDemonstrate(problem)) yield return demonstrated.Demonstrate(problem, seed: 0);
        }
    }
}
