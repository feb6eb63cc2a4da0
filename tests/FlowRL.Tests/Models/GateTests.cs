using FlowRL.Models;
using static TorchSharp.torch;

namespace FlowRL.Tests.Models;

public sealed class GateTests
{
    /// <summary>Values and slopes of x/2 · (1 + tanh(√(2/π) · (x + 0.044715 x³))), the slopes from differences in float64.</summary>
    [Fact]
    public void Gelu_and_its_gradients_are_those_of_its_formula()
    {
        static double Gelu(double x) => x / 2 * (1 + Math.Tanh(Math.Sqrt(2 / Math.PI) * (x + 0.044715 * x * x * x)));
        using var scope = NewDisposeScope();
        float[] values = [-9, -2, -0.75f, -0.1f, 0, 0.4f, 1.5f, 8];
        var gate = tensor(values, [2, 4]).requires_grad_(true);
        var up = tensor([.. values.Select(x => 1 - x)], [2, 4]).requires_grad_(true);
        var gated = Gate.Apply(GateActivation.GeluTanh, gate, up);
        gated.sum().backward();
        Assert.Equal(-0.1700, Gelu(-0.75), 1e-4);
        foreach (var (i, x) in values.Index())
        {
            Assert.Equal(Gelu(x) * (1 - (double)x), gated.flatten()[i].item<float>(), 1e-5);
            Assert.Equal((Gelu(x + 1e-5) - Gelu(x - 1e-5)) / 2e-5 * (1 - (double)x), gate.grad!.flatten()[i].item<float>(), 1e-5);
            Assert.Equal(Gelu(x), up.grad!.flatten()[i].item<float>(), 1e-5);
        }
    }
}
