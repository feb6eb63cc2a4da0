using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using FlowRL.Configuration;

namespace FlowRL.Tests.Configuration;

/// <summary>One of everything that a recipe can hold.</summary>
internal sealed record ToyRecipe : IValidated
{
    public required ToyAlgorithm Algorithm { get; init; }

    [Description("Steps | to go.")]
    [Range(1, int.MaxValue)]
    public int Steps { get; init; } = 100;

    [Range(0L, long.MaxValue)]
    public long Seed { get; init; } = 1;

    [Range(0.0, 1.0)]
    public double LearningRate { get; init; } = 1e-6;

    public float Decay { get; init; } = 0.1f;

    public bool Shuffle { get; init; }

    public ToyMode Mode { get; init; } = ToyMode.ConstantRate;

    public string Name { get; init; } = "toy";

    public double? Limit { get; init; }

    public string? Note { get; init; }

    public IReadOnlyList<string> Stops { get; init; } = [];

    public IReadOnlyList<int> Sizes { get; init; } = [1, 2];

    public IReadOnlyList<ToyAlgorithm> Mixture { get; init; } = [];

    public ToyInner Inner { get; init; } = new() { Width = 7 };

    public ToyInner? Extra { get; init; }

    public bool IsDerived => Steps > 1;

    public IEnumerable<string> Validate()
    {
        if (Steps % Inner.Width != 0 && Inner.Width != 7) yield return $"inner.width: {Inner.Width} does not divide {Steps} steps.";
        if (Name == "bad") yield return "name: 'bad' is taken.";
    }
}

internal enum ToyMode { ConstantRate, Cosine2 }

internal sealed record ToyInner : IValidated
{
    [Range(1, 100)]
    public int Width { get; init; } = 3;

    public int Height { get; init; } = 4;

    public IEnumerable<string> Validate()
    {
        if (Height > Width * 10) yield return $"height: {Height} is more than ten times the width ({Width}).";
    }
}

internal abstract record ToyAlgorithm
{
    [Range(0.0, 100.0)]
    public double Beta { get; init; } = 15;
}

[Variant("flow")]
internal sealed record ToyFlow : ToyAlgorithm
{
    public bool Normalised { get; init; } = true;
}

[Variant("group")]
internal sealed record ToyGroup : ToyAlgorithm
{
    public required int Members { get; init; }
}

[Variant("plain")]
internal sealed record ToyPlain : ToyAlgorithm;
