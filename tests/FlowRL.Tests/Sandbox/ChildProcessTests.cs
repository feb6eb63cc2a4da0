using System.ComponentModel;
using FlowRL.Sandbox;
using FlowRL.Tests.Support;

namespace FlowRL.Tests.Sandbox;

[System.Runtime.Versioning.SupportedOSPlatform("linux")]
public sealed class ChildProcessTests
{
    private static readonly Dictionary<string, string> None = [];
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(20);

    [Theory]
    [InlineData("exit 0", 0)]
    [InlineData("exit 77", 77)]
    [InlineData("kill -9 $$", 137)]
    [InlineData("kill -15 $$", 143)]
    public void How_it_ended_is_known(string script, int status)
    {
        using var process = Shell(script);

        Assert.True(process.WaitForExit(Long));
        Assert.Equal(status, process.ExitCode);
        Assert.True(process.HasExited);
        process.Kill(); // of nobody
        process.KillTree();
        Assert.False(process.KillChildren());
    }

    [Fact]
    public void Three_pipes_lead_to_it()
    {
        using var process = Shell("read -r line; echo \"$line\"; echo no >&2");

        process.Input.Write("zwei ü\n"u8);

        Assert.Equal("zwei ü\n", new StreamReader(process.Output).ReadToEnd());
        Assert.Equal("no\n", new StreamReader(process.Errors).ReadToEnd());
    }

    [Fact]
    public void It_has_the_environment_and_the_folder_that_it_is_given_and_no_others()
    {
        var environment = new Dictionary<string, string> { ["ONE"] = "a=b ü" };
        using var process = new ChildProcess(["/bin/sh", "-c", "/bin/pwd; exec /usr/bin/env"], environment, "/usr");

        var lines = new StreamReader(process.Output).ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries);

        Assert.Equal("/usr", lines[0]);
        Assert.Equal(["ONE=a=b ü"], lines[1..].Where(line => line.Split('=')[0] is not ("PWD" or "OLDPWD" or "_" or "SHLVL")));
    }

    [Theory]
    [InlineData("/no/such/program", "/", "No such file or directory")]
    [InlineData("/bin/sh", "/no/such/folder", "No such file or directory")]
    [InlineData("/usr", "/", "Permission denied")]
    public void What_cannot_be_started_says_why(string program, string folder, string message) =>
        Assert.Equal(message, Assert.Throws<Win32Exception>(() => new ChildProcess([program], None, folder)).Message);

    [Fact]
    public void A_name_alone_is_looked_for_in_the_path()
    {
        using var process = new ChildProcess(["true"], None);

        Assert.True(process.WaitForExit(Long));
        Assert.Equal(0, process.ExitCode);
    }

    [Fact]
    public async Task It_is_ended_with_all_that_it_started()
    {
        using var process = Shell("sleep 1000 & (sleep 1000 & sleep 1000) & echo $!; wait");
        _ = process.Output.ReadByte();
        var tree = Descendants(process.Id);

        process.KillTree();

        Assert.True(process.WaitForExit(Long));
        Assert.Equal(137, process.ExitCode);
        Assert.InRange(tree.Count, 2, 5);
        foreach (var id in tree) Assert.True(await Eventually.IsTrue(() => !IsAlive(id)), $"{id} is left");
    }

    /// <summary>Not even as a process that has ended and that nobody asks for its status, be it disposed of before its end or after.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Nothing_is_left_of_it(bool endsBefore)
    {
        int id;
        using (var process = Shell("read -r line"))
        {
            id = process.Id;
            if (endsBefore) process.Kill();
            Assert.Equal(endsBefore, process.WaitForExit(endsBefore ? Long : TimeSpan.Zero));
        }

        Assert.True(await Eventually.IsTrue(() => !Directory.Exists($"/proc/{id}")), $"{id} is left");
    }

    /// <summary>What other code opened for children of its own is still theirs.</summary>
    [Fact]
    public void Open_files_of_this_process_stay_as_they_are()
    {
        using var host = new InheritableDescriptors();
        using (var process = Shell("exit 0")) Assert.True(process.WaitForExit(Long));
        using var other = System.Diagnostics.Process.Start(new System.Diagnostics.ProcessStartInfo(
            "/usr/bin/python3", ["-c", $"{InheritableDescriptors.Python}\nprint(len(seen()) > 100, len(reached()) >= 50)"])
        { RedirectStandardOutput = true })!;

        Assert.Equal("True True\n", other.StandardOutput.ReadToEnd());
    }

    private static ChildProcess Shell(string script) => new(["/bin/sh", "-c", script], None);

    private static List<int> Descendants(int process) => [.. ProcessTree.Children(process).SelectMany(child => (int[])[child, .. Descendants(child)])];

    // A process that has ended and has not been buried by the system's first is a Z.
    private static bool IsAlive(int process)
    {
        try
        {
            return !File.ReadAllText($"/proc/{process}/stat").Contains(") Z ", StringComparison.Ordinal);
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
