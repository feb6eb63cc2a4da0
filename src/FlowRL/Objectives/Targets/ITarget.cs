using System.Text.Json.Nodes;

namespace FlowRL.Objectives.Targets;

/// <summary>
/// A distribution over responses, up to its sum: log p̃(y|x) = β·r(x, y) + log π_ref(y|x) + c(x, y). Targets differ in c, in nats, which is 0 where right
/// answers keep the reference's odds. What a target must know of a problem it learns from the responses that it is shown.
/// </summary>
internal interface ITarget
{
    /// <summary>c of each response of a rollout batch, after what they teach is taken in.</summary>
    double[] Offsets(IReadOnlyList<CreditInput> responses);

    /// <summary>c of every response of a problem that can be listed: nothing is estimated.</summary>
    /// <param name="logReference">log π_ref of each.</param>
    /// <param name="answers">Which of them are right, and which solutions they are.</param>
    double[] Exact(IReadOnlyList<double> logReference, IReadOnlyList<ListedAnswer> answers);

    /// <summary>What was learnt; empty where nothing ever is.</summary>
    JsonObject Save();

    /// <exception cref="FormatException">It is of another target.</exception>
    void Restore(JsonObject state);
}

/// <summary>What is known of a response that can be listed.</summary>
/// <param name="IsCorrect">Whether it is right.</param>
/// <param name="Solution">The identity of its solution; null where it is not right, or that is not known.</param>
internal readonly record struct ListedAnswer(bool IsCorrect, string? Solution);

/// <summary>c = 0.</summary>
internal sealed class UnchangedTarget : ITarget
{
    public double[] Offsets(IReadOnlyList<CreditInput> responses) => new double[responses.Count];

    public double[] Exact(IReadOnlyList<double> logReference, IReadOnlyList<ListedAnswer> answers) => new double[logReference.Count];

    public JsonObject Save() => [];

    public void Restore(JsonObject state)
    {
    }
}

/// <summary>c = (α − 1)·log π_ref.</summary>
internal sealed class TemperedTarget(double alpha) : ITarget
{
    public double[] Offsets(IReadOnlyList<CreditInput> responses) => [.. responses.Select(r => (alpha - 1) * r.ReferenceLogProb)];

    public double[] Exact(IReadOnlyList<double> logReference, IReadOnlyList<ListedAnswer> answers) => [.. logReference.Select(log => (alpha - 1) * log)];

    public JsonObject Save() => [];

    public void Restore(JsonObject state)
    {
    }
}
