using System.Text.Json.Nodes;
using FlowRL.Data;
using FlowRL.Files;

namespace FlowRL.Verifiers.Code;

/// <summary>
/// Reads tests as people write them: a list of <c>input</c>/<c>output</c>, of <c>call</c>/<c>expected</c>, of <c>script</c>, or mixed; one script as a
/// text or under <c>script</c> or <c>functional</c>; or the two lists <c>inputs</c> and <c>outputs</c>, with <c>fn_name</c> where they are arguments
/// and values.
/// </summary>
internal static class TestReader
{
    /// <param name="node">A row's tests.</param>
    /// <param name="problem">What is wrong with them, where the result is null.</param>
    public static CodeTests? Read(JsonNode? node, out string problem)
    {
        problem = "";
        var tests = node switch
        {
            JsonValue value when value.TryGetValue<string>(out var text) =>
                Parsed(text) is { } inner ? Read(inner, out problem) : Of(new CodeTest.Script(text)),
            JsonArray list => List(list, out problem),
            JsonObject { Count: > 0 } fields when fields["inputs"] is JsonArray inputs && fields["outputs"] is JsonArray outputs =>
                Pairs(inputs, outputs, Name(fields["fn_name"]), out problem),
            JsonObject fields => One(fields, out problem) is { } test ? Of(test) with { Function = Name(fields["entry_point"]) ?? "" } : null,
            _ => null,
        };
        if (tests is null && problem == "") problem = "no 'tests' that are a list, an object or a script";
        return tests is { Items.Count: 0 } ? Without(out problem) : tests;
    }

    /// <summary>A row's tests under the names that they have; null where it has none.</summary>
    public static JsonNode? Of(DataRow row) => row.At("tests") ?? row.At("input_output") ??
        (row.At("functional") is { } functional ? new JsonObject { ["functional"] = functional.DeepClone() } : row.At("test"));

    private static CodeTests? Without(out string problem)
    {
        problem = "'tests' are empty, and every program would pass";
        return null;
    }

    private static CodeTests Of(CodeTest test) => new([test]);

    // Data sets often hold the tests as JSON inside of a text.
    private static JsonNode? Parsed(string text) => text.AsSpan().TrimStart() is ['{' or '[', ..] && StrictJson.TryParse(text, out var node) ? node : null;

    private static CodeTests? List(JsonArray list, out string problem)
    {
        var tests = new List<CodeTest>();
        problem = "";
        foreach (var (number, item) in list.Index())
        {
            var test = item switch
            {
                JsonValue value when value.TryGetValue<string>(out var script) => new CodeTest.Script(script),
                JsonObject fields => One(fields, out problem),
                _ => null,
            };
            if (test is null)
            {
                problem = $"test {number + 1}: {(problem == "" ? "neither a text nor an object" : problem)}";
                return null;
            }
            tests.Add(test);
        }
        return new CodeTests(tests);
    }

    private static CodeTest? One(JsonObject fields, out string problem)
    {
        problem = "";
        if ((Filled(fields["script"]) ?? Filled(fields["functional"])) is { } script) return new CodeTest.Script(script);
        if (Function(fields) is { } function && fields.ContainsKey("input") && fields.ContainsKey("output"))
            return new CodeTest.Arguments(function, ArgumentsOf(fields["input"]), Json(fields["output"]));
        if (Text(fields["call"]) is { } call && fields.ContainsKey("expected")) return new CodeTest.Call(call, fields["expected"]);
        if (Text(fields["input"]) is { } input && Text(fields["output"]) is { } output) return new CodeTest.Whole(input, output);
        problem = "neither 'input' with 'output', 'call' with 'expected', nor 'script'";
        return null;
    }

    /// <summary>The function that an <c>input</c> is for: its arguments, not what a program reads. Null where a program reads it.</summary>
    private static string? Function(JsonObject fields) =>
        FieldText.Of(fields["testtype"]) == "stdin" ? null : Name(fields["fn_name"]) ?? Name((fields["metadata"] as JsonObject)?["func_name"]);

    // Columns have an empty one where there is none.
    private static string? Name(JsonNode? node) => FieldText.Of(node)?.Trim() is { Length: > 0 } name ? name : null;

    /// <summary>Arguments as a list, or as JSON one a line.</summary>
    internal static JsonArray ArgumentsOf(JsonNode? node) => node is JsonArray list ? (JsonArray)list.DeepClone()
        : [.. (FieldText.Of(node) ?? "").Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => Json(line))];

    /// <summary>A value that may have been written as a text.</summary>
    internal static JsonNode? Json(JsonNode? node) =>
        node is JsonValue value && value.TryGetValue<string>(out var text) && StrictJson.TryParse(text, out var parsed) ? parsed : node?.DeepClone();

    private static CodeTests? Pairs(JsonArray inputs, JsonArray outputs, string? function, out string problem)
    {
        problem = inputs.Count == outputs.Count ? "" : $"{inputs.Count} inputs and {outputs.Count} outputs";
        var tests = new List<CodeTest>();
        foreach (var (input, output) in inputs.Zip(outputs))
        {
            if (function is not null) tests.Add(new CodeTest.Arguments(function, input as JsonArray ?? [input?.DeepClone()], output));
            else if (Text(input) is { } given && Text(output) is { } printed) tests.Add(new CodeTest.Whole(given, printed));
            else problem = $"test {tests.Count + 1}: neither texts nor, with fn_name, arguments";
        }
        return problem == "" ? new CodeTests(tests) { Function = function ?? "" } : null;
    }

    private static string? Filled(JsonNode? node) => Text(node) is { } text && !string.IsNullOrWhiteSpace(text) ? text : null;

    private static string? Text(JsonNode? node) => node switch
    {
        JsonValue value when value.TryGetValue<string>(out var text) => text,
        JsonArray lines when lines.All(line => line is JsonValue value && value.TryGetValue<string>(out _)) =>
            string.Join('\n', lines.Select(line => (string?)line)),
        JsonValue value => value.ToJsonString(),
        _ => null,
    };
}
