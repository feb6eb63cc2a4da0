namespace FlowRL.Lab.Judging;

/// <summary>A problem with its right answers, of which a judge says how different they are.</summary>
/// <param name="Id">Its name.</param>
/// <param name="Text">What was asked; null where that is not known, and the judge sees the answers alone.</param>
/// <param name="Responses">The right answers, in the order in which they were sampled.</param>
public sealed record JudgedProblem(string Id, string? Text, IReadOnlyList<JudgedResponse> Responses)
{
    /// <summary>
    /// Each different text once, where it first appears. Whether equal texts solve a problem in the same way is no question, and counting such pairs would make
    /// every judge look good.
    /// </summary>
    public IReadOnlyList<JudgedResponse> Different { get; } = [.. Responses.DistinctBy(response => response.Text)];

    /// <summary>Different exact classes; null where some answer has none.</summary>
    internal int? ExactClasses => Responses.Any(response => response.Solution is null) ? null
        : Responses.Select(response => response.Solution).Distinct().Count();
}

/// <summary>A right answer.</summary>
/// <param name="Text">As the model wrote it: hostile, as everything that a model writes.</param>
/// <param name="Solution">Its exact class, which the task's verifier gave; null where there is none.</param>
public sealed record JudgedResponse(string Text, string? Solution);
