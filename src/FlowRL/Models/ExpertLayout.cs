namespace FlowRL.Models;

/// <summary>The weights of one layer's experts. Legend: E experts, D width, F inner width of each.</summary>
internal sealed class ExpertLayout
{
    public ExpertLayout(DecoderConfig config, int layer, ExpertShape shape)
    {
        var names = config.Names;
        long count = shape.Count, width = config.Width, inner = shape.Width;
        Router = Matrix(names.Router, WeightRole.Matrix, [count, width]);
        if (shape.AreStacked)
        {
            RouterBias = new WeightShape(names.BiasInLayer(layer, names.Router), WeightRole.Bias, [count]);
            WeightShape Stacked(string name, WeightRole role, params long[] sizes) =>
                new(names.BareInLayer(layer, $"{names.Experts}.{name}"), role, [count, .. sizes]);
            (GateUp, GateUpBias) = (Stacked("gate_up_proj", WeightRole.Matrix, width, 2 * inner), Stacked("gate_up_proj_bias", WeightRole.Bias, 2 * inner));
            (Down, DownBias) = (Stacked("down_proj", WeightRole.Residual, inner, width), Stacked("down_proj_bias", WeightRole.Bias, width));
            Own = [];
            return;
        }
        WeightShape Matrix(string name, WeightRole role, long[] sizes) => new(names.InLayer(layer, name), role, sizes);
        ProjectionLayout Expert(int expert, string name, WeightRole role, long outputs, long inputs) =>
            new(Matrix($"{names.Experts}.{expert}.{name}", role, [outputs, inputs]), null);
        Own = [.. Enumerable.Range(0, shape.Count).Select(expert => new OwnExpert(
            Expert(expert, "gate_proj", WeightRole.Matrix, inner, width), Expert(expert, "up_proj", WeightRole.Matrix, inner, width),
            Expert(expert, "down_proj", WeightRole.Residual, width, inner)))];
    }

    /// <summary>(E, D).</summary>
    public WeightShape Router { get; }

    /// <summary>(E); null where the router has none.</summary>
    public WeightShape? RouterBias { get; }

    /// <summary>The experts' own matrices; none where all are in one tensor.</summary>
    public IReadOnlyList<OwnExpert> Own { get; }

    /// <summary>(E, D, 2 F): gates in even columns, ups in odd ones; null where experts have matrices of their own, as are the next three.</summary>
    public WeightShape? GateUp { get; }

    /// <summary>(E, 2 F).</summary>
    public WeightShape? GateUpBias { get; }

    /// <summary>(E, F, D).</summary>
    public WeightShape? Down { get; }

    /// <summary>(E, D).</summary>
    public WeightShape? DownBias { get; }

    /// <summary>The matrices that can be adapted.</summary>
    public IEnumerable<(ProjectionLayout Matrix, IReadOnlyList<Projection> Roles)> Matrices => Own.SelectMany(expert => new[]
    {
        (expert.Gate, (IReadOnlyList<Projection>)[Projection.GateProj]), (expert.Up, [Projection.UpProj]), (expert.Down, [Projection.DownProj]),
    });

    public IEnumerable<WeightShape?> All =>
    [
        Router, RouterBias, .. Own.SelectMany(expert => new[] { expert.Gate.Matrix, expert.Up.Matrix, expert.Down.Matrix }),
        GateUp, GateUpBias, Down, DownBias,
    ];
}

/// <summary>The three matrices of an expert.</summary>
internal sealed record OwnExpert(ProjectionLayout Gate, ProjectionLayout Up, ProjectionLayout Down);
