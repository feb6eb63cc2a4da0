using System.Diagnostics;
using FlowRL.Cli;
using FlowRL.Configuration;
using FlowRL.Objectives;
using FlowRL.Tests.Support;

namespace FlowRL.Tests.Cli.Completion;

public sealed class CompletionTests
{
    [Theory]
    [InlineData("tr", "train")]
    [InlineData("sch", "schema")]
    [InlineData("gen", "generate")]
    [InlineData("train countdown-", "countdown-rejection")]
    [InlineData("sft countdown", "countdown-more-sft", "countdown-sft")]
    [InlineData("compare compare-modes", "compare-modes", "compare-modes-moderate")]
    [InlineData("train --re", "--resume")]
    [InlineData("train countdown --dry", "--dry-run")]
    [InlineData("train --set roll", "rollout.")]
    [InlineData("train --set training.st", "training.steps=")]
    [InlineData("train --set training.re", "training.recompute=", "training.replay.")]
    [InlineData("train --set training.recompute=", "training.recompute=false", "training.recompute=true")]
    [InlineData("train --set objective=fl", "objective=flowrl")]
    [InlineData("train --set objective.be", "objective.beta=", "objective.beta_anneal_share=", "objective.beta_schedule=", "objective.beta_start=")]
    [InlineData("sft --set optimizer.schedule=c", "optimizer.schedule=constant", "optimizer.schedule=cosine")]
    [InlineData("compare --set train.training.st", "train.training.steps=")]
    [InlineData("eval runs/a --task gsm8k-", "gsm8k-sample")]
    [InlineData("eval runs/a --task countdown --split v", "validation")]
    [InlineData("sample emb", "embedded:countdown")]
    [InlineData("verify m", "math")]
    [InlineData("score embedded:countdown rows.jsonl --engine c", "cpu")]
    [InlineData("chat m --set sampling.temp", "sampling.temperature=")]
    [InlineData("schema c", "compare")]
    [InlineData("completion f", "fish")]
    [InlineData("help me", "merge")]
    [InlineData("train --resume ru")] // files are the shell's
    [InlineData("nothing like it")]
    public async Task Words_that_may_stand_next_are_told(string line, params string[] words)
    {
        var run = await ToolRun.Of("complete", "--", line);
        Assert.Equal((0, ""), (run.Code, run.Error));
        Assert.Equal(words, run.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(found => found.Split('\t')[0]));
    }

    [Fact]
    public async Task Words_come_with_what_they_mean_and_all_commands_but_the_hidden_one_are_among_them()
    {
        var commands = (await ToolRun.Of("complete", "--", "")).Output.TrimEnd('\n').Split('\n');
        Assert.Contains("doctor\tCheck this machine: cores, memory, vector instructions, libtorch, CUDA, the sandbox, disk.", commands);
        Assert.DoesNotContain(commands, line => line.StartsWith("complete\t", StringComparison.Ordinal) || line.StartsWith('-'));
        var objectives = (await ToolRun.Of("complete", "--json", "--", "train --set objective=")).Json["words"]!.AsArray();
        Assert.Equal(OptionVariants.BuiltIn.Of(typeof(ObjectiveOptions)).Keys.Select(name => $"objective={name}"), objectives.Select(word => (string)word!));
    }

    [Theory]
    [InlineData("bash", "complete -o bashdefault -o default -F _flowrl flowrl ./flowrl\n")]
    [InlineData("zsh", "#compdef flowrl\n")]
    [InlineData("fish", "complete -c flowrl -f -a '(__flowrl_complete)'\n")]
    public async Task Each_shell_has_a_script(string shell, string line) =>
        Assert.Contains(line, (await ToolRun.Of("completion", shell)).Output, StringComparison.Ordinal);

    [Theory]
    [InlineData("flowrl verify ", "code math rating")]
    [InlineData("flowrl train countdown-r", "countdown-rejection")]
    [InlineData("flowrl train --set training.opt", "training.optimizer.")]
    [InlineData("flowrl train --set objective=grp", "grpo")] // what stands before the sign is there already, and no part of bash's word
    [InlineData("flowrl sample embedded:c", "countdown")]
    public async Task Bash_completes(string line, string words)
    {
        using var folder = new TemporaryFolder();
        folder.Write("flowrl", $"#!/bin/bash\nexec dotnet '{typeof(CliHost).Assembly.Location}' \"$@\"\n");
        folder.Write("script", (await ToolRun.Of("completion", "bash")).Output);
        var start = new ProcessStartInfo("bash",
            ["-c", "chmod +x flowrl; source ./script; COMP_LINE=\"$0\" COMP_POINT=${#0}; _flowrl flowrl; echo \"${COMPREPLY[@]}\"", line])
        { WorkingDirectory = folder.Path, RedirectStandardOutput = true };
        start.Environment["PATH"] = $"{folder.Path}:{Environment.GetEnvironmentVariable("PATH")}";
        using var bash = Process.Start(start)!;
        Assert.Equal(words + "\n", await bash.StandardOutput.ReadToEndAsync());
        await bash.WaitForExitAsync();
    }
}
