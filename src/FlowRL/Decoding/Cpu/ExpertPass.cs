using FlowRL.Models;
using FlowRL.Numerics;
using FlowRL.Numerics.Products;
using FlowRL.Numerics.Threads;

namespace FlowRL.Decoding.Cpu;

/// <summary>
/// A feed-forward block of experts for a whole team: each token goes to a few of them, and what they give is added by the router's probabilities. The
/// tokens of an expert lie side by side, so that its weights are read once.
/// </summary>
/// <remarks>Legend: D width, E experts, K chosen for a token.</remarks>
internal static unsafe class ExpertPass<S, V, W>
    where S : struct, ISimd<V>
    where V : struct
    where W : struct, IStorage
{
    /// <summary>Leaves in <see cref="Workspace.Branch"/> the rows of this member's share.</summary>
    /// <param name="activation">Of the gates.</param>
    /// <param name="layer">Has a router.</param>
    /// <param name="input">(rows, D), all of them, of this member.</param>
    /// <param name="rows">Tokens.</param>
    /// <param name="following">What is read afterwards.</param>
    /// <param name="space">Working memory.</param>
    /// <param name="team">Who computes.</param>
    /// <param name="rank">Which of them this is.</param>
    public static void Run(GateActivation activation, PackedLayer<S, V, W> layer, float* input, int rows, PackedMatrix<S, V, W> following,
        Workspace space, Team team, int rank)
    {
        var (experts, model) = (space.Experts!, space.Strides.Model);
        var partial = space.Partial(rank);
        TeamProduct<S, V, W>.Run<Assign<S, V>>([new(input, rows, layer.Router!, experts.Scores)], (model, experts.ScoreStride), layer.FeedForward[0].GateUp,
            partial, team, rank);
        team.Meet();
        var (first, last) = team.Share(rows, rank);
        for (var row = first; row < last; row++) Choose(experts, row);
        team.Meet();
        var (chosen, order) = (experts.Shape.Chosen, experts.Ordered(rank, rows));
        for (var pair = first * chosen; pair < last * chosen; pair++)
        {
            var token = new ReadOnlySpan<float>(input + (long)(pair / chosen) * model, model);
            token.CopyTo(new Span<float>(experts.Inputs + (long)order.Place[pair] * model, model));
        }
        team.Meet();
        var busy = Enumerable.Range(0, experts.Shape.Count).Where(expert => order.First[expert + 1] > order.First[expert]).ToArray();
        TeamProduct<S, V, W>.RunGated(activation, Pieces(busy, order, expert => layer.FeedForward[expert].GateUp, experts.Inputs, model, experts.Hidden,
            experts.HiddenStride), (model, experts.HiddenStride), layer.FeedForward[busy[0]].Down, partial, team, rank);
        team.Meet();
        TeamProduct<S, V, W>.Run<Assign<S, V>>(Pieces(busy, order, expert => layer.FeedForward[expert].Down, experts.Hidden, experts.HiddenStride,
            experts.Outputs, model), (experts.HiddenStride, model), following, partial, team, rank);
        team.Meet();
        for (var row = first; row < last; row++)
        {
            var sum = space.Branch + (long)row * model;
            new Span<float>(sum, model).Clear();
            for (var pair = row * chosen; pair < (row + 1) * chosen; pair++)
            {
                RowKernel<S, V>.AddScaled(experts.Outputs + (long)order.Place[pair] * model, experts.Shares[pair], model, sum);
            }
        }
    }

    /// <summary>The K experts with the largest probabilities, in the order of their numbers, and their shares.</summary>
    private static void Choose(ExpertSpace experts, int row)
    {
        var shape = experts.Shape;
        var scores = new ReadOnlySpan<float>(experts.Scores + (long)row * experts.ScoreStride, shape.Count);
        var chosen = experts.Chosen.AsSpan(row * shape.Chosen, shape.Chosen);
        for (var k = 0; k < shape.Chosen; k++)
        {
            var best = -1;
            for (var expert = 0; expert < shape.Count; expert++)
            {
                if ((best < 0 || scores[expert] > scores[best]) && !chosen[..k].Contains(expert)) best = expert;
            }
            chosen[k] = best;
        }
        chosen.Sort();
        var softmax = new SoftmaxRow(scores, 1);
        var total = shape.Renormalises ? 0 : softmax.Total;
        if (shape.Renormalises) foreach (var expert in chosen) total += softmax.Weights[expert];
        for (var k = 0; k < shape.Chosen; k++) experts.Shares[row * shape.Chosen + k] = (float)(softmax.Weights[chosen[k]] / total);
    }

    private static ProductPiece<S, V, W>[] Pieces(int[] busy, ExpertSpace.Order order, Func<int, PackedMatrix<S, V, W>> matrix,
        float* input, int inputStride, float* output, int outputStride) =>
        [.. busy.Select(expert => (Expert: expert, First: (long)order.First[expert])).Select(at => new ProductPiece<S, V, W>(
            input + at.First * inputStride, order.First[at.Expert + 1] - order.First[at.Expert], matrix(at.Expert), output + at.First * outputStride))];
}
