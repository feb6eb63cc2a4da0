using System.Text.Json.Nodes;
using CsCheck;
using FlowRL.Data;

namespace FlowRL.Tests.Support;

/// <summary>Rows with one value, anywhere in them or in JSON inside of a text, made into something else.</summary>
public static class OddRows
{
    private static readonly string[] Oddities =
        ["null", "7", "1e999", "true", "\"\"", "\"x\"", "\"{}\"", "\"[1,{\\\"a\\\":2}]\"", "[]", "[null]", "[[],{}]", "{}", """{"inputs":3}""", """{"func_name":[]}"""];

    /// <param name="rows">Rows that are as they should be.</param>
    public static Gen<DataRow> Of(IReadOnlyList<string> rows) =>
        Gen.Select(Gen.OneOf([.. rows]), Gen.OneOf(Oddities), Gen.Int[1, 30]).Select((row, odd, place) =>
            new DataRow("rows.jsonl", 1, (JsonObject)Replaced(JsonNode.Parse(row), JsonNode.Parse(odd), ref place)!));

    /// <summary>The tree with its node number <paramref name="left"/> exchanged; a text that holds JSON is a tree of its own.</summary>
    private static JsonNode? Replaced(JsonNode? node, JsonNode? odd, ref int left)
    {
        if (left-- == 0) return odd?.DeepClone();
        switch (node)
        {
            case JsonArray list:
                var items = new JsonArray();
                foreach (var item in list) items.Add(Replaced(item, odd, ref left));
                return items;
            case JsonObject fields:
                var copy = new JsonObject();
                foreach (var (name, value) in fields) copy[name] = Replaced(value, odd, ref left);
                return copy;
            case JsonValue value when value.TryGetValue<string>(out var text) && text.StartsWith('[') | text.StartsWith('{'):
                return Replaced(JsonNode.Parse(text), odd, ref left)?.ToJsonString();
            default:
                return node?.DeepClone();
        }
    }
}
