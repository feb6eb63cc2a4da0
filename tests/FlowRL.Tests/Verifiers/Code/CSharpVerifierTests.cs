using System.Collections.Concurrent;
using System.Diagnostics;
using FlowRL.Data;
using FlowRL.Sandbox;
using FlowRL.Tasks.Code;
using FlowRL.Verifiers.Code;

namespace FlowRL.Tests.Verifiers.Code;

[Collection(nameof(SandboxTests))]
public sealed class CSharpVerifierTests
{
    private static readonly string Folder = Path.Combine(Repository.Root, "tests/FlowRL.Tests/Golden/code");
    private static readonly CodeVerifier Verifier = new(new CodeOptions { TimeLimit = 2 });

    [Theory]
    [InlineData("Console.WriteLine(int.Parse(Console.ReadLine()) * 2);", "21", "42", "passed", "")]
    [InlineData("class P { static int Main() { Console.Write(Console.In.ReadToEnd().Length); return 0; } }", "abc", "3", "passed", "")]
    [InlineData("Console.WriteLine(41);", "21", "42", "failed", "test 1: printed '41' instead of '42'")]
    [InlineData("Console.WriteLine(41)", "21", "42", "error", "; expected (line 1)")]
    [InlineData("throw new InvalidOperationException(\"no\");", "", "1", "error", "test 1: ended with status 1: InvalidOperationException: no")]
    [InlineData("Environment.Exit(0);", "", "1", "failed", "test 1: printed '' instead of '1'")]
    [InlineData("while (true) { }", "", "1", "timeout", "test 1: over the time limit")]
    [InlineData("System.Threading.Thread.Sleep(-1);", "", "1", "timeout", "test 1: over the time limit")]
    public void A_whole_program_prints_what_it_should(string program, string input, string output, string outcome, string reason)
    {
        var verdict = Verify(program, new CodeTest.Whole(input, output));

        Assert.Equal((outcome, reason), (verdict.Outcome.ToString().ToLowerInvariant(), verdict.Reason));
    }

    [Theory]
    [InlineData("var big = new List<byte[]>(); while (true) { var a = new byte[1 << 24]; Array.Fill(a, (byte)1); big.Add(a); }", CodeOutcome.Memory)]
    [InlineData("while (true) Console.Out.Write(new string('x', 1 << 20));", CodeOutcome.Failed)]
    [InlineData("Console.WriteLine(File.ReadAllText(\"/etc/passwd\").Length);", CodeOutcome.Error)]
    [InlineData("new System.Net.Sockets.TcpClient(\"127.0.0.1\", 22);", CodeOutcome.Error)]
    [InlineData("File.WriteAllText(\"/usr/x\", \"x\");", CodeOutcome.Error)]
    [InlineData("new System.Net.Sockets.Socket(System.Net.Sockets.AddressFamily.Unix, System.Net.Sockets.SocketType.Stream, 0);", CodeOutcome.Error)]
    [InlineData("Console.WriteLine(System.IO.MemoryMappedFiles.MemoryMappedFile.CreateNew(null, 1 << 24).CreateViewAccessor().ReadByte(0) + 42);", CodeOutcome.Error)]
    [InlineData("new FileSystemWatcher(\"/tmp\") { EnableRaisingEvents = true };", CodeOutcome.Error)]
    [InlineData("class P { [System.Runtime.InteropServices.DllImport(\"libc\")] static extern nint mmap(nint a, nint n, int p, int f, int d, nint o); " +
        "static void Main() => Console.WriteLine(mmap(0, (nint)1 << 40, 1, 0x4022, -1, 0) == -1 ? \"no\" : \"something\"); }", CodeOutcome.Failed)] // whose tables alone are GiB
    [InlineData("System.Diagnostics.Process.GetProcesses().Where(p => p.Id != Environment.ProcessId).ToList().ForEach(p => p.Kill());", CodeOutcome.Failed)]
    public void Hostile_programs_are_contained(string program, CodeOutcome outcome)
    {
        var verdict = Verify(program, new CodeTest.Whole("", "something"));

        Assert.True(outcome == verdict.Outcome || (outcome == CodeOutcome.Memory && verdict.Outcome == CodeOutcome.Error), $"{verdict.Outcome}: {verdict.Reason}");
    }

    /// <summary>Source that compilers have died of or never come back from: each is an error, and the next program is compiled as ever.</summary>
    public static TheoryData<string, string> CompilerBombs { get; } = new()
    {
        { "nested parentheses", $"var x = {new string('(', 20_000)}1{new string(')', 20_000)};" },
        { "nested blocks", new string('{', 20_000) + new string('}', 20_000) },
        { "a long chain", "var x = 1" + string.Concat(Enumerable.Repeat(" + 1m", 10_000)) + ";" },
        { "types within types", "class C<A, B, D, E, F, G> { class I : C<I, I, I, I, I, I> { I.I.I.I.I.I.I.I.I.I x; } static void Main() { } }" },
        {
            "lambdas to choose by",
            "class P { static void M(Func<int, int> f) { } static void M(Func<string, int> f) { } static void M(Func<byte, int> f) { } static void Main() { "
                + string.Concat(Enumerable.Range(0, 9).Select(depth => $"M(x{depth} => {{ ")) + "x0.No();" + string.Concat(Enumerable.Repeat(" return 1; });", 9)) + " } }"
        },
        { "references to files", "#r \"/etc/passwd\"\nConsole.WriteLine(1);" },
    };

    [Theory]
    [MemberData(nameof(CompilerBombs))]
    public void Source_that_harms_compilers_is_contained(string name, string program)
    {
        var verdict = Verify(program, new CodeTest.Whole("", "something"));

        Assert.True(verdict.Outcome is CodeOutcome.Error or CodeOutcome.Failed, $"{name}: {verdict.Outcome}: {verdict.Reason}");
        Assert.Equal("", Verify("Console.WriteLine(42);", new CodeTest.Whole("", "42")).Reason);
    }

    [Fact]
    public void A_compiler_that_does_not_work_is_not_taken_for_programs_that_do_not()
    {
        using var verifier = new CodeVerifier(new CodeOptions { Sandbox = new SandboxOptions { MemoryMb = 64 } });

        Assert.Equal(
            "the C# compiler does not work in the sandbox (over the memory limit); it needs the system's OpenSSL, and sandbox.memory_mb of 256 or more.",
            Assert.Throws<BadInputException>(() => verifier.Require(CodeLanguage.CSharp)).Message);
    }

    [Fact]
    public void A_program_that_ends_early_has_not_passed_its_assertions()
    {
        const string Tests = "class T { public static void Main() { System.Diagnostics.Debug.Assert(F.Of(1) == 1); } }";

        Assert.Equal(CodeOutcome.Error, Verify("class F { public static int Of(int x) { Environment.Exit(0); return 1; } }", new CodeTest.Script(Tests)).Outcome);
        Assert.Equal(CodeOutcome.Failed, Verify("class F { public static int Of(int x) { return 2; } }", new CodeTest.Script(Tests)).Outcome);
        Assert.Equal(CodeOutcome.Passed, Verify("class F { public static int Of(int x) { return 1; } }", new CodeTest.Script(Tests)).Outcome);
    }

    /// <summary>Programs that would have every assertion hold, and one of their own that does.</summary>
    [Theory]
    [InlineData("class F { public static int Of(int x) { System.Diagnostics.Trace.Listeners.Clear(); return 1; } }")]
    [InlineData("class F { public static int Of(int x) => 1; } static class Debug { public static void Assert(bool holds) { } }")]
    [InlineData("class F { public static int Of(int x) { Console.OpenStandardOutput().Write(\"#[\\\"done\\\"]\\n#[\\\"proof\\\",\\\"\\\"]\\n\"u8); Environment.Exit(0); return 1; } }")]
    public void A_program_does_not_decide_what_an_assertion_does(string program)
    {
        const string Tests = "class T { public static void Main() { Debug.Assert(F.Of(1) == 2); } }";

        Assert.True(Verify($"using System.Diagnostics;\n{program}", new CodeTest.Script(Tests)).Outcome is CodeOutcome.Failed or CodeOutcome.Error);
    }

    [Fact]
    public void What_is_printed_is_limited_as_for_any_program() =>
        Assert.Equal(CodeOutcome.Failed, Verify("Console.Write(new string(' ', 5 << 20)); Console.WriteLine(42);", new CodeTest.Whole("", "42")).Outcome);

    [Fact]
    public void A_script_that_sleeps_is_ended_in_the_time_of_a_test()
    {
        var clock = Stopwatch.StartNew();

        var verdict = Verify("class T { static void Main() { System.Threading.Thread.Sleep(-1); } }", new CodeTest.Script(""));

        Assert.Equal(CodeOutcome.Timeout, verdict.Outcome);
        Assert.InRange(clock.Elapsed.TotalSeconds, 4, 20); // twice two seconds and one, and what the machine takes
    }

    [Fact]
    public void Every_human_eval_prompt_compiles_with_a_stub_that_fails()
    {
        var rows = Rows();
        var wrong = new ConcurrentBag<string>();

        Parallel.ForEach(rows, new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount }, row =>
        {
            var verdict = Verify(row.Problem.Prefix + "        throw new NotImplementedException();\n" + row.Problem.Suffix, row.Problem.Tests);
            if (!verdict.Reason.StartsWith("NotImplementedException", StringComparison.Ordinal)) wrong.Add($"{row.Id}: {verdict}");
        });

        Assert.Equal(158, rows.Count);
        Assert.Empty(wrong);
    }

    [Fact]
    public void Known_solutions_of_human_eval_pass()
    {
        var rows = Rows().ToDictionary(row => row.Id!);
        var solutions = File.ReadAllLines(Path.Combine(Folder, "csharp-solutions.txt")).Select(line => line.Split(": ", 2)).ToList();
        var wrong = new ConcurrentBag<string>();

        Parallel.ForEach(solutions, new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount }, solution =>
        {
            var row = rows[solution[0]];
            var verdict = Verify(ProgramAssembly.Of(row.Problem, $"        {solution[1]}\n    }}\n")!, row.Problem.Tests);
            if (!verdict.IsCorrect) wrong.Add($"{row.Id}: {verdict}");
        });

        Assert.InRange(solutions.Count, 30, 158);
        Assert.Empty(wrong);
    }

    private static List<CodeRow> Rows() => [.. DataReader.Read(Path.Combine(Folder, "humaneval-cs.jsonl.gz"), (place, reason) => Assert.Fail($"{place}: {reason}"))
        .Select(row => CodeLayout.Known.First(layout => layout.Fits(row)).Read(row, out _)!)];

    private static CodeVerdict Verify(string program, CodeTests tests) => Verifier.Verify(program, CodeLanguage.CSharp, tests, TestContext.Current.CancellationToken);

    private static CodeVerdict Verify(string program, params CodeTest[] tests) => Verify(program, new CodeTests(tests));
}
