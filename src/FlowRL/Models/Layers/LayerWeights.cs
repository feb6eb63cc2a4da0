using static TorchSharp.torch;

namespace FlowRL.Models.Layers;

/// <summary>What the parts of a layer are made of: norms, products and tensors by their place in the layout. Borrows everything.</summary>
/// <param name="config">The shape.</param>
/// <param name="weights">Has them.</param>
/// <param name="adapter">Gives the adapter of a matrix by the matrix's name; null for none.</param>
internal sealed class LayerWeights(DecoderConfig config, WeightSet weights, Func<string, LowRank?> adapter)
{
    public DecoderConfig Config => config;

    public Tensor Of(WeightShape weight) => weights[weight.Name];

    public RmsNorm Norm(WeightShape norm) => new(Of(norm), config.NormEpsilon, norm.Role == WeightRole.ShiftedNorm);

    /// <summary>Null where there is no such norm.</summary>
    public RmsNorm? OptionalNorm(WeightShape? norm) => norm is null ? null : Norm(norm);

    /// <summary>The product with the whole matrix.</summary>
    public Linear Product(ProjectionLayout projection) =>
        new(Of(projection.Matrix), projection.Bias is { } bias ? Of(bias) : null, adapter(projection.Matrix.Name));

    /// <summary>The products of matrices that read the same inputs.</summary>
    public InputProducts Products(params ProjectionLayout[] projections) => new(projections, Product);
}

/// <summary>Products with the same inputs; those whose matrices are rows of one are computed as one.</summary>
internal sealed class InputProducts
{
    private readonly (Linear Product, ProjectionLayout[] Parts)[] _modules;

    /// <param name="projections">In the order of the results; rows of one matrix stand together.</param>
    /// <param name="product">Makes the product with a whole matrix.</param>
    public InputProducts(IEnumerable<ProjectionLayout> projections, Func<ProjectionLayout, Linear> product) =>
        _modules = [.. projections.GroupBy(projection => projection.Module).Select(module => (product(module.First()), module.ToArray()))];

    /// <summary>(N, in) to one (N, out) for each projection.</summary>
    public Tensor[] Apply(Tensor x) => [.. _modules.SelectMany(module =>
    {
        var y = module.Product.Apply(x);
        return module.Parts.Select(part => part.IsPart ? y.narrow(1, part.FirstRow, part.Outputs).contiguous() : y);
    })];
}
