using System.Globalization;
using Microsoft.Extensions.AI;

namespace FlowRL.Lab.Judging;

/// <summary>
/// A judge behind a chat client: puts questions, remembers answers, asks again where an answer is none, and tries again where the client fails. Safe for many
/// questions at once.
/// </summary>
/// <param name="client">Any; it is not disposed here.</param>
/// <param name="options">How it is asked.</param>
/// <param name="cache">Where answers are kept; null keeps none.</param>
/// <param name="clock">Time of limits and waits; the system's where null.</param>
/// <param name="say">Told of waits and refusals, in sentences.</param>
public sealed class ChatJudge(
    IChatClient client, JudgeOptions options, JudgeCache? cache = null, TimeProvider? clock = null, Action<string>? say = null)
{
    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(1);

    private readonly TimeProvider _clock = clock ?? TimeProvider.System;
    private readonly Lock _saying = new();
    private readonly HashSet<string> _said = [];
    private int _calls, _answered, _cached, _refused, _undecided;
    private string _refusal = "";

    public JudgeOptions Options => options;

    /// <summary>Calls of the client, those that failed included.</summary>
    public int Calls => _calls;

    /// <summary>Questions whose answer was known.</summary>
    public int Cached => _cached;

    /// <summary>Questions without an answer: those that only malformed ones came to, and those that were refused.</summary>
    public int Undecided => _undecided;

    /// <summary>Puts a question.</summary>
    /// <returns>One of its answers; null where it is undecided.</returns>
    /// <exception cref="JudgeException">The judge cannot be asked.</exception>
    public async Task<string?> AskAsync(JudgeQuestion question, CancellationToken cancellation = default)
    {
        cancellation.ThrowIfCancellationRequested();
        var verdict = cache?.Find(options.Model, question);
        if (verdict is not null) Interlocked.Increment(ref _cached);
        else verdict = await PutAsync(question, cancellation);
        if (verdict is not (null or JudgeCache.Undecided)) return verdict;
        Interlocked.Increment(ref _undecided);
        return null;
    }

    /// <summary>Where every question was refused there is nothing to report but that.</summary>
    /// <exception cref="JudgeException">It was so.</exception>
    internal void RequireAnswers()
    {
        if (_refused > 0 && _answered + _cached == 0) throw new JudgeException($"The judge {options.Model} refused every question: {_refusal}.");
    }

    /// <summary>An answer, <see cref="JudgeCache.Undecided"/>, or null where the question is refused, which is not kept: another setting may help.</summary>
    private async Task<string?> PutAsync(JudgeQuestion question, CancellationToken cancellation)
    {
        var messages = new List<ChatMessage> { new(ChatRole.User, question.Text) };
        var verdict = (string?)null;
        for (var ask = 0; ask < options.Asks && verdict is null; ask++)
        {
            if (await CallAsync(messages, cancellation) is not { } answer) return null;
            verdict = question.Read(answer);
            messages.Add(new(ChatRole.Assistant, answer.Trim() is { Length: > 0 } said ? JudgeQuestion.Shown(said, JudgeQuestion.LongestReminded) : "?"));
            messages.Add(new(ChatRole.User, question.Reminder));
        }
        Interlocked.Increment(ref _answered);
        verdict ??= JudgeCache.Undecided;
        cache?.Add(options.Model, question, verdict);
        return verdict;
    }

    private async Task<string?> CallAsync(List<ChatMessage> messages, CancellationToken cancellation)
    {
        for (var failures = 1; ; failures++)
        {
            cancellation.ThrowIfCancellationRequested();
            Interlocked.Increment(ref _calls);
            Exception cause;
            JudgeFailure failure;
            using var limit = new CancellationTokenSource(options.TimeLimit, _clock);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, limit.Token);
            try
            {
                // Clients may change the options that they are given, and may not heed the token.
                var asked = new ChatOptions { ModelId = options.Model, Temperature = options.Temperature, MaxOutputTokens = options.MaxOutputTokens };
                return (await client.GetResponseAsync([.. messages], asked, either.Token).WaitAsync(either.Token)).Text;
            }
            catch (Exception e)
            {
                cancellation.ThrowIfCancellationRequested();
                cause = e;
                failure = limit.IsCancellationRequested
                    ? new JudgeFailure(JudgeFailureKind.Passing, $"no answer comes within {Seconds(options.TimeLimit)}") : options.Failure(e);
            }
            if (failure.Kind == JudgeFailureKind.OfQuestion)
            {
                Refuse(failure.Words);
                return null;
            }
            if (failure.Kind == JudgeFailureKind.Final) throw new JudgeException($"The judge {options.Model} cannot be asked: {failure.Words}.", cause);
            if (failures > (failure.Retries ?? options.Retries))
            {
                throw new JudgeException(string.Create(CultureInfo.InvariantCulture,
                    $"The judge {options.Model} does not answer: {failure.Words}, {failures} times in a row. ") +
                    "Answers that came are kept; try again later.", cause);
            }
            var pause = failure.After is { } after && after > TimeSpan.Zero ? after : TimeSpan.FromSeconds(Math.Pow(2, failures - 1));
            if (pause > LongestWait) pause = LongestWait;
            Say($"judge {options.Model}: {failure.Words}; again in {Seconds(pause)}");
            await Task.Delay(pause, _clock, cancellation);
        }
    }

    private void Refuse(string words)
    {
        Interlocked.Increment(ref _refused);
        lock (_saying)
        {
            _refusal = words;
            if (_said.Add(words)) say?.Invoke($"judge {options.Model}: a question is refused and counts as undecided: {words}");
        }
    }

    private void Say(string words)
    {
        lock (_saying) say?.Invoke(words);
    }

    private static string Seconds(TimeSpan time) => string.Create(CultureInfo.InvariantCulture, $"{Math.Ceiling(time.TotalSeconds):0} s");
}
