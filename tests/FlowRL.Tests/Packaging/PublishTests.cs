using System.Text.Json.Nodes;
using FlowRL.Tests.Support;
using FlowRL.Tests.Verifiers.Code;

namespace FlowRL.Tests.Packaging;

/// <summary>The tool with the runtime in its folder trains and verifies where no .NET is installed.</summary>
[Collection(nameof(SandboxTests))]
public sealed class PublishTests
{
    // Outside of the tree, so that its own builds stay as they are; libtorch's half a gigabyte is linked and not copied.
    private static readonly string[] Quick =
    [
        "-p:RunAnalyzers=false", "-p:CreateHardLinksForCopyLocalIfPossible=true", "-p:CreateHardLinksForCopyFilesToOutputDirectoryIfPossible=true",
        "-p:CreateHardLinksForPublishFilesIfPossible=true",
    ];

    private static readonly string[] Tiny =
    [
        "--set", "training.steps=1", "--set", "rollout.problems=2", "--set", "rollout.group_size=4", "--set", "training.mini_batch=8",
        "--set", "evaluation.test_problems=0", "--set", "evaluation.every=0",
    ];

    [Fact]
    public async Task A_self_contained_folder_trains_and_runs_programs_without_dotnet()
    {
        using var folder = new TemporaryFolder();
        foreach (var name in (string[])["home", "work"]) Directory.CreateDirectory(folder.In(name));
        await Dotnet.RunAsync(Repository.Root,
            ["publish", "src/FlowRL.Cli", "--self-contained", "-r", "linux-x64", "-c", "Release", "-v", "quiet", "-p:RestoreLockedMode=true",
                "--artifacts-path", folder.In("artifacts"), "-o", folder.In("tool"), .. Quick]);
        var (bare, tool, work) = (new BareMachine(folder.In("home")), folder.In("tool", "flowrl"), folder.In("work"));

        var trained = await bare.RunAsync(work, [tool, "train", "--json", .. Tiny]);
        Assert.True(trained.ExitCode == 0, trained.Error);
        Assert.Equal(1, (int)Last(trained.Output)["steps"]!);
        Assert.True(File.Exists(folder.In("work", "runs", "countdown-1", "checkpoints", "step-00000001", "model.safetensors")));

        folder.Write("work/rows.jsonl", """
            {"program": "print(int(input()) * 2)", "tests": [{"input": "21", "output": "42"}]}
            {"program": "Console.WriteLine(int.Parse(Console.ReadLine()) * 2);", "language": "csharp", "tests": [{"input": "21", "output": "42"}]}
            {"program": "Console.WriteLine(41);", "language": "csharp", "tests": [{"input": "21", "output": "42"}]}
            {"program": "_ = typeof(Microsoft.CodeAnalysis.SyntaxNode);", "language": "csharp", "tests": [{"input": "", "output": ""}]}
            """);
        var verified = await bare.RunAsync(work, tool, "verify", "code", "rows.jsonl", "--out", "scored.jsonl");
        Assert.True(verified.ExitCode == 0, verified.Error);
        Assert.Equal(
            ["passed ", "passed ", "failed test 1: printed '41' instead of '42'",
                "error The type or namespace name 'CodeAnalysis' does not exist in the namespace 'Microsoft' (are you missing an assembly reference?) (line 1)"],
            File.ReadLines(folder.In("work", "scored.jsonl")).Select(line => JsonNode.Parse(line)!).Select(row => $"{row["verdict"]} {row["reason"]}"));

        var fit = await bare.RunAsync(work, tool, "doctor", "--json");
        Assert.True(fit.ExitCode == 0, fit.Error);
        Assert.True((bool)Last(fit.Output)["openssl"]!);
        Assert.All(["libtorch_error", "sandbox_error", "csharp_error"], error => Assert.Null(Last(fit.Output)[error]));

        var unfit = await new BareMachine(folder.In("home"), hasOpenssl: false).RunAsync(work, tool, "doctor");
        Assert.True(unfit.ExitCode == 0, unfit.Error);
        Assert.Contains(
            "! Nothing can be trained without OpenSSL, which .NET takes from the system: install libssl3 (Debian, Ubuntu) or openssl-libs (Fedora).\n" +
            "! Rewards from C# programs: the C# compiler does not work in the sandbox (No usable version of libssl was found); " +
            "it needs the system's OpenSSL, and sandbox.memory_mb of 256 or more.\n", unfit.Output, StringComparison.Ordinal);
    }

    private static JsonNode Last(string output) => JsonNode.Parse(output.TrimEnd().Split('\n')[^1])!;
}
