using FlowRL.Objectives;
using TorchSharp;

namespace FlowRL.Tests.Objectives;

/// <summary>A micro-batch in plain numbers: (B, T) arrays by response, then token. A mask of 0 marks padding.</summary>
internal sealed record TokenBatch(
    double[][] Policy, double[][] Old, double[][] Reference, double[][] Mask, double[] LogZ, double[] Scores)
{
    public int LengthLimit { get; init; } = 8;

    public double[][] Sampler { get; init; } = Old;

    /// <summary>The score at every token unless given.</summary>
    public double[][] Advantages { get; init; } = [.. Scores.Select((score, b) => Mask[b].Select(_ => score).ToArray())];

    public double[][] Returns { get; init; } = Zeros(Mask);

    public double[][] Values { get; init; } = Zeros(Mask);

    public double[][] OldValues { get; init; } = Zeros(Mask);

    public double[][] Entropy { get; init; } = Zeros(Mask);

    public double[] Offsets { get; init; } = new double[Scores.Length];

    /// <summary>All in one group unless given.</summary>
    public long[] Groups { get; init; } = new long[Policy.Length];

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
        var batch = new TokenBatch(policy, old, reference, mask,
            [.. Enumerable.Range(0, responses).Select(_ => Next(-2, 2))], [.. Enumerable.Range(0, responses).Select(_ => Next(-2, 2))]);
        return batch with
        {
            Sampler = Grid((b, t) => mask[b][t] * (old[b][t] + Next(-drift, drift))),
            Advantages = Grid((b, t) => mask[b][t] * Next(-2, 2)),
            Returns = Grid((b, t) => mask[b][t] * Next(-1, 1)),
            Values = Grid((b, t) => mask[b][t] * Next(-1, 1)),
            OldValues = Grid((b, t) => mask[b][t] * Next(-1, 1)),
            Entropy = Grid((b, t) => mask[b][t] * Next(0, 2)),
            Groups = [.. Enumerable.Range(0, responses).Select(b => (long)b / 2)],
        };
    }

    public TokenBatch Rows(Range rows) => Rows([.. Enumerable.Range(0, Responses).ToArray()[rows]]);

    public TokenBatch Rows(params int[] rows)
    {
        T[] Take<T>(T[] values) => [.. rows.Select(row => values[row])];
        return new(Take(Policy), Take(Old), Take(Reference), Take(Mask), Take(LogZ), Take(Scores))
        {
            Sampler = Take(Sampler),
            Advantages = Take(Advantages),
            Returns = Take(Returns),
            Values = Take(Values),
            OldValues = Take(OldValues),
            Entropy = Take(Entropy),
            Groups = Take(Groups),
            Offsets = Take(Offsets),
        };
    }

    /// <summary>The same responses behind more columns, filled with <paramref name="value"/> and masked.</summary>
    public TokenBatch Padded(int columns, double value)
    {
        double[][] Pad(double[][] rows, double with) => [.. rows.Select(row => row.Concat(Enumerable.Repeat(with, columns)).ToArray())];
        return this with
        {
            Policy = Pad(Policy, value),
            Old = Pad(Old, value),
            Reference = Pad(Reference, value),
            Sampler = Pad(Sampler, value),
            Advantages = Pad(Advantages, value),
            Returns = Pad(Returns, value),
            Values = Pad(Values, value),
            OldValues = Pad(OldValues, value),
            Entropy = Pad(Entropy, value),
            Mask = Pad(Mask, 0),
        };
    }

    /// <summary>Evaluates the objective and differentiates its loss. The mini-batch is this batch unless its numbers are given.</summary>
    public Evaluation Evaluate(IObjective objective, torch.ScalarType dtype = torch.ScalarType.Float64, double progress = 0,
        int? miniBatchResponses = null, int? miniBatchTokens = null)
    {
        using var scope = torch.NewDisposeScope();
        torch.Tensor Matrix(double[][] rows) =>
            torch.tensor(rows.SelectMany(r => r).ToArray(), [rows.Length, rows[0].Length], dtype: dtype).requires_grad_(true);
        var (policy, values, entropy) = (Matrix(Policy), Matrix(Values), Matrix(Entropy));
        var (old, reference, sampler, oldValues) = (Matrix(Old), Matrix(Reference), Matrix(Sampler), Matrix(OldValues));
        var logZ = torch.tensor(LogZ, dtype: dtype).requires_grad_(true);
        var inputs = new ObjectiveInputs
        {
            PolicyLogProbs = policy,
            BehaviourLogProbs = old,
            ProximalLogProbs = old,
            SamplerLogProbs = sampler,
            ReferenceLogProbs = reference,
            LogPartition = logZ,
            Mask = Matrix(Mask).detach(),
            Scores = torch.tensor(Scores, dtype: dtype),
            Offsets = torch.tensor(Offsets, dtype: dtype),
            Entropy = entropy,
            Values = values,
            OldValues = oldValues,
            Advantages = Matrix(Advantages).detach(),
            Returns = Matrix(Returns).detach(),
            Groups = torch.tensor(Groups),
            MiniBatchResponses = miniBatchResponses ?? Responses,
            MiniBatchTokens = miniBatchTokens ?? Math.Max(Tokens, 1),
            LengthLimit = LengthLimit,
            Progress = progress,
        };
        var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        var result = objective.Evaluate(inputs);
        var kept = DisposeScopeManager.Statistics.ThreadTotalLiveCount - before;
        result.Loss.backward();
        double[] Gradient(torch.Tensor leaf) =>
            leaf.grad is { } grad ? grad.to(torch.ScalarType.Float64).data<double>().ToArray() : [];
        return new(result.Loss.ToDouble(), Gradient(policy), Gradient(logZ), Gradient(values), Gradient(entropy),
            [.. Gradient(old), .. Gradient(reference), .. Gradient(sampler), .. Gradient(oldValues)], result.Metrics, kept);
    }

    private static double[][] Zeros(double[][] like) => [.. like.Select(row => new double[row.Length])];
}

/// <summary>
/// A loss with its gradients, row by row; <paramref name="FrozenGradient"/> is that of log π_old, log π_ref, the sampler's and the old
/// values, or empty. <paramref name="Kept"/> counts the tensors that the evaluation left alive.
/// </summary>
internal sealed record Evaluation(
    double Loss, double[] PolicyGradient, double[] LogZGradient, double[] ValueGradient, double[] EntropyGradient, double[] FrozenGradient,
    IReadOnlyDictionary<string, double> Metrics, long Kept);
