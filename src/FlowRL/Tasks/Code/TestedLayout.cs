using System.Text.Json.Nodes;
using FlowRL.Data;
using FlowRL.Verifiers.Code;

namespace FlowRL.Tasks.Code;

/// <summary>
/// A problem with its tests, as in DeepCoder, TACO, APPS, CodeContests and KodCode: <c>tests</c>, <c>input_output</c>, <c>functional</c> or <c>test</c>,
/// beside <c>problem</c>, <c>question</c>, <c>description</c> or <c>prompt</c>.
/// </summary>
internal sealed class TestedLayout() : CodeLayout("tests")
{
    private static readonly string[] Problems = ["problem", "question", "description", "prompt"];
    private static readonly string[] Solutions = ["solution", "solutions"];

    public override bool Fits(DataRow row) => TestReader.Of(row) is not null;

    public override CodeRow? Read(DataRow row, out string problem)
    {
        if (TestReader.Read(TestReader.Of(row), out problem) is not { } tests) return null;
        if (Text(row, "entry_point") is { } entry) tests = tests with { Function = entry };
        if (Problems.Select(field => Text(row, field)).FirstOrDefault(text => text is not null) is not { } asked) return Missing(out problem, Problems);
        var solution = Solutions.Select(row.At)
            .Select(node => FieldText.Of(node is JsonArray list ? list.FirstOrDefault() : node)).FirstOrDefault(found => found is not null);
        return new CodeRow(Begun(asked, row), new CodeProblem(tests), FieldText.Of(row.At("id")), solution);
    }
}

/// <summary>verl's five fields with tests as ground truth: <c>inputs</c> and <c>outputs</c>, as JSON or as a text that holds it.</summary>
internal sealed class VerlCodeLayout() : CodeLayout("verl_code", "prompt", "reward_model.ground_truth")
{
    public override CodeRow? Read(DataRow row, out string problem)
    {
        if (TestReader.Read(row.At("reward_model.ground_truth"), out problem) is not { } tests) return null;
        var prompt = row.At("prompt");
        var text = prompt is JsonArray messages ? (messages.LastOrDefault() as JsonObject)?["content"] : prompt;
        return FieldText.Of(text) is { } asked
            ? new CodeRow(asked, new CodeProblem(tests), FieldText.Of(row.At("extra_info.index")), null) : Missing(out problem, "prompt");
    }
}
