using System.Text.Json.Nodes;
using FlowRL.Data;
using FlowRL.Rewards.Code;

namespace FlowRL.Tasks.Code;

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
