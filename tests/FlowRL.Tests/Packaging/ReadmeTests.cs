using System.Text.RegularExpressions;
using FlowRL.Tests.Hub;
using FlowRL.Tests.Support;

namespace FlowRL.Tests.Packaging;

/// <summary>
/// The README's lines work as they are typed, in their order, in a fresh clone: here with a few keys more that make them short, and with the tool that
/// is built already in place of the script that builds it; and with a hub of this machine that has something tiny behind each name that they fetch.
/// </summary>
public sealed partial class ReadmeTests : IDisposable
{
    private static readonly string[] FewProblems =
        ["evaluation.every=0", "evaluation.test_problems=2", "evaluation.test_samples=1"];

    private static readonly Dictionary<string, string[]> Shorter = new()
    {
        ["train"] = [.. Keys(["training.steps=1", "rollout.problems=1", "rollout.group_size=4", "training.mini_batch=4", .. FewProblems])],
        ["sft"] = [.. Keys(["steps=1", "epochs=0", "batch=2", .. FewProblems])],
        ["eval"] = ["--problems", "2", .. Keys(["samples=1", "sampling.max_new_tokens=16"])],
        ["compare"] = ["--dry-run"],
        ["bench"] = ["--help"], // it measures for minutes, and has tests of its own
        ["judge"] = ["--help"], // nobody judges here
    };

    private readonly TemporaryFolder _clone = new();
    private readonly StandInHub _hub = new();

    public ReadmeTests()
    {
        foreach (var folder in new[] { "recipes", "data", "examples" })
            Directory.CreateSymbolicLink(_clone.In(folder), Path.Combine(Repository.Root, folder));
    }

    public void Dispose()
    {
        _hub.Dispose();
        _clone.Dispose();
    }

    [Fact]
    public async Task Every_line_works()
    {
        var lines = Lines();
        Assert.InRange(lines.Count, 20, 60);
        foreach (var words in lines)
        {
            var isResumed = words.Contains("--resume"); // its own recipe is short already
            string[] arguments = [.. words, .. isResumed ? [] : Shorter.GetValueOrDefault(words[0], [])];
            using var process = CliProcess.StartWith(_clone.Path, _hub.Environment, arguments);
            var (code, output, error) = await process.WaitAsync();
            Assert.True(code == 0, $"flowrl {string.Join(' ', arguments)}\n{output}\n{error}");
        }
    }

    [Fact]
    public void Every_command_is_shown()
    {
        var shown = Lines().Select(words => words[0]).ToHashSet();
        Assert.Superset(new HashSet<string> { "train", "sft", "eval", "sample", "chat", "generate", "score", "compare", "merge", "export", "inspect", "pull", "verify", "judge", "doctor", "bench", "schema", "recipe" }, shown);
    }

    /// <summary>The arguments of each line that calls ./flowrl, in order; what a shell does with its output is left out.</summary>
    private static List<string[]> Lines() => [.. File.ReadLines(Path.Combine(Repository.Root, "README.md"))
        .Where(line => line.StartsWith("    ./flowrl ", StringComparison.Ordinal))
        .Select(line => Words().Matches(line[..(line.IndexOf(" #", StringComparison.Ordinal) is > 0 and var comment ? comment : line.Length)])
            .Select(word => word.Value.Trim('"')).Skip(1).TakeWhile(word => word != ">").ToArray())];

    private static IEnumerable<string> Keys(IEnumerable<string> keys) => keys.SelectMany(key => (string[])["--set", key]);

    [GeneratedRegex("\"[^\"]*\"|\\S+")]
    private static partial Regex Words();
}
