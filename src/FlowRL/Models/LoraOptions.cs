using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using FlowRL.Configuration;
using FlowRL.Models.Adapters;

namespace FlowRL.Models;

/// <summary>Low-rank adapters (LoRA, arXiv 2106.09685), trained in place of the weights. Two are equal where they adapt and train the same.</summary>
public sealed record LoraOptions : IValidated
{
    [Description("Rank of the adapters (LoRA) that are trained while the weights stay as they are; 0 trains the weights themselves.")]
    [Range(0, 65536)]
    public int Rank { get; init; }

    [Description("An adapter's product is multiplied by alpha / rank.")]
    [Range(1e-6, 1e6)]
    public double Alpha { get; init; } = 32;

    [Description("Whether an adapter's product is multiplied by alpha / √rank in place of alpha / rank (rsLoRA), so that higher ranks learn as fast as " +
        "low ones.")]
    public bool RankStabilized { get; init; }

    [Description("Share of each adapter's inputs that an update leaves out, drawn anew for each pass over a micro-batch (the rest counts for more); " +
        "sampling, scoring and evaluation leave nothing out. 0 switches it off.")]
    [Range(0.0, 0.9)]
    public double Dropout { get; init; }

    [Description("The matrices of each layer that have an adapter: by what they do (q_proj to down_proj, whatever the family calls them), or by " +
        "the family's own name.")]
    public IReadOnlyList<Projection> TargetModules { get; init; } = Projections.Roles;

    /// <summary>Ranks of some modules, the first that fits; files have them, recipes do not.</summary>
    internal IReadOnlyList<AdapterPattern> RankPattern { get; init; } = [];

    /// <summary>Alphas of some modules, the first that fits; files have them, recipes do not.</summary>
    internal IReadOnlyList<AdapterPattern> AlphaPattern { get; init; } = [];

    /// <summary>Whether there are adapters at all.</summary>
    public bool IsOn => Rank > 0;

    /// <summary>The target modules as files and recipes name them, in the order of a layer.</summary>
    public IEnumerable<string> ModuleNames => TargetModules.Order().Select(module => OptionNames.Of(module.ToString()));

    public IEnumerable<string> Validate()
    {
        if (IsOn && TargetModules.Count == 0) yield return "target_modules: names no matrix; name at least one, or set rank to 0.";
        foreach (var name in ModuleNames.GroupBy(name => name).Where(group => group.Count() > 1).Select(group => group.Key))
            yield return $"target_modules: '{name}' stands there twice; name each matrix once.";
    }

    public bool Equals(LoraOptions? other) =>
        other is not null && Rank == other.Rank && Alpha.Equals(other.Alpha) && Dropout.Equals(other.Dropout)
        && RankStabilized == other.RankStabilized && RankPattern.SequenceEqual(other.RankPattern) && AlphaPattern.SequenceEqual(other.AlphaPattern)
        && TargetModules.Order().SequenceEqual(other.TargetModules.Order());

    public override int GetHashCode() => HashCode.Combine(Rank, Alpha, TargetModules.Count);
}

/// <summary>
/// The weight matrices of a layer. The first seven say what a matrix does, under the names that Hugging Face gives it mostly; the others are what some
/// families call theirs.
/// </summary>
public enum Projection
{
    QProj, KProj, VProj, OProj, GateProj, UpProj, DownProj,

    /// <summary>Queries, keys and values in one.</summary>
    QkvProj,

    /// <summary>Gates and ups in one.</summary>
    GateUpProj,

    /// <summary>Gates and ups of a block that is called shared.</summary>
    InputLinear,
    OutputLinear,

    /// <summary>What mixing tokens gives, where that is not called <see cref="OProj"/>.</summary>
    OutProj,

    /// <summary>What a convolution reads.</summary>
    InProj,

    /// <summary>Gates, downs and ups, by number.</summary>
    W1, W2, W3,
}

/// <summary>What matrices do, whatever they are called.</summary>
internal static class Projections
{
    /// <summary>Those that layers are laid out by, in the order of a layer.</summary>
    public static IReadOnlyList<Projection> Roles { get; } =
        [Projection.QProj, Projection.KProj, Projection.VProj, Projection.OProj, Projection.GateProj, Projection.UpProj, Projection.DownProj];
}
