namespace FlowRL.Lab.Judging;

/// <summary>
/// Classes of solutions by a judge of pairs, made greedily as NoveltyBench does it (arXiv 2504.05228): each solution is held against the first of every class
/// so far, joins the first that it is the same as, and begins a class of its own where it is the same as none. n solutions take at most n(n−1)/2 questions.
/// </summary>
internal static class JudgePartition
{
    /// <returns>The class of each text, numbered from 0 as they appear; null for a text that joined none and was undecided against some.</returns>
    public static async Task<IReadOnlyList<int?>> OfAsync(ChatJudge judge, string? problem, IReadOnlyList<string> texts, CancellationToken cancellation)
    {
        var (classes, firsts) = (new int?[texts.Count], new List<string>());
        foreach (var (index, text) in texts.Index())
        {
            var isUndecided = false;
            for (var known = 0; known < firsts.Count && classes[index] is null; known++)
            {
                var answer = await judge.AskAsync(JudgeQuestion.SameWay(problem, firsts[known], text, judge.Options.LongestText), cancellation);
                if (answer == JudgeQuestion.Same) classes[index] = known;
                isUndecided |= answer is null;
            }
            if (classes[index] is not null || isUndecided) continue;
            classes[index] = firsts.Count;
            firsts.Add(text);
        }
        return classes;
    }
}
