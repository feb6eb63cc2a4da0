using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using FlowRL.Sandbox;

namespace FlowRL.Verifiers.Code;

/// <summary>
/// Runs Python programs against tests. A program has a fork in a nursery, or a sandbox of its own where there can be none, and is given calls or inputs,
/// nothing else; what it answers is judged outside of it, by this process or, for assertions, by a judge in another. Whatever a program does, all
/// that it can change is its own answers. Thread-safe.
/// </summary>
internal sealed class PythonVerifier : ICodeVerifier, IDisposable
{
    private const int Killed = 9; // the signal with which the kernel ends what has no memory left
    private static readonly TimeSpan StartTime = TimeSpan.FromSeconds(20);
    private readonly CodeOptions _options;
    private readonly ISandbox _sandbox;
    private readonly IOutputJudge _output;
    private readonly SandboxNeeds _needs;
    private readonly NurseryPool _programs, _judges;

    public PythonVerifier(CodeOptions options, ISandbox sandbox)
    {
        (_options, _sandbox, _output) = (options, sandbox, options.Output.Create());
        string[] packages = [.. options.Packages.Select(Path.GetFullPath)];
        _needs = packages is [] ? new SandboxNeeds() : new SandboxNeeds
        {
            Folders = packages,
            Environment = new Dictionary<string, string> { ["PYTHONPATH"] = string.Join(':', packages) },
        };
        NurseryPool Pool(string source) => new(() => sandbox.StartNursery(Command(source), _needs));
        (_programs, _judges) = (Pool(PythonSource.Programs), Pool(PythonSource.Judges));
    }

    /// <summary>Why programs cannot be run, with what to do about it; null where they can. Runs one.</summary>
    public string? Obstacle => PythonTrial.Obstacle(_options, () => StartAlone(PythonSource.Program, _needs));

    public CodeVerdict Verify(string program, CodeTests tests, CancellationToken cancellation)
    {
        var tally = new TestTally();
        var seconds = TimeSpan.FromSeconds(tests.Seconds ?? _options.TimeLimit);
        var (whole, called) = (tests.Items.OfType<CodeTest.Whole>().ToList(), tests.Items.OfType<CodeTest.Arguments>().ToList());
        var judged = tests.Items.Where(test => test is not (CodeTest.Whole or CodeTest.Arguments)).ToList();
        bool IsOver() => cancellation.IsCancellationRequested || (tally.HasFailed && _options.StopAtFailure);
        if (whole.Count > 0) RunWhole(program, whole, seconds, tally, cancellation);
        if (called.Count > 0 && !IsOver()) RunCalled(program, called, tests.Tolerance, seconds, tally, cancellation);
        if (judged.Count > 0 && !IsOver()) RunJudged(program, tests with { Items = judged }, seconds, tally, cancellation);
        cancellation.ThrowIfCancellationRequested();
        return tally.Verdict(Math.Max(whole.Count + called.Count + judged.Count(test => test is CodeTest.Call), 1));
    }

    public void Dispose()
    {
        _programs.Dispose();
        _judges.Dispose();
    }

    private void RunWhole(string program, List<CodeTest.Whole> tests, TimeSpan seconds, TestTally tally, CancellationToken cancellation)
    {
        var most = _options.Sandbox.OutputMb << 20;
        // What one run reads and prints, and a little for what it complains of.
        var room = tests.Max(test => Encoding.UTF8.GetByteCount(test.Input)) + most + (4L << 20);
        using var running = StartProgram(_needs with { ScratchBytes = room });
        var work = Work("whole", program);
        (work["output_bytes"], work["folder"], work["scratch"]) = (most, _sandbox.Scratch, room);
        running.Write(work.ToJsonString(), StartTime);
        if (!Loads(running, seconds, tally)) return;
        foreach (var (number, test) in tests.Index())
        {
            cancellation.ThrowIfCancellationRequested();
            running.AllowProcessor(seconds);
            var answer = Facts.Of(running.Ask(new JsonObject { ["input"] = test.Input }.ToJsonString(), Limits.Clock(seconds)));
            var place = string.Create(CultureInfo.InvariantCulture, $"test {number + 1}");
            if (answer is not ["output", var written, var output, var over, var complaint] ||
                !int.TryParse(written, CultureInfo.InvariantCulture, out var status))
            {
                Ended(running, place, tally);
                return;
            }
            if (status == -Killed && running.RanOutOfMemory) tally.Fail(CodeOutcome.Memory, $"{place}: over the memory limit");
            else Judge(test, status, output, over == "True", complaint, place, tally);
            if (tally.HasFailed && _options.StopAtFailure) return;
        }
    }

    private void Judge(CodeTest.Whole test, int status, string output, bool over, string complaint, string place, TestTally tally)
    {
        if (over) tally.Fail(CodeOutcome.Failed, $"{place}: printed over {_options.Sandbox.OutputMb} MiB");
        else if (status != 0)
        {
            var end = status < 0 ? $"signal {-status}" : $"status {status}";
            tally.Fail(EndOf.Outcome(complaint), $"{place}: ended with {end}{(complaint == "" ? "" : $": {complaint}")}");
        }
        else if (_output.Accepts(test.Input, test.Output, output)) tally.Pass();
        else tally.Fail(CodeOutcome.Failed, $"{place}: printed {Shown.Of(output)} instead of {Shown.Of(test.Output)}");
    }

    private void RunCalled(
        string program, List<CodeTest.Arguments> tests, double tolerance, TimeSpan seconds, TestTally tally, CancellationToken cancellation)
    {
        using var running = StartProgram(_needs);
        running.Write(Work("calls", program).ToJsonString(), StartTime);
        if (!Loads(running, seconds, tally)) return;
        var caller = new Caller(running, Limits.Clock(seconds), tolerance);
        foreach (var test in tests)
        {
            cancellation.ThrowIfCancellationRequested();
            running.AllowProcessor(seconds);
            var place = $"{test.Function}({Shown.Cut(string.Join(", ", test.Values.Select(CrossedValue.WriteJson)))})";
            var failure = caller.Call(test, CrossedValue.Of(test.Values)!);
            // Where the keys of dictionaries are numbers, JSON has made texts of them, and does not say so.
            if (failure is { IsLost: false } && CrossedValue.OfNumberKeys(test.Values) is { } other)
            {
                running.AllowProcessor(seconds);
                var again = caller.Call(test, other);
                if (again is not { IsLost: false }) failure = again;
            }
            if (failure is { IsLost: true })
            {
                Ended(running, place, tally);
                return;
            }
            if (failure is null) tally.Pass();
            else tally.Fail(failure.Outcome, $"{place}: {failure.Reason}");
            if (tally.HasFailed && _options.StopAtFailure) return;
        }
    }

    private void RunJudged(string program, CodeTests tests, TimeSpan seconds, TestTally tally, CancellationToken cancellation)
    {
        using var running = StartProgram(_needs);
        using var judge = Begin(_judges.Start() ?? StartAlone(PythonSource.Judge, _needs));
        running.Write(Work("calls", program).ToJsonString(), StartTime);
        judge.Write(JudgeWork.Of(tests, _options.StopAtFailure).ToJsonString(), StartTime);
        if (!Loads(running, seconds, tally)) return;
        var conversation = new ProgramDialogue(running, judge, seconds, tally);
        var result = conversation.Run(cancellation);
        if (conversation.Lost == running) Ended(running, "the tests", tally);
        else if (conversation.Lost == judge)
            tally.Fail(judge.End == SandboxEnd.Time ? CodeOutcome.Timeout : CodeOutcome.Error, "the tests did not come to their end");
        if (result == ProgramDialogue.Result.NeedsOneProcess) RunTogether(program, tests, seconds, tally);
    }

    /// <summary>
    /// For scripts that build on the program's own types, so that they cannot be apart from it. That the script came to its end is proved by a word
    /// that is sent only when it has; a program that takes over the interpreter before could still steal it.
    /// </summary>
    private void RunTogether(string program, CodeTests tests, TimeSpan seconds, TestTally tally)
    {
        foreach (var script in tests.Items.OfType<CodeTest.Script>())
        {
            using var running = StartProgram(_needs);
            var work = Work("script", program);
            (work["entry"], work["tools"]) = (tests.Function, PythonSource.Tools);
            running.Write(work.ToJsonString(), StartTime);
            if (!Loads(running, seconds, tally)) return;
            var proof = RandomNumberGenerator.GetHexString(32);
            running.AllowProcessor(seconds);
            var end = Facts.Of(running.Ask(new JsonObject { ["script"] = $"{tests.Prelude}\n{script.Text}" }.ToJsonString(), Limits.Clock(seconds)));
            if (end is ["failed", var kind, var words])
            {
                tally.Fail(kind == "AssertionError" ? CodeOutcome.Failed : CodeOutcome.Error, $"{kind}: {words}".TrimEnd(' ', ':'));
                continue;
            }
            var sent = new JsonObject { ["proof"] = proof }.ToJsonString();
            if (end is not ["done"] || Facts.Of(running.Ask(sent, Limits.Clock(seconds))) is not ["proof", var word] || word != proof)
            {
                Ended(running, "the tests", tally);
                return;
            }
            tally.Pass();
        }
    }

    private JsonObject Work(string mode, string program) => new() { ["mode"] = mode, ["program"] = program, ["usual"] = _options.UsualImports };

    private SandboxedProcess StartProgram(SandboxNeeds needs) => Begin(_programs.Start() ?? StartAlone(PythonSource.Program, needs));

    private SandboxedProcess StartAlone(string source, SandboxNeeds needs) => _sandbox.Start(Command(source), needs);

    private string[] Command(string source) => [_options.Sandbox.RealPython, "-s", "-S", "-c", source, $"{OpenFiles.Bound}"];

    private static SandboxedProcess Begin(SandboxedProcess process)
    {
        process.AllowProcessor(StartTime);
        return process;
    }

    private static bool Loads(SandboxedProcess running, TimeSpan seconds, TestTally tally)
    {
        var line = Facts.Of(running.Read(StartTime));
        if (line is ["started"])
        {
            running.AllowProcessor(seconds);
            line = Facts.Of(running.Read(Limits.Clock(seconds)));
        }
        if (line is ["ready"])
        {
            running.AllowProcessor(seconds);
            tally.Begin();
            return true;
        }
        if (line is ["broken", var kind, var words]) tally.Note(EndOf.Outcome(kind), $"{kind}: {words}".TrimEnd(' ', ':'));
        else Ended(running, "loading", tally);
        return false;
    }

    private static void Ended(SandboxedProcess running, string place, TestTally tally) =>
        tally.Fail(EndOf.Outcome(running), $"{place}: {EndOf.Reason(running)}");
}
