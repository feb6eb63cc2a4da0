using System.Text.Json.Nodes;
using FlowRL.Data;
using FlowRL.Files;
using FlowRL.Verifiers.Code;

namespace FlowRL.Tasks.Code;

/// <summary>LiveCodeBench (Jain and others, 2024): public and private tests as JSON in texts, the private ones often packed.</summary>
internal sealed class LiveCodeBenchLayout() : CodeLayout("livecodebench", "question_content", "public_test_cases")
{
    public override CodeRow? Read(DataRow row, out string problem)
    {
        if (Text(row, "question_content") is not { } asked) return Missing(out problem, "question_content");
        var function = FieldText.Of((Json(Text(row, "metadata")) as JsonObject)?["func_name"]) is { Length: > 0 } name ? name : null;
        var tests = new List<CodeTest>();
        foreach (var field in new[] { "public_test_cases", "private_test_cases" })
        {
            if (row.At(field) is not { } node) continue;
            var text = Text(row, field) ?? node.ToJsonString();
            if (Json(text) is not JsonArray && PackedText.Read(text) is { } unpacked) text = unpacked;
            if (Json(text) is not JsonArray list) return Missing(out problem, field);
            if (list.Count > 0 && Tests(list, function, out problem) is { } read) tests.AddRange(read);
            else if (list.Count > 0) return Missing(out problem, field);
        }
        problem = tests.Count == 0 ? "no tests" : "";
        if (tests.Count == 0) return null;
        return new CodeRow(Begun(asked, row), new CodeProblem(new CodeTests(tests)), FieldText.Of(row.At("question_id")), null);
    }

    private static IReadOnlyList<CodeTest>? Tests(JsonArray list, string? function, out string problem)
    {
        if (function is null) return TestReader.Read(list, out problem)?.Items;
        problem = "";
        if (!list.All(test => test is JsonObject)) return null;
        return [.. list.Select(test => new CodeTest.Arguments(function, TestReader.ArgumentsOf(test!["input"]), TestReader.Json(test["output"])))];
    }

    private static JsonNode? Json(string? text) => text is not null && StrictJson.TryParse(text, out var node) ? node : null;
}
