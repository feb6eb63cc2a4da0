using System.Text.Json;
using System.Text.Json.Nodes;
using FlowRL.Rewards;
using FlowRL.Rollouts;
using FlowRL.Runs;
using FlowRL.Tasks;

namespace FlowRL.Cli.Rows;

/// <summary>Responses and scores as JSON objects, one a line.</summary>
internal static class ResponseLine
{
    /// <summary>What was sampled for a row of a file.</summary>
    /// <param name="row">The row.</param>
    /// <param name="index">Which of its responses, from 0.</param>
    /// <param name="response">The response.</param>
    public static string Of(PromptRow row, int index, Response response) => CommandResult.Line(new JsonObject
    {
        ["id"] = row.Id.DeepClone(),
        [row.IsChat ? "messages" : "prompt"] = row.Source.DeepClone(),
        ["index"] = index,
        ["text"] = response.Text,
        ["tokens"] = response.Length,
        ["log_probability"] = LogProbability(response),
        ["finish_reason"] = Name(response.FinishReason),
    });

    /// <summary>A response of an evaluation with what the verifier says of it.</summary>
    /// <param name="group">The problem's responses.</param>
    /// <param name="index">Which of them, from 0.</param>
    public static string Of(ScoredGroup group, int index)
    {
        var (response, verdict) = (group.Rollout.Responses[index], group.Verdicts[index]);
        var score = verdict.Reward as Reward.Score;
        return CommandResult.Line(new JsonObject
        {
            ["id"] = group.Rollout.Problem.Id,
            ["prompt"] = group.Rollout.Problem.Prompt.Text,
            ["index"] = index,
            ["response"] = response.Text,
            ["tokens"] = response.Length,
            ["log_probability"] = LogProbability(response),
            ["finish_reason"] = Name(response.FinishReason),
            ["correct"] = verdict.IsCorrect,
            ["answer"] = verdict.Answer,
            ["solution"] = verdict.Solution,
            ["reward"] = score is null ? null : JsonValue.Create(score.Value),
            ["parts"] = new JsonObject([.. (score?.Parts ?? new Dictionary<string, double>())
                .Select(part => KeyValuePair.Create(part.Key, (JsonNode?)JsonValue.Create(part.Value)))]),
            ["failure"] = verdict.Reward.Failure,
        });
    }

    /// <summary>The scores of a row.</summary>
    public static string Of(ScoredRow scored)
    {
        var line = new JsonObject();
        if (scored.Row.Id is { } id) line["id"] = id.DeepClone();
        line["ids"] = new JsonArray([.. scored.Row.Ids.Select(token => (JsonNode?)JsonValue.Create(token))]);
        line["log_probabilities"] = new JsonArray([.. scored.LogProbs.Select(logProb => (JsonNode?)JsonValue.Create(logProb))]);
        line["total"] = scored.Total;
        if (scored.Row.PromptTokens is { } prompt) (line["prompt_tokens"], line["completion_total"]) = (prompt, scored.Completion);
        return CommandResult.Line(line);
    }

    /// <summary>Of the whole response; null from an engine that gives none.</summary>
    private static double? LogProbability(Response response) =>
        response.LogProbs.Length == 0 ? null : response.LogProbs.Sum(logProb => (double)logProb);

    private static string Name(FinishReason reason) => JsonNamingPolicy.SnakeCaseLower.ConvertName(reason.ToString());
}
