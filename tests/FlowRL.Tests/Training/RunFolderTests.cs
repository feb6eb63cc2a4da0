using FlowRL.Tests.Support;
using FlowRL.Training;

namespace FlowRL.Tests.Training;

public sealed class RunFolderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Two_do_not_train_in_one_folder()
    {
        using var run = Created();

        var refused = Assert.Throws<BadInputException>(() => RunFolder.Resume(run.Path));

        Assert.Equal($"'{run.Path}' is being trained by another process, and two would spoil each other's files; wait for it, or end it first.", refused.Message);
        Assert.Equal(run.Metrics, RunFolder.Open(run.Path).Metrics); // reading is no matter
    }

    [Fact]
    public void A_run_that_has_ended_can_go_on()
    {
        string path;
        using (var run = Created()) path = run.Path;

        using var resumed = RunFolder.Resume(path);

        Assert.Equal(path, resumed.Path);
    }

    [Fact]
    public void Runs_that_start_together_have_folders_of_their_own()
    {
        var runs = Enumerable.Range(0, 8).AsParallel().Select(_ => RunFolder.Create(_folder.Path, "run")).ToList();

        Assert.Equal(Enumerable.Range(1, 8).Select(number => _folder.In($"run-{number}")), runs.Select(run => run.Path).Order());
        runs.ForEach(run => run.Dispose());
    }

    private RunFolder Created()
    {
        var run = RunFolder.Create(_folder.Path, "run");
        File.WriteAllText(run.Recipe, "");
        return run;
    }
}
