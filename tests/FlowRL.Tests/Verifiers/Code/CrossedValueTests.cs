using System.Text.Json.Nodes;
using CsCheck;
using FlowRL.Verifiers.Code;

namespace FlowRL.Tests.Verifiers.Code;

public sealed class CrossedValueTests
{
    private static readonly Gen<string> Leaves = Gen.OneOf("1", "-2", "0.5", "1e999", "99999999999999999999", "true", "null", "\"a\"", "\"list\"", "\"\"");

    private static readonly Gen<string> Values = Gen.Recursive<string>((depth, inner) => depth > 3 ? Leaves : Gen.OneOf(
        Leaves,
        inner.Array[0, 3].Select(items => $"[{string.Join(',', items)}]"),
        inner.Array[0, 3].Select(items => $"{{{string.Join(',', items.Select((item, i) => $"\"k{i}\":{item}"))}}}")));

    [Fact]
    public void A_value_agrees_with_itself_and_with_nothing_that_is_written_differently() => Gen.Select(Values, Values).Sample((one, other) =>
    {
        var crossed = CrossedValue.Of(JsonNode.Parse(one));

        Assert.True(CrossedValue.Agrees(JsonNode.Parse(one), crossed, 1e-6));
        // True is 1 to Python, and a list of one value may stand for the value.
        if (one != other && !one.Contains("true") && !other.Contains("true") && other != $"[{one}]") Assert.False(CrossedValue.Agrees(JsonNode.Parse(other), crossed, 1e-6));
    });

    /// <summary>What a program writes may look like nothing that our Python writes.</summary>
    [Fact]
    public void Anything_can_be_compared() => Gen.Select(Values, Values).Sample((expected, forged) =>
    {
        _ = CrossedValue.Agrees(JsonNode.Parse(expected), JsonNode.Parse(forged), 1e-6);
        _ = CrossedValue.Write(JsonNode.Parse(forged));
    });

    [Theory]
    [InlineData("""["dict",["a",1],["a",1]]""")]
    [InlineData("""["dict",["a",1]]""")]
    [InlineData("""["dict",["a",1],["b",2,3]]""")]
    [InlineData("""["dict",["a",1],2]""")]
    public void A_forged_dictionary_does_not_agree(string forged) =>
        Assert.False(CrossedValue.Agrees(JsonNode.Parse("""{"a":1,"b":2}"""), JsonNode.Parse(forged), 1e-6));
}
