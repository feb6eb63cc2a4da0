using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using FlowRL.Objectives;

namespace FlowRL.Training;

/// <summary>One response with what is known of it. Arrays have one entry a response token; those not yet computed are empty.</summary>
/// <param name="Group">Which group it belongs to.</param>
/// <param name="Sequence">Its tokens.</param>
/// <param name="LossMask">Which of them are trained.</param>
/// <param name="BehaviourLogProbs">
/// Log-probabilities under the policy that sampled it, at the sampling temperature: the engine's own where it promises exact ones, else the trainer's.
/// </param>
/// <param name="Reward">What it earned, penalties included.</param>
/// <param name="IsTruncated">Whether the length limit ended it.</param>
/// <param name="PolicyVersion">Optimiser steps that the oldest policy which drew one of its tokens had taken.</param>
internal sealed record TrainingSample(
    GroupId Group,
    TokenSequence Sequence,
    bool[] LossMask,
    [property: JsonPropertyName("OldLogProbs")] float[] BehaviourLogProbs,
    double Reward,
    bool IsTruncated,
    long PolicyVersion)
{
    /// <summary>Whether the verifier decided; where it failed, the reward is a stand-in.</summary>
    public bool IsScored { get; init; } = true;

    /// <summary>The id of the problem.</summary>
    public string Problem { get; init; } = "";

    /// <summary>The identity of a correct solution; null unless correct, and where it is not known.</summary>
    public string? Solution { get; init; }

    /// <summary>Whether the verifier calls it correct; checkpoints that are older than this entry say so by the solution alone.</summary>
    public bool IsCorrect { get => field || Solution is not null; init; }

    /// <summary>The answer that was read; null where none was.</summary>
    public string? Answer { get; init; }

    /// <summary>Log-probabilities as the rollout engine reported them while it drew, in its number types.</summary>
    public float[] SamplerLogProbs { get; init; } = [];

    /// <summary>Log-probabilities under the policy at the start of a step's updates, at the training temperature; of one step, so never kept.</summary>
    [JsonIgnore]
    public float[] ProximalLogProbs { get; init; } = [];

    public float[] ReferenceLogProbs { get; init; } = [];

    public float[] Values { get; init; } = [];

    public Credit Credit { get; init; } = new(0, [], []);

    /// <summary>A number of the response's tokens, equal for equal responses.</summary>
    [JsonIgnore]
    public ulong Form => Seeds.Derive(0, "form", [.. Sequence.Response.Select(id => (long)id)]);

    /// <summary>Tokens that the loss sees.</summary>
    public int TrainedTokens => LossMask.Count(trained => trained);
}

/// <summary>A group of a run: the step that sampled it, and its place there, both from 0.</summary>
[JsonConverter(typeof(GroupIdConverter))]
internal readonly record struct GroupId(int Step, int Index)
{
    /// <summary>Written as <c>step:index</c>. A number alone is of a checkpoint that counted the groups of all steps, and is of some earlier step.</summary>
    private sealed class GroupIdConverter : JsonConverter<GroupId>
    {
        public override GroupId Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        {
            if (reader.TokenType == JsonTokenType.Number) return new GroupId(-1, reader.GetInt32());
            var parts = (reader.GetString() ?? "").Split(':');
            return parts.Length == 2 && int.TryParse(parts[0], CultureInfo.InvariantCulture, out var step)
                && int.TryParse(parts[1], CultureInfo.InvariantCulture, out var index)
                ? new GroupId(step, index) : throw new JsonException("a group is written as step:index");
        }

        public override void Write(Utf8JsonWriter writer, GroupId value, JsonSerializerOptions options) =>
            writer.WriteStringValue(string.Create(CultureInfo.InvariantCulture, $"{value.Step}:{value.Index}"));
    }
}

/// <summary>A prompt and the tokens that follow it; a policy is scored on the latter.</summary>
internal sealed record TokenSequence(int[] Prompt, int[] Response)
{
    /// <summary>For each response token whether it is taught, and so predicted; null where all are. Of examples, never of samples.</summary>
    [JsonIgnore]
    public bool[]? Taught { get; init; }

    /// <summary>Response tokens that are taught.</summary>
    [JsonIgnore]
    public int TaughtTokens => Taught?.Count(one => one) ?? Response.Length;

    /// <summary>Whether response token number <paramref name="place"/> is taught.</summary>
    public bool IsTaught(int place) => Taught?[place] ?? true;

    /// <summary>What the model reads after the prompt: the last response token is only predicted.</summary>
    public int[] Continuation => Response[..^1];

    /// <summary>Tokens that the model reads.</summary>
    public int Length => Prompt.Length + Response.Length - 1;
}
