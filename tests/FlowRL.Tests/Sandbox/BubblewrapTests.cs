using FlowRL.Sandbox;
using FlowRL.Tests.Verifiers.Code;
using FlowRL.Verifiers.Code;

namespace FlowRL.Tests.Sandbox;

[Collection(nameof(SandboxTests))]
public sealed class BubblewrapTests
{
    /// <summary>On a machine that tests code rewards, isolation that is missing is a failure.</summary>
    [Fact]
    public void This_machine_isolates() => Assert.Null(new Bubblewrap(new SandboxOptions()).Obstacle);

    [Theory]
    [InlineData("bash")]
    [InlineData("bwrap")]
    [InlineData("prlimit")]
    public void Without_its_tools_nothing_is_run(string missing)
    {
        var sandbox = new Bubblewrap(new SandboxOptions(), tool => tool != missing, ControlGroups.Rent);
        var message = $"'{missing}' is missing, so programs cannot be isolated and none is run; install what is missing with ./install-sandbox, or see docs/sandbox.md.";

        Assert.Equal(message, sandbox.Obstacle);
        Assert.Equal(message, Assert.Throws<BadInputException>(() => sandbox.Start(["/bin/true"], new SandboxNeeds())).Message);
    }

    [Fact]
    public void A_recipe_may_run_programs_without_isolation_only_by_name()
    {
        Assert.Equal(Isolation.Bubblewrap, new SandboxOptions().Isolation);
        Assert.IsType<Bubblewrap>(Sandboxes.Of(new SandboxOptions()));
        Assert.IsType<Unisolated>(Sandboxes.Of(new SandboxOptions { Isolation = Isolation.None }));
    }

    [Fact]
    public void Without_isolation_programs_still_run_within_limits()
    {
        var options = new CodeOptions { TimeLimit = 0.3, Sandbox = new SandboxOptions { Isolation = Isolation.None } };
        using var verifier = new CodeVerifier(options);

        CodeOutcome Outcome(string program) =>
            verifier.Verify(program, CodeLanguage.Python, new CodeTests([new CodeTest.Whole("", "1")]), TestContext.Current.CancellationToken).Outcome;

        Assert.Equal(CodeOutcome.Passed, Outcome("print(1)"));
        Assert.Equal(CodeOutcome.Timeout, Outcome("while True: pass"));
        Assert.Equal(CodeOutcome.Memory, Outcome("x = bytearray(10 ** 11)"));
    }

    [Fact]
    public void Lines_go_in_and_out()
    {
        using var process = new Bubblewrap(new SandboxOptions()).Start(["/bin/cat"], new SandboxNeeds());

        process.Write("one", TimeSpan.FromSeconds(10));
        process.Write("zwei ü", TimeSpan.FromSeconds(10));

        Assert.Equal("one", process.Read(TimeSpan.FromSeconds(10)));
        Assert.Equal("zwei ü", process.Read(TimeSpan.FromSeconds(10)));
        process.CloseInput();
        Assert.Null(process.Read(TimeSpan.FromSeconds(10)));
        Assert.Equal(SandboxEnd.Itself, process.End);
    }

    [Fact]
    public void The_rest_begins_after_the_last_line_that_was_read()
    {
        using var process = new Bubblewrap(new SandboxOptions()).Start(["/bin/echo", "-n", "started\nand done\n", "-"], new SandboxNeeds());

        Assert.Equal("started", process.Read(TimeSpan.FromSeconds(10)));
        Assert.Equal(("and done\n -", 0), process.ReadToEnd(TimeSpan.FromSeconds(10), 100));
    }

    [Fact]
    public void A_read_is_not_waited_for_forever()
    {
        using var process = new Bubblewrap(new SandboxOptions()).Start(["/bin/cat"], new SandboxNeeds());

        Assert.Null(process.Read(TimeSpan.FromMilliseconds(100)));
        Assert.Equal(SandboxEnd.Time, process.End);
    }

    [Fact]
    public void A_write_is_not_waited_for_forever()
    {
        using var process = new Bubblewrap(new SandboxOptions()).Start(["/bin/sleep", "1000"], new SandboxNeeds());

        process.Write(new string('x', 1 << 20), TimeSpan.FromMilliseconds(100));

        Assert.Null(process.Read(TimeSpan.FromSeconds(10)));
        Assert.Equal(SandboxEnd.Time, process.End);
    }

    [Fact]
    public void A_question_that_is_not_read_is_not_waited_for_forever()
    {
        using var process = new Bubblewrap(new SandboxOptions()).Start(["/bin/sleep", "1000"], new SandboxNeeds());

        Assert.Null(process.Ask(new string('x', 1 << 20), TimeSpan.FromMilliseconds(100)));
        Assert.Equal(SandboxEnd.Time, process.End);
    }

    [Fact]
    public void Endless_complaints_are_read_and_not_kept()
    {
        using var process = new Bubblewrap(new SandboxOptions()).Start(["/bin/sh", "-c", "yes no | tr -d '\\n' | head -c 50000000 >&2; echo done"], new SandboxNeeds());

        Assert.Equal("done", process.Read(TimeSpan.FromSeconds(20)));
        Assert.Equal(4096, process.Complaint?.Length);
    }

    [Fact]
    public void The_first_complaint_is_kept()
    {
        using var process = new Bubblewrap(new SandboxOptions()).Start(["/bin/sh", "-c", "echo no >&2; echo never >&2"], new SandboxNeeds());

        Assert.Null(process.Read(TimeSpan.FromSeconds(20)));
        Assert.Equal("no", process.Complaint);
    }

    [Fact]
    public void Long_lines_end_the_process()
    {
        using var process = new Bubblewrap(new SandboxOptions { OutputMb = 1 }).Start(["/bin/sh", "-c", "yes | tr -d '\\n'"], new SandboxNeeds());

        Assert.Null(process.Read(TimeSpan.FromSeconds(20)));
        Assert.Equal(SandboxEnd.Output, process.End);
    }
}
