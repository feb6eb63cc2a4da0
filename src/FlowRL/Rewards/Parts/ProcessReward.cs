using System.Collections.Concurrent;
using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json.Nodes;
using FlowRL.Configuration;
using FlowRL.Files;
using FlowRL.Tasks;

namespace FlowRL.Rewards.Parts;

/// <summary>
/// A pool of copies of a scoring program. A copy that fails, hangs or answers with anything else is ended and replaced. Thread-safe.
/// </summary>
internal sealed class ProcessReward : IRewardPart, IDisposable
{
    private readonly ProcessPartOptions _options;
    private readonly SemaphoreSlim _free;
    private readonly ConcurrentBag<ScoringProcess> _idle = [];
    private volatile bool _disposed;

    /// <exception cref="BadInputException">Programs are not allowed.</exception>
    public ProcessReward(ProcessPartOptions options)
    {
        if (!Programs.AreAllowed)
        {
            throw new BadInputException(
                $"reward.parts: the recipe starts a program ({string.Join(' ', options.Command)}), which a recipe from elsewhere could " +
                "misuse; if you trust it, give --allow-programs.");
        }
        (_options, _free) = (options, new SemaphoreSlim(options.Processes));
    }

    public async ValueTask<double> ScoreAsync(RewardInput input, Verdict verdict, CancellationToken cancellation)
    {
        await _free.WaitAsync(cancellation).ConfigureAwait(false);
        ScoringProcess? process = null;
        try
        {
            if (!_idle.TryTake(out process)) process = ScoringProcess.Start(_options.Command);
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            limit.CancelAfter(TimeSpan.FromSeconds(_options.Seconds));
            var reward = Read(await process.AskAsync(Line(input, verdict), limit.Token).ConfigureAwait(false));
            if (_disposed) return reward;
            _idle.Add(process);
            process = null;
            return reward;
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new TimeoutException($"{_options.Command[0]} did not answer within {_options.Seconds} s");
        }
        finally
        {
            process?.Dispose();
            _free.Release();
        }
    }

    public void Dispose()
    {
        _disposed = true;
        while (_idle.TryTake(out var process)) process.Dispose();
    }

    private static string Line(RewardInput input, Verdict verdict) => new JsonObject
    {
        ["problem"] = input.Problem.Id,
        ["prompt"] = input.Problem.Prompt.Text,
        ["reference"] = input.Problem.Reference,
        ["response"] = input.Response,
        ["length"] = input.Length,
        ["truncated"] = input.IsTruncated,
        ["correct"] = verdict.IsCorrect,
    }.ToJsonString();

    private static double Read(string line)
    {
        _ = StrictJson.TryParse(line, out var answer);
        if (answer is JsonObject fields && fields["error"] is JsonValue error) throw new ProgramSaysException(error.ToString());
        return answer is JsonObject { Count: > 0 } given && given["reward"] is JsonValue value && value.TryGetValue<double>(out var reward)
            ? reward : throw new InvalidDataException($"the program answered '{(line.Length > 80 ? line[..80] + "..." : line)}', not {{\"reward\": number}}");
    }
}

/// <summary>
/// A program of the user's that scores responses: it reads a JSON object a line from standard input (<c>problem</c>, <c>prompt</c>, <c>reference</c>,
/// <c>response</c>, <c>length</c>, <c>truncated</c>, <c>correct</c>) and answers each with a line, <c>{"reward": 0.5}</c> or <c>{"error": "why"}</c>.
/// </summary>
[Variant("process")]
public sealed record ProcessPartOptions : RewardPartOptions, IValidated
{
    [Description("The program and its arguments. It runs only where --allow-programs is given, because a recipe is data.")]
    public required IReadOnlyList<string> Command { get; init; }

    [Description("Copies of the program that run side by side.")]
    [Range(1, 256)]
    public int Processes { get; init; } = 1;

    [Description("Seconds for one response; then the copy is ended and started again, and the response has no reward.")]
    [Range(0.01, 3600.0)]
    public double Seconds { get; init; } = 5;

    public override IRewardPart Create() => new ProcessReward(this);

    public IEnumerable<string> Validate()
    {
        if (Command.Count == 0 || Command[0] == "") yield return "command: names no program; give it as a list, such as [python3, score.py].";
    }
}
