using FlowRL.Models;
using static TorchSharp.torch;

namespace FlowRL.Tests.Models;

public sealed class FiniteWeightsTests
{
    [Theory]
    [InlineData(float.NaN, "NaN")]
    [InlineData(float.PositiveInfinity, "Infinity")]
    [InlineData(float.NegativeInfinity, "-Infinity")]
    public void What_is_no_number_is_named_with_its_place(float value, string written)
    {
        using var scope = NewDisposeScope();
        foreach (var type in new[] { ScalarType.Float32, ScalarType.BFloat16, ScalarType.Float16, ScalarType.Float64 })
        {
            var weight = zeros([3, 4, 5], dtype: type);
            FiniteWeights.Require("model", "w", weight);
            weight[2, 1, 3] = value;
            Assert.Equal($"model: 'w' holds {written} at [2, 1, 3]; the weights are damaged, or their training ran away. Copy or download them again, or take " +
                "an earlier checkpoint.", Assert.Throws<BadInputException>(() => FiniteWeights.Require("model", "w", weight)).Message);
        }
    }

    [Fact]
    public void The_first_of_a_large_weight_is_found_behind_the_first_piece()
    {
        using var weight = zeros(5000, 1000);
        weight[4500, 7] = float.NaN;
        weight[4600, 7] = float.NaN;
        Assert.StartsWith("model: 'w' holds NaN at [4500, 7];",
            Assert.Throws<BadInputException>(() => FiniteWeights.Require("model", "w", weight)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_number_that_the_type_cannot_hold_is_told_as_it_is_stored()
    {
        using var weights = new WeightSet();
        weights.Add("w", CPU, ScalarType.BFloat16, 2);
        using var source = new OneWeight(tensor(new[] { 1.0, 1e300 }));
        Assert.Equal("model: 'w' holds 1E+300 at [1], more than BFloat16 can hold; set model.weights to float32, or take other weights.",
            Assert.Throws<BadInputException>(() => weights.CopyFrom(source, "model")).Message);
    }

    [Fact]
    public void Numbers_that_are_none_are_left_alone_where_they_cannot_be()
    {
        using var whole = ones(3, dtype: ScalarType.Int64);
        FiniteWeights.Require("model", "w", whole);
        using var none = zeros(0, 4);
        FiniteWeights.Require("model", "w", none);
    }

    private sealed class OneWeight(Tensor weight) : IWeightSource
    {
        public IReadOnlyCollection<string> Names => ["w"];

        public Tensor Read(string name) => weight.clone();

        public void Dispose() => weight.Dispose();
    }
}
