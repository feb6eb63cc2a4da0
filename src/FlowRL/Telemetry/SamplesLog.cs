using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using FlowRL.Files;
using FlowRL.Rollouts;

namespace FlowRL.Telemetry;

/// <summary>
/// <c>samples.jsonl</c>: some responses of each step, one JSON object a line with the keys <c>step</c>, <c>problem_id</c>, <c>prompt</c>,
/// <c>response</c>, <c>reward</c>, <c>is_correct</c>, <c>finish_reason</c>, <c>length</c>. Cut at a resume like <see cref="MetricsLog"/>.
/// </summary>
internal sealed class SamplesLog : IDisposable
{
    private static readonly JsonSerializerOptions Options = new()
    {
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower) },
    };

    private readonly JsonLines _lines;

    /// <inheritdoc cref="MetricsLog(string, int, Action{string})"/>
    public SamplesLog(string path, int afterStep = 0, Action<string>? say = null) => _lines = new JsonLines(path, afterStep, say ?? (_ => { }));

    public void Append(params IEnumerable<LoggedSample> samples) =>
        _lines.Append(samples.Select(s => (JsonObject)JsonSerializer.SerializeToNode(s, Options)!));

    public void Dispose() => _lines.Dispose();

    /// <summary>The samples in the order written.</summary>
    /// <param name="path">The file.</param>
    /// <param name="damaged">Told of each line that is left out because it is damaged.</param>
    public static IEnumerable<LoggedSample> Read(string path, Action<string>? damaged = null)
    {
        var say = damaged ?? (_ => { });
        foreach (var line in JsonLines.Read(path, say))
        {
            LoggedSample? sample = null;
            try
            {
                sample = line.Deserialize<LoggedSample>(Options);
            }
            catch (JsonException)
            {
                say($"{path}: a sample of step {JsonLines.Step(line)} lacks fields or has others than samples have, and is left out.");
            }
            if (sample is not null) yield return sample;
        }
    }
}

/// <summary>One response, for reading.</summary>
/// <param name="Step">The step that sampled it.</param>
/// <param name="ProblemId">Which problem it answers.</param>
/// <param name="Prompt">The prompt's text.</param>
/// <param name="Response">The response's text.</param>
/// <param name="Reward">The scalar reward; NaN where verification failed.</param>
/// <param name="IsCorrect">Whether it solves the problem.</param>
/// <param name="FinishReason">Why it ended.</param>
/// <param name="Length">Tokens of the response.</param>
internal sealed record LoggedSample(
    int Step, string ProblemId, string Prompt, string Response, double Reward, bool IsCorrect, FinishReason FinishReason, int Length);
