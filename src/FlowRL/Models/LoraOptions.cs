using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using FlowRL.Configuration;

namespace FlowRL.Models;

/// <summary>Low-rank adapters (LoRA, arXiv 2106.09685), trained in place of the weights. Two are equal where they adapt and train the same.</summary>
public sealed record LoraOptions : IValidated
{
    private static readonly IReadOnlyList<Projection> All = Enum.GetValues<Projection>();

    [Description("Rank of the adapters (LoRA) that are trained while the weights stay as they are; 0 trains the weights themselves.")]
    [Range(0, 65536)]
    public int Rank { get; init; }

    [Description("An adapter's product is multiplied by alpha / rank.")]
    [Range(1e-6, 1e6)]
    public double Alpha { get; init; } = 32;

    [Description("Share of each adapter's inputs that an update leaves out, drawn anew for each pass over a micro-batch (the rest counts for more); " +
        "sampling, scoring and evaluation leave nothing out. 0 switches it off.")]
    [Range(0.0, 0.9)]
    public double Dropout { get; init; }

    [Description("The matrices of each layer that have an adapter.")]
    public IReadOnlyList<Projection> TargetModules { get; init; } = All;

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
        && TargetModules.Order().SequenceEqual(other.TargetModules.Order());

    public override int GetHashCode() => HashCode.Combine(Rank, Alpha, TargetModules.Count);
}

/// <summary>The weight matrices of a layer, under the names that Hugging Face gives them.</summary>
public enum Projection { QProj, KProj, VProj, OProj, GateProj, UpProj, DownProj }
