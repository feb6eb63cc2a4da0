using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using FlowRL.Configuration;
using FlowRL.Decoding;
using FlowRL.Models;

namespace FlowRL.Recipes;

/// <summary>Everything that decides log-probabilities of given texts (<c>flowrl score</c>), but for the texts.</summary>
internal sealed record ScoreRecipe : IValidated
{
    [Description("The model whose log-probabilities are computed.")]
    public ModelOptions Model { get; init; } = new();

    [Description("cpu and auto: vector kernels where the model is on the CPU and they know its parts, else tensor operations, which is said; " +
        "tensor: tensor operations, on any device.")]
    public EngineKind Engine { get; init; } = EngineKind.Auto;

    [Description("Tokens that pass through the model at once.")]
    [Range(1, 1 << 20)]
    public int TokenBudget { get; init; } = 8192;

    [Description("Threads for tensor work; 0 takes one a core.")]
    [Range(0, 1024)]
    public int Threads { get; init; }

    public IEnumerable<string> Validate() => Model.RefuseTraining();
}
