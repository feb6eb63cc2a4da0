using FlowRL.Numerics;
using static TorchSharp.torch;

namespace FlowRL.Models.Functions;

/// <summary>
/// Rows of a matrix by their numbers. Backward adds what a row has of each of its copies in the copies' order: the tensor library's own way of doing so
/// depends on its threads.
/// </summary>
internal sealed class GatheredRows : autograd.SingleTensorFunction<GatheredRows>
{
    public override string Name => nameof(GatheredRows);

    /// <param name="source">(N, D).</param>
    /// <param name="rows">(M) int64, each below N.</param>
    /// <returns>(M, D).</returns>
    public static Tensor Apply(Tensor source, Tensor rows) => apply(source, rows);

    public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
    {
        var (source, rows) = ((Tensor)vars[0], (Tensor)vars[1]);
        ctx.save_for_backward([source, rows]);
        using var _ = no_grad();
        return source.index_select(0, rows);
    }

    public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output)
    {
        using var pass = new BackwardPass(ctx, grad_output);
        var gradient = zeros_like(pass.Saved[0]);
        RowSums.Add(gradient, pass.Saved[1], pass.Gradient);
        return pass.Give(gradient, null!);
    }
}

/// <summary>Means of adjacent rows of a matrix.</summary>
internal sealed class RangeMeans : autograd.SingleTensorFunction<RangeMeans>
{
    public override string Name => nameof(RangeMeans);

    /// <param name="source">(N, D).</param>
    /// <param name="ranges">Where each range begins, and how many rows it has, at least 1.</param>
    /// <returns>(ranges, D).</returns>
    public static Tensor Apply(Tensor source, IReadOnlyList<(int Start, int Count)> ranges) => apply(source, ranges);

    public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
    {
        var (source, ranges) = ((Tensor)vars[0], (IReadOnlyList<(int Start, int Count)>)vars[1]);
        ctx.save_for_backward([source]);
        ctx.save_data(nameof(ranges), ranges);
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        return stack(ranges.Select(range => source.narrow(0, range.Start, range.Count).sum([0L]) / Scalars.Of((double)range.Count)))
            .MoveToOuterDisposeScope();
    }

    public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output)
    {
        using var pass = new BackwardPass(ctx, grad_output);
        var ranges = (IReadOnlyList<(int Start, int Count)>)ctx.get_data("ranges");
        var gradient = zeros_like(pass.Saved[0]);
        foreach (var (range, (start, count)) in ranges.Index())
        {
            gradient.narrow(0, start, count).PlusInPlace(pass.Gradient[range] / Scalars.Of((double)count));
        }
        return pass.Give(gradient, null!);
    }
}
