using FlowRL.Rewards.Parts;
using FlowRL.Rollouts;
using FlowRL.Tasks;

namespace FlowRL.Rewards;

/// <summary>
/// Verifies responses in parallel, beside whatever else runs. A verifier that throws gives <see cref="Reward.Error"/>, one that does
/// not end within the limit <see cref="Reward.Timeout"/>: a bad verifier costs one response, never the run. Thread-safe.
/// </summary>
/// <remarks>
/// Verifications run on the thread pool, which is given as many threads more as they may block. At the limit a verification's token is
/// cancelled and the scorer goes on; .NET cannot end a thread, so a verifier that ignores its token is abandoned: it holds its thread
/// in the background until it returns, the pool gets another one instead, and <see cref="Abandoned"/> counts it.
/// </remarks>
internal sealed class RewardScorer : IDisposable
{
    private readonly ITask _task;
    private readonly RewardMix? _mix;
    private readonly TimeSpan _limit;
    private readonly TimeProvider _clock;
    private readonly int _parallelism;
    private readonly SemaphoreSlim _slots;
    private int _abandoned;
    private int _disposed;

    /// <param name="task">Whose verifier judges.</param>
    /// <param name="limit">How long one response may take, from the moment it is given to the thread pool.</param>
    /// <param name="parallelism">Verifications at once; 0 takes what the task wants, or one a processor.</param>
    /// <param name="mix">What the reward is made of; the task's own where null. Borrowed.</param>
    /// <param name="clock">Whose time the limit is; the system's where null.</param>
    public RewardScorer(ITask task, TimeSpan limit, int parallelism = 0, RewardMix? mix = null, TimeProvider? clock = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(limit, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfNegative(parallelism);
        (_task, _limit, _mix, _clock) = (task, limit, mix, clock ?? TimeProvider.System);
        _parallelism = parallelism > 0 ? parallelism : (task as IWaitingTask)?.VerdictsAtOnce ?? Environment.ProcessorCount;
        _slots = new SemaphoreSlim(_parallelism);
        SpareThreads.Add(_parallelism);
    }

    /// <summary>Verifiers past their limit that still run.</summary>
    public int Abandoned => Volatile.Read(ref _abandoned);

    /// <summary>Scores all groups; the results are in the order of <paramref name="groups"/>.</summary>
    /// <exception cref="OperationCanceledException"><paramref name="cancellation"/> was cancelled.</exception>
    public async ValueTask<IReadOnlyList<ScoredGroup>> ScoreAsync(IEnumerable<RolloutGroup> groups, CancellationToken cancellation) =>
        await Task.WhenAll(groups.Select(group => ScoreAsync(group, cancellation))).ConfigureAwait(false);

    /// <summary>Scores one group.</summary>
    /// <exception cref="OperationCanceledException"><paramref name="cancellation"/> was cancelled.</exception>
    public async Task<ScoredGroup> ScoreAsync(RolloutGroup group, CancellationToken cancellation)
    {
        var verdicts = group.Responses.Select(response =>
            ScoreAsync(new RewardInput(group.Problem, response.Text, response.Length, response.IsTruncated), cancellation));
        return new ScoredGroup(group, await Task.WhenAll(verdicts).ConfigureAwait(false));
    }

    /// <summary>Scores one response.</summary>
    /// <exception cref="OperationCanceledException"><paramref name="cancellation"/> was cancelled.</exception>
    public async Task<Verdict> ScoreAsync(RewardInput input, CancellationToken cancellation)
    {
        await _slots.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            return await VerifyAsync(input, cancellation).ConfigureAwait(false);
        }
        finally
        {
            _slots.Release();
        }
    }

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 1) return;
        SpareThreads.Add(-_parallelism);
        _slots.Dispose();
    }

    private async Task<Verdict> VerifyAsync(RewardInput input, CancellationToken cancellation)
    {
        var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var verification = Task.Run(() => JudgeAsync(input, stop.Token), CancellationToken.None);
        try
        {
            return await verification.WaitAsync(_limit, _clock, cancellation).ConfigureAwait(false);
        }
        catch (TimeoutException) when (!verification.IsCompleted)
        {
            await stop.CancelAsync().ConfigureAwait(false);
            return Verdict.Unanswered(new Reward.Timeout(_limit));
        }
        catch (Exception failure)
        {
            cancellation.ThrowIfCancellationRequested();
            return Verdict.Unanswered(new Reward.Error($"{failure.GetType().Name}: {failure.Message}"));
        }
        finally
        {
            ReleaseWhenDone(verification, stop);
        }
    }

    private async Task<Verdict> JudgeAsync(RewardInput input, CancellationToken cancellation)
    {
        var verdict = await _task.VerifyAsync(input.Problem, input.Response, cancellation).ConfigureAwait(false);
        return _mix is null ? verdict : await _mix.ApplyAsync(input, verdict, cancellation).ConfigureAwait(false);
    }

    // A verifier may still read its token, so the source lives as long as it does. Reading the exception marks it as seen: the
    // response has had its verdict, and a late failure must not surface as an unobserved one.
    private void ReleaseWhenDone(Task<Verdict> verification, CancellationTokenSource stop)
    {
        if (verification.IsCompleted)
        {
            stop.Dispose();
            return;
        }
        SpareThreads.Add(1);
        Interlocked.Increment(ref _abandoned);
        verification.ContinueWith(
            late =>
            {
                _ = late.Exception;
                SpareThreads.Add(-1);
                Interlocked.Decrement(ref _abandoned);
                stop.Dispose();
            },
            TaskScheduler.Default);
    }
}

/// <summary>A group with what the task said of each response, in the order of the responses.</summary>
public sealed record ScoredGroup(RolloutGroup Rollout, IReadOnlyList<Verdict> Verdicts);
