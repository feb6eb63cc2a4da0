using System.Text.Json;
using System.Text.Json.Nodes;

namespace FlowRL.Verifiers.Code;

/// <summary>Tests as judge.py reads them.</summary>
internal static class JudgeWork
{
    public static JsonObject Of(CodeTests tests, bool stopAtFailure) => new()
    {
        ["entry"] = tests.Function,
        ["prelude"] = tests.Prelude,
        ["stop_at_failure"] = stopAtFailure,
        ["tests"] = new JsonArray([.. tests.Items.Select(test => One(test, tests))]),
    };

    private static JsonObject One(CodeTest test, CodeTests tests) => test switch
    {
        CodeTest.Call call => Call(call, tests.Tolerance),
        CodeTest.Observe observe => new JsonObject
        {
            ["kind"] = "observe",
            ["expressions"] = new JsonArray([.. observe.Expressions.Select(text => (JsonNode)text)]),
        },
        CodeTest.Script script => new JsonObject { ["kind"] = "script", ["script"] = script.Text },
        CodeTest.Reference reference => new JsonObject
        {
            ["kind"] = "reference",
            ["entry"] = tests.Function,
            ["reference"] = reference.Solution,
            ["inputs"] = reference.Inputs.DeepClone(),
            ["examples"] = reference.Examples,
            ["agreement"] = JsonNamingPolicy.SnakeCaseLower.ConvertName(reference.Agreement.ToString()),
            ["tolerance"] = tests.Tolerance,
        },
        _ => throw new ArgumentException($"{test.GetType().Name} is not for the judge.", nameof(test)),
    };

    // A text may be meant as itself or as the Python literal that it writes, which is the only way to say a tuple or a set.
    private static JsonObject Call(CodeTest.Call call, double tolerance)
    {
        var work = new JsonObject { ["kind"] = "call", ["call"] = call.Expression, ["value"] = call.Expected?.DeepClone(), ["tolerance"] = tolerance };
        if (call.Expected is JsonValue value && value.TryGetValue<string>(out var text)) work["literal"] = text;
        return work;
    }
}
