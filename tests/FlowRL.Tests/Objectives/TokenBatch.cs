using FlowRL.Objectives;
using TorchSharp;

namespace FlowRL.Tests.Objectives;

/// <summary>A micro-batch in plain numbers: (B, T) arrays by response, then token. A mask of 0 marks padding.</summary>
internal sealed record TokenBatch(
    double[][] Policy, double[][] Old, double[][] Reference, double[][] Mask, double[] LogZ, double[] Scores)
{
    public int Responses => Policy.Length;

    public int Tokens => (int)Mask.Sum(row => row.Sum());

    /// <summary>Responses of different lengths, some empty; ratios to the old policy from nearly 1 to far outside any clip.</summary>
    public static TokenBatch Random(ulong seed, int responses, int tokens, double drift)
    {
        var draw = 0L;
        double Next(double low, double high) => low + (high - low) * Seeds.Uniform(seed, draw++);
        double[][] Grid(Func<int, int, double> at) =>
            [.. Enumerable.Range(0, responses).Select(b => Enumerable.Range(0, tokens).Select(t => at(b, t)).ToArray())];
        var lengths = Enumerable.Range(0, responses).Select(_ => Seeds.Below(seed, draw++, tokens + 1)).ToArray();
        var mask = Grid((b, t) => t < lengths[b] ? 1 : 0);
        var policy = Grid((b, t) => mask[b][t] * Next(-4, 0));
        var old = Grid((b, t) => mask[b][t] * (policy[b][t] + Next(-drift, drift)));
        var reference = Grid((b, t) => mask[b][t] * Next(-4, 0));
        return new(policy, old, reference, mask,
            [.. Enumerable.Range(0, responses).Select(_ => Next(-2, 2))], [.. Enumerable.Range(0, responses).Select(_ => Next(-2, 2))]);
    }

    public TokenBatch Rows(Range rows) => new(Policy[rows], Old[rows], Reference[rows], Mask[rows], LogZ[rows], Scores[rows]);

    /// <summary>The same responses behind more columns, filled with <paramref name="value"/> and masked.</summary>
    public TokenBatch Padded(int columns, double value)
    {
        double[][] Pad(double[][] rows, double with) => [.. rows.Select(row => row.Concat(Enumerable.Repeat(with, columns)).ToArray())];
        return this with
        {
            Policy = Pad(Policy, value),
            Old = Pad(Old, value),
            Reference = Pad(Reference, value),
            Mask = Pad(Mask, 0),
        };
    }

    /// <summary>Evaluates the objective and differentiates its loss.</summary>
    public Evaluation Evaluate(
        IObjective objective, torch.ScalarType dtype = torch.ScalarType.Float64, double progress = 0, int? miniBatchResponses = null)
    {
        using var scope = torch.NewDisposeScope();
        torch.Tensor Matrix(double[][] rows) =>
            torch.tensor(rows.SelectMany(r => r).ToArray(), [rows.Length, rows[0].Length], dtype: dtype);
        var (policy, old, reference) = (Matrix(Policy), Matrix(Old), Matrix(Reference));
        var logZ = torch.tensor(LogZ, dtype: dtype);
        torch.Tensor[] leaves = [policy, logZ, old, reference];
        foreach (var leaf in leaves) leaf.requires_grad_(true);
        var scores = torch.tensor(Scores, dtype: dtype);
        var zero = torch.zeros_like(old).detach();
        var inputs = new ObjectiveInputs
        {
            PolicyLogProbs = policy,
            OldLogProbs = old,
            ReferenceLogProbs = reference,
            LogPartition = logZ,
            Mask = Matrix(Mask),
            Scores = scores,
            Entropy = zero,
            Values = zero,
            OldValues = zero,
            Advantages = scores.unsqueeze(-1).expand_as(old),
            Returns = zero,
            MiniBatchResponses = miniBatchResponses ?? Responses,
            MiniBatchTokens = Math.Max(Tokens, 1),
            Progress = progress,
        };
        var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        var result = objective.Evaluate(inputs);
        var kept = DisposeScopeManager.Statistics.ThreadTotalLiveCount - before;
        result.Loss.backward();
        double[] Gradient(torch.Tensor leaf) =>
            leaf.grad is { } grad ? grad.to(torch.ScalarType.Float64).data<double>().ToArray() : [];
        return new(result.Loss.ToDouble(), Gradient(policy), Gradient(logZ), [.. Gradient(old), .. Gradient(reference)],
            result.Metrics, kept);
    }
}

/// <summary>
/// A loss with its gradients, row by row; <paramref name="FrozenGradient"/> is that of log π_old and log π_ref, or empty.
/// <paramref name="Kept"/> counts the tensors that the evaluation left alive.
/// </summary>
internal sealed record Evaluation(
    double Loss, double[] PolicyGradient, double[] LogZGradient, double[] FrozenGradient, IReadOnlyDictionary<string, double> Metrics,
    long Kept);
