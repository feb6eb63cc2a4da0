using FlowRL.Sandbox;
using FlowRL.Tests.Support;
using FlowRL.Verifiers.Code;

namespace FlowRL.Tests.Verifiers.Code;

[Collection(nameof(SandboxTests))]
[System.Runtime.Versioning.SupportedOSPlatform("linux")]
public sealed class PythonTrialTests : IDisposable
{
    private const string Advice = "; give the absolute path of Python 3.9 or newer, and packages that every user may read.";
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("/usr/bin/no-python", "'/usr/bin/no-python' is no file; give the absolute path of an interpreter, or install one with ./install-sandbox.")]
    [InlineData("python3", "'python3' is no file; give the absolute path of an interpreter, or install one with ./install-sandbox.")]
    [InlineData("/usr/bin/true", "'/usr/bin/true' runs no program in the sandbox (the program ended before its tests did)" + Advice)]
    public void An_interpreter_that_runs_nothing_is_named(string python, string message) =>
        Assert.Equal($"sandbox.python: {message}", Failure(new CodeOptions { Sandbox = new SandboxOptions { Python = python } }));

    [Fact]
    public void An_interpreter_may_be_a_link()
    {
        File.CreateSymbolicLink(_folder.In("python"), "/usr/bin/python3");

        Assert.Equal(CodeOutcome.Passed, Run("print(1)", new CodeOptions { Sandbox = new SandboxOptions { Python = _folder.In("python") } }));
    }

    [Fact]
    public void Programs_import_the_packages_that_they_are_given()
    {
        var packages = Packages((UnixFileMode)0b111_101_101);
        const string Program = "import one\nprint(one.value)";

        Assert.Equal(CodeOutcome.Passed, Run(Program, new CodeOptions { Packages = [packages] }));
        Assert.Equal(CodeOutcome.Error, Run(Program, new CodeOptions()));
        Assert.Equal(CodeOutcome.Error, Run($"open('{packages}/two.py', 'w')\nprint(1)", new CodeOptions { Packages = [packages] }));
    }

    [Fact]
    public void Packages_that_are_not_there_or_cannot_be_read_are_named()
    {
        var closed = Packages((UnixFileMode)(Environment.IsPrivilegedProcess ? 0b111_000_000 : 0));

        Assert.Equal("packages: 'nowhere' is no folder; give folders of Python packages, or leave it out.", Failure(new CodeOptions { Packages = ["nowhere"] }));
        Assert.StartsWith("sandbox.python: '/usr/bin/python3' runs no program in the sandbox (", Failure(new CodeOptions { Packages = [closed] }), StringComparison.Ordinal);
        Assert.Contains("ermission denied", Failure(new CodeOptions { Packages = [closed] }), StringComparison.Ordinal);
        File.SetUnixFileMode(closed, (UnixFileMode)0b111_000_000);
    }

    private string Packages(UnixFileMode mode)
    {
        var folder = Directory.CreateDirectory(_folder.In("packages")).FullName;
        File.WriteAllText(Path.Combine(folder, "one.py"), "value = 1\n");
        File.SetUnixFileMode(_folder.Path, (UnixFileMode)0b111_101_101);
        File.SetUnixFileMode(folder, mode);
        return folder;
    }

    private static string Failure(CodeOptions options)
    {
        using var verifier = new CodeVerifier(options);
        return Assert.Throws<BadInputException>(() => verifier.Require(CodeLanguage.Python)).Message;
    }

    private static CodeOutcome Run(string program, CodeOptions options)
    {
        using var verifier = new CodeVerifier(options);
        return verifier.Verify(program, CodeLanguage.Python, new CodeTests([new CodeTest.Whole("", "1")]), TestContext.Current.CancellationToken).Outcome;
    }
}
