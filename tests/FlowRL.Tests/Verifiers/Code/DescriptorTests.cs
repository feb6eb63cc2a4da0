using System.Diagnostics;
using System.Text.Json.Nodes;
using FlowRL.Sandbox;
using FlowRL.Tests.Support;
using FlowRL.Verifiers.Code;

namespace FlowRL.Tests.Verifiers.Code;

/// <summary>Open files of this process are not those of the programs that are verified, in any way of being tested.</summary>
[Collection(nameof(SandboxTests))]
[System.Runtime.Versioning.SupportedOSPlatform("linux")]
public sealed class DescriptorTests
{
    private const string Own = "[0, 1, 2, 3, 4]"; // three empty ones and the conversation
    private const string Program = InheritableDescriptors.Python + """
        class P(list):
            pass
        def kind():
            return P(seen() + reached())
        print(seen(), reached())
        """;

    private static readonly CodeTest Whole = new CodeTest.Whole("", "[0, 1, 2] []");

    // A .NET process has open files of its own, so the host's are known by what they lead to.
    private const string CSharp = """
        using System.Runtime.InteropServices;
        class P
        {
            [DllImport("libc")] static extern int openat(int folder, string path, int flags);
            [DllImport("libc")] static extern long lseek(int file, long offset, int from);
            public static string Seen() => string.Join(" ",
                Enumerable.Range(3, 4093).Where(number => openat(number, "usr", 0) >= 0 || lseek(number, 0, 1) == 314159).Append(-1));
        """;

    private const string CSharpWhole = CSharp + " static void Main() => Console.WriteLine(Seen()); }";

    public static TheoryData<Isolation, string, CodeTest> Tests { get; } = [.. new[] { Isolation.Bubblewrap, Isolation.None }.SelectMany(isolation => new[]
    {
        new TheoryDataRow<Isolation, string, CodeTest>(isolation, "whole", Whole),
        new(isolation, "arguments", new CodeTest.Arguments("seen", [], JsonNode.Parse(Own))),
        new(isolation, "arguments, through a folder", new CodeTest.Arguments("reached", [], new JsonArray())),
        new(isolation, "call", new CodeTest.Call("seen()", JsonNode.Parse(Own))),
        new(isolation, "script", new CodeTest.Script($"assert seen() == {Own}\nassert reached() == []")),
        new(isolation, "together", new CodeTest.Script($"assert isinstance(kind(), P)\nassert kind() == {Own}")),
        new(isolation, "the judge", new CodeTest.Script(
            $"{InheritableDescriptors.Python.Replace("seen", "judge_has", StringComparison.Ordinal)}\nassert judge_has() == {Own}\nassert seen() == {Own}")),
    })];

    [Theory]
    [MemberData(nameof(Tests))]
    public void A_python_program_has_no_file_of_the_hosts(Isolation isolation, string way, CodeTest test)
    {
        using var host = new InheritableDescriptors();

        var verdict = Verify(Program, CodeLanguage.Python, isolation, test);

        Assert.Equal((CodeOutcome.Passed, ""), (verdict.Outcome, verdict.Reason));
        Assert.True(host.AreUntouched, way);
    }

    [Theory]
    [InlineData(Isolation.Bubblewrap)]
    [InlineData(Isolation.None)]
    public void A_c_sharp_program_has_no_file_of_the_hosts(Isolation isolation)
    {
        using var host = new InheritableDescriptors();

        var whole = Verify(CSharpWhole, CodeLanguage.CSharp, isolation, new CodeTest.Whole("", "-1"));
        var script = Verify(CSharp + "}", CodeLanguage.CSharp, isolation,
            new CodeTest.Script("class T { static void Main() { System.Diagnostics.Debug.Assert(P.Seen() == \"-1\", P.Seen()); } }"));

        Assert.Equal((CodeOutcome.Passed, "", CodeOutcome.Passed, ""), (whole.Outcome, whole.Reason, script.Outcome, script.Reason));
        Assert.True(host.AreUntouched);
    }

    /// <summary>The second wall alone: our Python, started as any program is, with all open files that are not kept from it.</summary>
    [Fact]
    public void What_runs_python_programs_closes_what_it_was_started_with()
    {
        using var host = new InheritableDescriptors();
        using var whole = Start("/usr/bin/python3", "-s", "-S", "-c", PythonSource.Program, $"{OpenFiles.Bound}");
        using var script = Start("/usr/bin/python3", "-s", "-S", "-c", PythonSource.Program, $"{OpenFiles.Bound}");

        Assert.Equal("#[\"started\"]", Ask(whole, new JsonObject { ["mode"] = "whole", ["program"] = Program, ["usual"] = false, ["output_bytes"] = 1000, ["folder"] = Path.GetTempPath() }));
        Assert.Equal("#[\"ready\"]", whole.StandardOutput.ReadLine());
        Assert.Equal("#[\"output\",0,\"[0, 1, 2] []\\n\",false,\"\"]", Ask(whole, new JsonObject { ["input"] = "" }));
        Assert.Equal("#[\"started\"]", Ask(script, new JsonObject { ["mode"] = "script", ["program"] = Program, ["usual"] = false, ["entry"] = "", ["tools"] = PythonSource.Tools }));
        Assert.Equal("#[\"ready\"]", script.StandardOutput.ReadLine());
        Assert.Equal("#[\"done\"]", Ask(script, new JsonObject { ["script"] = $"assert kind() == {Own}, kind()" }));
        Assert.True(host.AreUntouched);
    }

    [Fact]
    public void What_runs_c_sharp_programs_closes_what_it_was_started_with()
    {
        using var host = new InheritableDescriptors();
        var own = Path.Combine(AppContext.BaseDirectory, "FlowRL.CSharp.dll");
        using var compiler = Start("dotnet", own, "compile");
        using var runner = Start("dotnet", own, "run");

        Assert.Equal("#[\"started\"]", compiler.StandardOutput.ReadLine());
        var compiled = JsonNode.Parse(Ask(compiler, new JsonObject { ["source"] = CSharpWhole })![1..])!;
        Assert.Equal("compiled", (string)compiled[0]!);
        Assert.Equal("#[\"started\"]", Ask(runner, new JsonObject { ["assembly"] = (string)compiled[1]!, ["input"] = "" }));
        Assert.Equal("-1", runner.StandardOutput.ReadLine());
        Assert.True(host.AreUntouched);
    }

    private static CodeVerdict Verify(string program, CodeLanguage language, Isolation isolation, CodeTest test)
    {
        using var verifier = new CodeVerifier(new CodeOptions { Sandbox = new SandboxOptions { Isolation = isolation } });
        return verifier.Verify(program, language, new CodeTests([test]), TestContext.Current.CancellationToken);
    }

    private static Process Start(string program, params string[] arguments) =>
        Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true })!;

    private static string? Ask(Process process, JsonObject line)
    {
        process.StandardInput.WriteLine(line.ToJsonString());
        process.StandardInput.Flush();
        return process.StandardOutput.ReadLine();
    }
}
