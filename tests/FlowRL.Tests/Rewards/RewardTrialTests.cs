using FlowRL.Configuration;
using FlowRL.Rewards;
using FlowRL.Rewards.Parts;
using FlowRL.Tasks;
using FlowRL.Tasks.Countdown;
using FlowRL.Tests.Support;

namespace FlowRL.Tests.Rewards;

public sealed class RewardTrialTests
{
    private static readonly TimeSpan Generous = TimeSpan.FromMinutes(1);
    private static readonly ITask Countdown = new CountdownOptions { TrainProblems = 1 }.Create();

    static RewardTrialTests() => Programs.Allow();

    [Theory]
    [InlineData("while read -r line; do echo '{\"reward\": 1}'; done")]
    [InlineData("while read -r line; do echo '{\"error\": \"not in the mood\"}'; done")]
    public void A_program_that_answers_passes(string script) => Try(script);

    [Theory]
    [InlineData("echo Traceback >&2; echo 'KeyError: 5' >&2; exit 1", "the program ended: KeyError: 5\nIt wrote:\nTraceback\nKeyError: 5")]
    [InlineData("read -r line; echo 0.5", "the program answered '0.5', not {\"reward\": number}")]
    [InlineData("read -r line; exec sleep 600", "/bin/sh did not answer within 0.3 s")]
    public void One_that_does_not_is_refused_with_what_it_wrote(string script, string why)
    {
        var problem = Countdown.Problems(Split.Train)[0].Id;
        var refused = Assert.Throws<BadInputException>(() => Try(script, seconds: why.Contains("0.3", StringComparison.Ordinal) ? 0.3 : 20));
        Assert.Equal($"reward.parts.mine: a trial with a response to problem '{problem}' failed, and nothing is learnt from a reward that fails: {why}",
            refused.Message);
    }

    [Fact]
    public async Task A_part_that_never_ends_is_left()
    {
        var (endless, clock) = (new Endless(), new ManualClock());
        using var mix = RewardMix.Of(new RewardOptions { Parts = new Dictionary<string, RewardPartOptions> { ["mine"] = endless } })!;
        var trial = Task.Run(() => RewardTrial.Run(Countdown, mix, Generous, default, clock), TestContext.Current.CancellationToken);
        await endless.Entered.Task.WaitAsync(TestContext.Current.CancellationToken);
        await clock.Timers(1).WaitAsync(TestContext.Current.CancellationToken);
        clock.Advance(Generous);
        var refused = await Assert.ThrowsAsync<BadInputException>(() => trial);
        Assert.EndsWith("it did not end within 60 s", refused.Message, StringComparison.Ordinal);
    }

    private static void Try(string script, double seconds = 20)
    {
        var parts = new Dictionary<string, RewardPartOptions>
        {
            ["task"] = new TaskPartOptions(),
            ["mine"] = new ProcessPartOptions { Command = ["/bin/sh", "-c", script], Seconds = seconds },
        };
        using var mix = RewardMix.Of(new RewardOptions { Parts = parts })!;
        RewardTrial.Run(Countdown, mix, Generous, TestContext.Current.CancellationToken);
    }

    private sealed record Endless : RewardPartOptions
    {
        public TaskCompletionSource Entered { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public override IRewardPart Create() => new Part(Entered);

        private sealed class Part(TaskCompletionSource entered) : IRewardPart
        {
            public async ValueTask<double> ScoreAsync(RewardInput input, Verdict verdict, CancellationToken cancellation)
            {
                entered.TrySetResult();
                await new TaskCompletionSource().Task.WaitAsync(cancellation);
                return 0;
            }
        }
    }
}
