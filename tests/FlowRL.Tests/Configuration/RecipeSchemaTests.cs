using System.Text.Json.Nodes;
using FlowRL.Configuration;

namespace FlowRL.Tests.Configuration;

public sealed class RecipeSchemaTests
{
    private static readonly JsonObject Schema = OptionsSchema.For<ToyRecipe>(Toy.Variants);

    [Theory]
    [InlineData("steps", """{"description":"Steps | to go.","type":"integer","minimum":1,"default":100}""")]
    [InlineData("seed", """{"type":"integer","minimum":0,"default":1}""")]
    [InlineData("learning_rate", """{"type":"number","minimum":0,"maximum":1,"default":1E-06}""")]
    [InlineData("mode", """{"enum":["constant_rate","cosine2"],"default":"constant_rate"}""")]
    [InlineData("limit", """{"anyOf":[{"type":"number"},{"type":"null"}],"default":null}""")]
    [InlineData("sizes", """{"type":"array","items":{"type":"integer"},"default":[1,2]}""")]
    [InlineData("inner", """
        {"type":"object","properties":{"width":{"type":"integer","minimum":1,"maximum":100,"default":7},
        "height":{"type":"integer","default":4}},
        "additionalProperties":false}
        """)]
    [InlineData("algorithm", """
        {"oneOf":[{"enum":["flow","plain"]},
        {"type":"object","properties":{"type":{"const":"flow"},"beta":{"type":"number","minimum":0,"maximum":100,"default":15},
        "normalised":{"type":"boolean","default":true}},"additionalProperties":false,"required":["type"]},
        {"type":"object","properties":{"type":{"const":"group"},"beta":{"type":"number","minimum":0,"maximum":100,"default":15},
        "members":{"type":"integer"}},"additionalProperties":false,"required":["type","members"]},
        {"type":"object","properties":{"type":{"const":"plain"},"beta":{"type":"number","minimum":0,"maximum":100,"default":15}},
        "additionalProperties":false,"required":["type"]}]}
        """)]
    public void A_key_has_its_type_limits_default_and_meaning(string key, string expected) =>
        Assert.Equal(JsonNode.Parse(expected)!.ToJsonString(), Schema["properties"]![key]!.ToJsonString());

    [Fact]
    public void The_root_names_the_draft_and_what_is_required()
    {
        Assert.Equal("https://json-schema.org/draft/2020-12/schema", (string)Schema["$schema"]!);
        Assert.Equal("toy recipe", (string)Schema["title"]!);
        Assert.Equal("[\"algorithm\"]", Schema["required"]!.ToJsonString());
        Assert.Null(Schema["properties"]!["is_derived"]);
    }

    [Fact]
    public void The_table_has_a_row_for_each_key() => Assert.Contains(
        "| `steps` | whole number 1 or more | `100` | Steps \\| to go. |\n", OptionsReference.Markdown<ToyRecipe>(Toy.Variants));
}
