using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using FlowRL.Sandbox;

namespace FlowRL.Verifiers.Code;

/// <summary>
/// Runs C# programs against tests: whole programs on inputs, or programs whose Main asserts and that prove their end. One sandbox compiles them all
/// and runs none; each run has a fresh one. Thread-safe.
/// </summary>
internal sealed class CSharpVerifier : ICodeVerifier, IDisposable
{
    private static readonly TimeSpan StartTime = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan CompileTime = TimeSpan.FromSeconds(10); // of a processor; programs of a page take a tenth of a second
    private readonly CodeOptions _options;
    private readonly CSharpHost _host;
    private readonly IOutputJudge _output;
    private readonly Lock _gate = new();
    private SandboxedProcess? _compiler;

    /// <exception cref="BadInputException">Nothing is compiled here: found out before the first program, which would otherwise be blamed.</exception>
    public CSharpVerifier(CodeOptions options, ISandbox sandbox)
    {
        (_options, _host, _output) = (options, new CSharpHost(sandbox, options.Sandbox), options.Output.Create());
        _compiler = StartCompiler();
        if (Ask(_compiler, "return;") is ["compiled", _]) return;
        var reason = _compiler.Complaint ?? EndOf.Reason(_compiler);
        Dispose();
        throw new BadInputException(
            $"the C# compiler does not work in the sandbox ({reason}); it needs the system's OpenSSL, and sandbox.memory_mb of 256 or more.");
    }

    public CodeVerdict Verify(string program, CodeTests tests, CancellationToken cancellation)
    {
        var tally = new TestTally();
        if (tests.Items.FirstOrDefault(test => test is not (CodeTest.Whole or CodeTest.Script)) is { } other)
            return new CodeVerdict(CodeOutcome.Refused, 0, 1, $"C# programs are not tested by a {other.GetType().Name.ToLowerInvariant()}");
        var seconds = TimeSpan.FromSeconds(tests.Seconds ?? _options.TimeLimit);
        foreach (var group in tests.Items.GroupBy(test => Source(program, test)))
        {
            var compiled = Compile(group.Key);
            if (compiled is not ["compiled", var assembly])
            {
                tally.Note(CodeOutcome.Error, compiled is ["broken", var words] ? words : "the compiler gave up on it");
                continue;
            }
            foreach (var test in group)
            {
                cancellation.ThrowIfCancellationRequested();
                if (test is CodeTest.Whole whole) RunWhole(assembly, whole, seconds, tally);
                else RunScript(assembly, seconds, tally);
                if (tally.HasFailed && _options.StopAtFailure) break;
            }
        }
        return tally.Verdict(tests.Items.Count);
    }

    public void Dispose()
    {
        lock (_gate) _compiler?.Dispose();
        _host.Dispose();
    }

    /// <summary>What is compiled: a script completes the program, whose Main it holds.</summary>
    private static string Source(string program, CodeTest test) =>
        test is CodeTest.Script script && !program.EndsWith(script.Text, StringComparison.Ordinal) ? program + "\n" + script.Text : program;

    private string[] Compile(string source)
    {
        lock (_gate)
        {
            _compiler ??= StartCompiler();
            var answer = Ask(_compiler, source);
            if (answer.Length > 0) return answer;
            // Source can be such that a compiler does not survive it; the next program has a new one.
            _compiler.Dispose();
            _compiler = null;
            return [];
        }
    }

    private SandboxedProcess StartCompiler()
    {
        var compiler = _host.Start("compile");
        _ = compiler.Read(StartTime);
        return compiler;
    }

    private static string[] Ask(SandboxedProcess compiler, string source)
    {
        compiler.AllowProcessor(CompileTime);
        return Facts.Of(compiler.Ask(new JsonObject { ["source"] = source }.ToJsonString(), StartTime));
    }

    private void RunWhole(string assembly, CodeTest.Whole test, TimeSpan seconds, TestTally tally)
    {
        var place = string.Create(CultureInfo.InvariantCulture, $"test {tally.Total + 1}");
        using var running = _host.Start("run");
        if (!Starts(running, new JsonObject { ["assembly"] = assembly, ["input"] = test.Input }, seconds))
        {
            tally.Fail(EndOf.Outcome(running), $"{place}: {EndOf.Reason(running)}");
            return;
        }
        var (output, status) = running.ReadToEnd(Limits.Clock(seconds), _options.Sandbox.OutputMb << 20);
        if (running.End != SandboxEnd.Itself) tally.Fail(EndOf.Outcome(running), $"{place}: {EndOf.Reason(running)}");
        else if (status != 0)
        {
            var words = running.Complaint ?? "";
            var outcome = words.Contains("OutOfMemory", StringComparison.Ordinal) ? CodeOutcome.Memory : CodeOutcome.Error;
            tally.Fail(outcome, $"{place}: ended with status {status}{(words == "" ? "" : $": {words}")}");
        }
        else if (_output.Accepts(test.Input, test.Output, output)) tally.Pass();
        else tally.Fail(CodeOutcome.Failed, $"{place}: printed {Shown.Of(output)} instead of {Shown.Of(test.Output)}");
    }

    private void RunScript(string assembly, TimeSpan seconds, TestTally tally)
    {
        using var running = _host.Start("run");
        var proof = RandomNumberGenerator.GetHexString(32);
        var end = Starts(running, new JsonObject { ["assembly"] = assembly }, seconds) ? Facts.Of(running.Read(Limits.Clock(seconds))) : [];
        if (end is ["failed", var kind, var words])
        {
            tally.Fail(kind == "AssertionError" ? CodeOutcome.Failed : CodeOutcome.Error, $"{kind}: {words}".TrimEnd(' ', ':'));
            return;
        }
        if (end is ["done"] && Facts.Of(running.Ask(new JsonObject { ["proof"] = proof }.ToJsonString(), Limits.Clock(seconds))) is ["proof", var word] &&
            word == proof) tally.Pass();
        else tally.Fail(EndOf.Outcome(running), $"the tests: {EndOf.Reason(running)}");
    }

    // The program's time begins when the runtime has started.
    private static bool Starts(SandboxedProcess running, JsonObject work, TimeSpan seconds)
    {
        running.AllowProcessor(StartTime);
        if (Facts.Of(running.Ask(work.ToJsonString(), StartTime)) is not ["started"]) return false;
        running.AllowProcessor(seconds);
        return true;
    }
}
