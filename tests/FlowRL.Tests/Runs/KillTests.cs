using System.Text.Json;
using FlowRL.Checkpoints;
using FlowRL.Tests.Support;

namespace FlowRL.Tests.Runs;

/// <summary>kill -9 after a random number of changes to the run's folder: the run always resumes, and no checkpoint is ever half written.</summary>
public sealed class KillTests
{
    private const int Kills = 20;
    private const int Steps = 60;
    private const int MostChanges = 60;

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
        var (run, kills) = (folder.In("runs", "killed-1"), 0);
        while (true)
        {
            // A start makes some changes, each step and its checkpoint dozens: kills fall before, within and after the first steps.
            using var changes = new FolderChanges(folder.Path);
            using var process = CliProcess.Start(folder.Path, arguments);
            var ended = process.WaitAsync();
            if (kills < Kills)
            {
                await Task.WhenAny(changes.Reach(random.Next(MostChanges)), ended);
                if (!process.HasExited) process.Kill();
            }
            var (exitCode, output, error) = await ended;
            if (exitCode == 0)
            {
                using var summary = JsonDocument.Parse(output.Trim().Split('\n')[^1]);
                Assert.Equal(Steps, summary.RootElement.GetProperty("steps").GetInt32());
                break;
            }
            Assert.True(exitCode == 137, $"exit {exitCode}: {error}");
            kills++;
            foreach (var checkpoint in CheckpointStore.All(Path.Combine(run, "checkpoints"))) checkpoint.Verify();
            if (File.Exists(Path.Combine(run, "recipe.yaml"))) arguments = ["train", "--resume", "runs/killed-1", "--json"];
            else if (Directory.Exists(run)) Directory.Delete(run, recursive: true);
        }
        Assert.Equal(Kills, kills);
        Assert.Equal(Weights(folder, "alone-1"), Weights(folder, "killed-1"));
    }

    private static byte[] Weights(TemporaryFolder folder, string run) =>
        File.ReadAllBytes(folder.In("runs", run, "checkpoints", $"step-{Steps:D8}", "model.safetensors"));

    /// <summary>Counts files and folders that come, go or change their names below a folder.</summary>
    private sealed class FolderChanges : IDisposable
    {
        private readonly FileSystemWatcher _watcher;
        private readonly TaskCompletionSource _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private int _seen;
        private int _wanted = int.MaxValue;

        public FolderChanges(string folder)
        {
            // Names alone: a large file would be hundreds of changes.
            _watcher = new FileSystemWatcher(folder) { IncludeSubdirectories = true, NotifyFilter = NotifyFilters.FileName | NotifyFilters.DirectoryName };
            _watcher.Created += Count;
            _watcher.Deleted += Count;
            _watcher.Renamed += Count;
            _watcher.EnableRaisingEvents = true;
        }

        /// <summary>Ends as soon as <paramref name="changes"/> changes have been seen since the start.</summary>
        public Task Reach(int changes)
        {
            Volatile.Write(ref _wanted, changes);
            Look();
            return _reached.Task;
        }

        public void Dispose() => _watcher.Dispose();

        private void Count(object sender, FileSystemEventArgs change)
        {
            Interlocked.Increment(ref _seen);
            Look();
        }

        private void Look()
        {
            if (Volatile.Read(ref _seen) >= Volatile.Read(ref _wanted)) _reached.TrySetResult();
        }
    }
}
