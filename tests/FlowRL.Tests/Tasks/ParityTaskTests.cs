using FlowRL.Tasks;

namespace FlowRL.Tests.Tasks;

public sealed class ParityTaskTests
{
    [Fact]
    public void The_documented_task_is_this_one()
    {
        var root = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(root.FullName, "docs", "tasks.md"))) root = root.Parent!;
        var code = File.ReadAllText(Path.Combine(root.FullName, "tests", "FlowRL.Tests", "Tasks", "ParityTask.cs"));
        var shown = code[code.IndexOf("/// <summary>", StringComparison.Ordinal)..];
        Assert.Contains(shown, File.ReadAllText(Path.Combine(root.FullName, "docs", "tasks.md")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_documented_task_verifies()
    {
        var task = new ParityOptions { Limit = 20 }.Create();
        var problem = task.Problems(Split.Test)[0];
        Assert.Equal(new Problem("8", "8 is ", "even"), problem);
        Assert.True((await task.VerifyAsync(problem, "even", CancellationToken.None)).IsCorrect);
        Assert.False((await task.VerifyAsync(problem, "odd", CancellationToken.None)).IsCorrect);
        Assert.Null((await task.VerifyAsync(problem, "?", CancellationToken.None)).Answer);
    }
}
