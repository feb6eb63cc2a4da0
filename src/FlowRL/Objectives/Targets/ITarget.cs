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
    /// <param name="solutions">Their solutions; null for what is not right.</param>
    double[] Exact(IReadOnlyList<double> logReference, IReadOnlyList<string?> solutions);

    /// <summary>What was learnt; empty where nothing ever is.</summary>
    JsonObject Save();

    /// <exception cref="FormatException">It is of another target.</exception>
    void Restore(JsonObject state);
}

/// <summary>c = 0.</summary>
internal sealed class UnchangedTarget : ITarget
{
    public double[] Offsets(IReadOnlyList<CreditInput> responses) => new double[responses.Count];

    public double[] Exact(IReadOnlyList<double> logReference, IReadOnlyList<string?> solutions) => new double[logReference.Count];

    public JsonObject Save() => [];

    public void Restore(JsonObject state)
    {
    }
}

/// <summary>c = (α − 1)·log π_ref.</summary>
internal sealed class TemperedTarget(double alpha) : ITarget
{
    public double[] Offsets(IReadOnlyList<CreditInput> responses) => [.. responses.Select(r => (alpha - 1) * r.ReferenceLogProb)];

    public double[] Exact(IReadOnlyList<double> logReference, IReadOnlyList<string?> solutions) => [.. logReference.Select(log => (alpha - 1) * log)];

    public JsonObject Save() => [];

    public void Restore(JsonObject state)
    {
    }
}
