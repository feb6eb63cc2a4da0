using System.Text.Json.Nodes;
using CsCheck;
using FlowRL.Checkpoints;
using FlowRL.Files;
using FlowRL.Tests.Files;
using FlowRL.Tests.Support;
using TorchSharp;
using static TorchSharp.torch;

namespace FlowRL.Tests.Checkpoints;

public sealed class CheckpointStoreTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_last_few_and_the_best_are_kept()
    {
        var store = new CheckpointStore(_folder.Path, keepLast: 2);
        foreach (var (step, score) in new (int, double?)[] { (10, 0.2), (20, 0.5), (30, 0.5), (40, null), (50, 0.4), (60, 0.2) })
            store.Save(step, Content(step), score);
        Assert.Equal([30, 50, 60], store.All().Select(c => c.Step));
        Assert.Equal((60, 30), (store.Latest()!.Step, store.Best()!.Step)); // of equals the latest
        Assert.Equal(["step-00000030", "step-00000050", "step-00000060"], _folder.FileNames());
        foreach (var checkpoint in store.All()) checkpoint.Verify();
    }

    [Fact]
    public void What_was_just_saved_stays_though_later_steps_exist()
    {
        var store = new CheckpointStore(_folder.Path, keepLast: 1);
        foreach (var step in new[] { 10, 40, 20 }) store.Save(step, Content(step));
        Assert.Equal([20, 40], store.All().Select(c => c.Step));
    }

    [Fact]
    public void What_is_kept_follows_from_steps_and_scores() =>
        Gen.Select(Gen.Int[1, 4], Gen.Int[0, 5].Array[1, 8]).Sample((keep, scores) =>
        {
            using var folder = new TemporaryFolder();
            var store = new CheckpointStore(folder.Path, keep);
            for (var i = 0; i < scores.Length; i++) store.Save(i, Content(i), scores[i] == 0 ? null : scores[i]);
            var best = scores.Max() == 0 ? -1 : Array.LastIndexOf(scores, scores.Max());
            return store.All().Select(c => c.Step).SequenceEqual(
                Enumerable.Range(0, scores.Length).Where(i => i >= scores.Length - keep || i == best));
        }, iter: 30, threads: 1);

    [Fact]
    public void An_empty_store_has_neither_latest_nor_best()
    {
        var store = new CheckpointStore(_folder.Path, 1);
        Assert.Null(store.Latest());
        Assert.Null(store.Best());
        Assert.Empty(CheckpointStore.All(_folder.In("missing")));
    }

    [Fact]
    public void Damage_is_named_file_by_file()
    {
        var saved = new CheckpointStore(_folder.Path, 1).Save(3, folder =>
        {
            foreach (var name in new[] { "cut", "flipped", "gone", "whole" }) File.WriteAllText(Path.Combine(folder, name), "content");
            Directory.CreateDirectory(Path.Combine(folder, "inner"));
            File.WriteAllText(Path.Combine(folder, "inner", "deep"), "content");
        });
        saved.Verify();
        Assert.Equal(["cut", "flipped", "gone", "inner/deep", "whole"], saved.Files.Select(f => f.Name));
        File.WriteAllText(Path.Combine(saved.Folder, "cut"), "conten");
        File.WriteAllText(Path.Combine(saved.Folder, "flipped"), "kontent");
        File.Delete(Path.Combine(saved.Folder, "gone"));
        var read = Checkpoint.Open(saved.Folder);
        Assert.Equal(
            $"The checkpoint {saved.Folder} is damaged: cut is 6 bytes long and was 7; flipped has other content than was saved; " +
            "gone is missing. Delete the folder to go on from an earlier checkpoint.",
            Assert.Throws<BadInputException>(() => read.Verify()).Message);
    }

    [Fact]
    public void A_checkpoint_without_its_list_is_named()
    {
        var folder = Directory.CreateDirectory(_folder.In("step-00000007")).FullName;
        Assert.Equal(
            $"{folder} is no checkpoint: it has no checkpoint.json. Give the folder of a checkpoint, or delete it.",
            Assert.Throws<BadInputException>(() => new CheckpointStore(_folder.Path, 1).Latest()).Message);
    }

    // The operations after which the process dies include every write, rename, flush and deletion; after it nothing runs, not even
    // clean-up. Whatever is visible then, and after the next start, is whole and holds the newest state that was ever visible.
    [Theory]
    [InlineData(20)]
    [InlineData(30)]
    public void A_process_that_dies_at_any_operation_leaves_whole_checkpoints(int secondStep)
    {
        var survived = 0;
        for (var operations = 0; survived < 2; operations++)
        {
            using var folder = new TemporaryFolder();
            var store = new CheckpointStore(folder.Path, 1);
            store.Save(10, Content(10), 0.9);
            store.Save(20, Content(20), 0.5);
            var disk = new DyingDisk(operations);
            try
            {
                var second = new CheckpointStore(folder.Path, 1, disk);
                second.Save(secondStep, path => ContentThrough(disk, path, secondStep + 1), 0.6);
                survived++;
            }
            catch (DyingDisk.ProcessDied)
            {
                Assert.Equal(0, survived);
            }
            // A reader sees only whole checkpoints; a restarted run finds the best and the newest or its predecessor.
            foreach (var visible in CheckpointStore.All(folder.Path)) visible.Verify();
            var after = new CheckpointStore(folder.Path, 1);
            foreach (var visible in after.All()) visible.Verify();
            Assert.Equal(10, after.Best()!.Step);
            var latest = after.Latest()!;
            var content = File.ReadAllText(Path.Combine(latest.Folder, "weights"));
            Assert.Contains((latest.Step, content), new[] { (20, "20"), (secondStep, $"{secondStep + 1}") });
            if (survived > 0) Assert.Equal((secondStep, $"{secondStep + 1}"), (latest.Step, content));
            Assert.DoesNotContain(folder.FileNames(), name => name.StartsWith('.'));
            Assert.True(operations < 100, "the save never ended");
        }
    }

    [Theory]
    [InlineData(20)]
    [InlineData(30)]
    public void A_disk_that_fails_at_any_operation_keeps_earlier_checkpoints(int secondStep)
    {
        for (var operations = 0; ; operations++)
        {
            using var folder = new TemporaryFolder();
            var disk = new FailingDisk();
            var store = new CheckpointStore(folder.Path, 2, disk);
            store.Save(20, Content(20));
            disk.FailAt(operations);
            try
            {
                store.Save(secondStep, path => ContentThrough(disk, path, secondStep + 1));
                Assert.True(operations > 5);
                return;
            }
            catch (IOException e)
            {
                Assert.StartsWith(
                    $"The checkpoint of step {secondStep} could not be saved in {folder.Path}: ", e.Message, StringComparison.Ordinal);
            }
            Assert.NotEmpty(store.All());
            foreach (var checkpoint in store.All()) checkpoint.Verify();
            if (secondStep != 20) Assert.Equal("20", File.ReadAllText(Path.Combine(store.All()[0].Folder, "weights")));
        }
    }

    [Fact]
    public void A_full_disk_says_what_was_saved_where_and_keeps_the_rest()
    {
        var store = new CheckpointStore(_folder.Path, 2);
        store.Save(1, Content(1));
        using var scope = NewDisposeScope();
        var temporary = "";
        var thrown = Assert.Throws<IOException>(() => store.Save(2, folder =>
        {
            temporary = folder;
            SafetensorsWriter.Write(Path.Combine(folder, "model.safetensors"), [("w", zeros(1000))], null, new FullDisk(2000));
        }));
        Assert.Equal(
            $"The checkpoint of step 2 could not be saved in {_folder.Path}: {temporary}/model.safetensors could not be saved; " +
            "it needs 4072 bytes: No space left on device. Free some space or choose another folder; what was saved before is untouched. " +
            "Earlier checkpoints are untouched.", thrown.Message);
        Assert.Equal(["step-00000001"], _folder.FileNames());
    }

    [Fact]
    public void Training_state_comes_back_and_is_released()
    {
        DisposeScopeManager.Statistics.Reset();
        using (var moments = tensor(new[] { 1f, 2, 3 }))
            PackedState.Write(_folder.Path, [("exp_avg.w", moments)], new JsonObject { ["step"] = 7, ["seed"] = ulong.MaxValue });
        using (var state = PackedState.Read(_folder.Path))
        {
            Assert.Equal((7, ulong.MaxValue), ((int)state.Document["step"]!, (ulong)state.Document["seed"]!));
            Assert.Equal([1f, 2, 3], state["exp_avg.w"].data<float>().ToArray());
            Assert.Equal(
                $"{_folder.In("training_state.safetensors")} holds no tensor 'x'. Resume with the recipe that the run was started with.",
                Assert.Throws<BadInputException>(() => state["x"]).Message);
        }
        Assert.Equal(0, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }

    private static Action<string> Content(int number) => folder => File.WriteAllText(Path.Combine(folder, "weights"), $"{number}");

    private static void ContentThrough(Disk disk, string folder, int number) =>
        AtomicFile.Write(Path.Combine(folder, "weights"), System.Text.Encoding.UTF8.GetBytes($"{number}"), disk);
}
