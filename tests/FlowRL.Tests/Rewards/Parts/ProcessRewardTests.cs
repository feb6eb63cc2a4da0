using System.Diagnostics;
using FlowRL.Configuration;
using FlowRL.Rewards.Parts;
using FlowRL.Tasks;
using FlowRL.Tests.Support;

namespace FlowRL.Tests.Rewards.Parts;

/// <summary>Programs that score, written in the shell that every test machine has.</summary>
public sealed class ProcessRewardTests : IDisposable
{
    private static readonly Verdict Right = new(new Reward.Score(1), "4", "4");
    private readonly TemporaryFolder _folder = new();

    static ProcessRewardTests() => Programs.Allow();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_program_reads_a_line_and_answers_with_one()
    {
        using var part = Part("while read -r line; do case \"$line\" in *good*) echo '{\"reward\": 0.75}';; *) echo '{\"reward\": -1}';; esac; done");
        Assert.Equal(0.75, await Score(part, "good"));
        Assert.Equal(-1, await Score(part, "bad\nand \"more\""));
        Assert.Equal(0.75, await Score(part, "so good"));
    }

    [Theory]
    [InlineData("while read -r line; do echo '{\"error\": \"no idea\"}'; done", "the program says: no idea")]
    [InlineData("while read -r line; do echo 'five'; done", "the program answered 'five', not {\"reward\": number}")]
    [InlineData("read -r line; echo broken >&2; exit 3", "the program ended: broken")]
    [InlineData("read -r line; exec >&-; sleep 0.2; echo broken >&2", "the program ended: broken")] // its last words come after its last answer
    [InlineData("read -r line; exit", "the program ended")]
    public async Task A_program_that_fails_says_why_and_is_started_again(string script, string message)
    {
        using var part = Part(script);
        for (var i = 0; i < 2; i++)
        {
            var failure = await Assert.ThrowsAnyAsync<Exception>(() => Score(part, "x"));
            Assert.Equal(message, failure.Message);
        }
    }

    // What the program starts holds a pipe open for as long as it lives: the pipe ends when it is ended, and not for ten minutes if it is forgotten.
    [Fact]
    public async Task A_program_that_hangs_is_ended_with_what_it_started()
    {
        var pipe = _folder.In("pipe");
        using (var made = Process.Start("mkfifo", [pipe])) await made.WaitForExitAsync(TestContext.Current.CancellationToken);
        var held = Task.Run(() => File.ReadAllText(pipe), TestContext.Current.CancellationToken);
        using var part = Part($"(echo alive; exec sleep 600) >{pipe} & read -r line; echo '{{\"reward\": 1}}'; while :; do sleep 600; done", seconds: 2);
        Assert.Equal(1, await Score(part, "x"));
        Assert.False(held.IsCompleted);
        var failure = await Assert.ThrowsAsync<TimeoutException>(() => Score(part, "x"));
        Assert.Equal("/bin/sh did not answer within 2 s", failure.Message);
        Assert.Equal("alive\n", await held.WaitAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_program_that_is_not_there_is_named()
    {
        using var part = (ProcessReward)new ProcessPartOptions { Command = ["/no/such/program"] }.Create();
        var failure = await Assert.ThrowsAsync<InvalidOperationException>(() => Score(part, "x"));
        Assert.Equal("/no/such/program cannot be started: No such file or directory", failure.Message);
    }

    [Fact]
    public async Task A_program_has_no_file_of_this_process()
    {
        using var host = new InheritableDescriptors();
        const string Program = InheritableDescriptors.Python + """
            import sys
            for line in sys.stdin:
                print('{"reward": %d}' % len(seen() + reached()), flush=True)
            """;
        using var part = (ProcessReward)new ProcessPartOptions { Command = ["/usr/bin/python3", "-c", Program] }.Create();

        Assert.Equal(3, await Score(part, "x"));
        Assert.True(host.AreUntouched);
    }

    private static ProcessReward Part(string script, double seconds = 20) => (ProcessReward)new ProcessPartOptions { Command = ["/bin/sh", "-c", script], Seconds = seconds }.Create();

    private static Task<double> Score(ProcessReward part, string response) =>
        part.ScoreAsync(new RewardInput(new Problem("p", "2+2?", "4"), response, 3, false), Right, TestContext.Current.CancellationToken).AsTask();
}
