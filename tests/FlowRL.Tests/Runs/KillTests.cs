using System.Text.Json;
using FlowRL.Checkpoints;
using FlowRL.Tests.Support;

namespace FlowRL.Tests.Runs;

/// <summary>kill -9 at random moments: the run always resumes, and no checkpoint is ever half written.</summary>
public sealed class KillTests
{
    private const int Kills = 20;
    private const int Steps = 60;

    private static readonly string[] Settings =
    [
        "run.folder=runs", "run.name=killed", $"training.steps={Steps}", "rollout.problems=2", "rollout.group_size=4", "rollout.slots=8",
        "rollout.sampling.max_new_tokens=12", "training.mini_batch=8", "checkpoint.every=1", "evaluation.every=3",
        "evaluation.validation_problems=2", "evaluation.validation_samples=2", "evaluation.test_problems=0", "run.threads=1",
    ];

    [Fact]
    public async Task A_run_killed_at_random_moments_resumes_to_the_same_end_as_one_left_alone()
    {
        using var folder = new TemporaryFolder();
        string[] settings = [.. Settings.SelectMany(setting => new[] { "--set", setting })];
        var alone = await CliProcess.RunAsync(folder.Path, ["train", .. settings, "--set", "run.name=alone", "--json"]);
        Assert.True(alone.ExitCode == 0, alone.Error);

        var random = new Random(4);
        string[] arguments = ["train", .. settings, "--json"];
        var kills = 0;
        while (true)
        {
            using var process = CliProcess.Start(folder.Path, arguments);
            var run = folder.In("runs", "killed-1");
            if (kills < Kills)
            {
                // Start-up takes about a second and a half; the kill falls before, within and after the first steps.
                await Task.Delay(random.Next(600, 3500));
                if (!process.HasExited)
                {
                    process.Kill();
                    kills++;
                }
            }
            var (exitCode, output, error) = await process.WaitAsync();
            if (exitCode == 0)
            {
                using var summary = JsonDocument.Parse(output.Trim().Split('\n')[^1]);
                Assert.Equal(Steps, summary.RootElement.GetProperty("steps").GetInt32());
                break;
            }
            Assert.True(exitCode == 137, $"exit {exitCode}: {error}");
            if (Directory.Exists(folder.In("runs", "killed-1", "checkpoints")))
            {
                foreach (var checkpoint in CheckpointStore.All(folder.In("runs", "killed-1", "checkpoints"))) checkpoint.Verify();
            }
            if (File.Exists(Path.Combine(run, "recipe.yaml"))) arguments = ["train", "--resume", "runs/killed-1", "--json"];
            else if (Directory.Exists(run)) Directory.Delete(run, recursive: true);
        }
        Assert.Equal(Weights(folder, "alone-1"), Weights(folder, "killed-1"));
    }

    private static byte[] Weights(TemporaryFolder folder, string run) =>
        File.ReadAllBytes(folder.In("runs", run, "checkpoints", $"step-{Steps:D8}", "model.safetensors"));
}
