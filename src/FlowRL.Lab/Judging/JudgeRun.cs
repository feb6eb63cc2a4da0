namespace FlowRL.Lab.Judging;

/// <summary>Asks a judge about the right answers of many problems.</summary>
public static class JudgeRun
{
    /// <param name="judge">Who is asked.</param>
    /// <param name="problems">Each with one right answer or more.</param>
    /// <param name="asked">What is asked of each.</param>
    /// <param name="parallel">Problems at once, 1 or more, each with one question at a time.</param>
    /// <param name="done">Told after each problem how many are done.</param>
    /// <param name="cancellation">Ends it; answers that came are in the cache.</param>
    /// <returns>A verdict a problem, in their order.</returns>
    /// <exception cref="JudgeException">The judge gives no answers.</exception>
    public static async Task<IReadOnlyList<JudgeVerdict>> RunAsync(ChatJudge judge, IReadOnlyList<JudgedProblem> problems, JudgeAsked asked,
        int parallel = 1, Action<int>? done = null, CancellationToken cancellation = default)
    {
        var (verdicts, count) = (new JudgeVerdict[problems.Count], 0);
        var options = new ParallelOptions { MaxDegreeOfParallelism = parallel, CancellationToken = cancellation };
        await Parallel.ForEachAsync(problems.Index(), options, async (problem, token) =>
        {
            verdicts[problem.Index] = await OfAsync(judge, problem.Item, asked, token);
            done?.Invoke(Interlocked.Increment(ref count));
        });
        judge.RequireAnswers();
        return verdicts;
    }

    /// <summary>How many questions of each kind there are at most.</summary>
    public static (long Pairs, int Ratings) Most(IReadOnlyList<JudgedProblem> problems, JudgeAsked asked) => (
        asked == JudgeAsked.Rating ? 0 : problems.Sum(problem => (long)problem.Different.Count * (problem.Different.Count - 1) / 2),
        asked == JudgeAsked.Pairs ? 0 : problems.Count(problem => problem.Responses.Count > 1));

    private static async Task<JudgeVerdict> OfAsync(ChatJudge judge, JudgedProblem problem, JudgeAsked asked, CancellationToken cancellation)
    {
        var classes = asked == JudgeAsked.Rating ? null
            : await JudgePartition.OfAsync(judge, problem.Text, [.. problem.Different.Select(response => response.Text)], cancellation);
        if (asked == JudgeAsked.Pairs || problem.Responses.Count < 2) return new JudgeVerdict(problem, classes, null);
        var longest = Math.Min(judge.Options.LongestText, judge.Options.LongestGroup / problem.Responses.Count);
        var rating = await judge.AskAsync(
            JudgeQuestion.Rating(problem.Text, [.. problem.Responses.Select(response => response.Text)], longest), cancellation);
        return new JudgeVerdict(problem, classes, rating is null ? null : rating[0] - '0');
    }
}

/// <summary>What a judge is asked of each problem.</summary>
public enum JudgeAsked
{
    /// <summary>Pair by pair, whether two right answers solve it in the same way.</summary>
    Pairs,

    /// <summary>One number from 1 to 5.</summary>
    Rating,

    /// <summary>Both.</summary>
    Both,
}

/// <summary>What a judge says of a problem.</summary>
/// <param name="Problem">With its right answers.</param>
/// <param name="Classes">The class of each of its different texts, from 0; null for a text that is in none. Null where no pairs were asked.</param>
/// <param name="Rating">From 1 to 5; null where it was not asked or is undecided.</param>
public sealed record JudgeVerdict(JudgedProblem Problem, IReadOnlyList<int?>? Classes, int? Rating)
{
    /// <summary>Texts that are in a class, with it.</summary>
    internal IEnumerable<(JudgedResponse Response, int Class)> Placed => (Classes ?? []).Zip(Problem.Different)
        .Where(pair => pair.First is not null).Select(pair => (pair.Second, pair.First!.Value));
}
