using FlowRL.Files;
using FlowRL.Tests.Support;

namespace FlowRL.Tests.Files;

public sealed class NewFolderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_folder_is_there_whole_or_not_at_all()
    {
        NewFolder.Write(_folder.In("model"), place => File.WriteAllText(Path.Combine(place, "weights"), "1"));
        Assert.Equal(["weights"], Directory.GetFiles(_folder.In("model")).Select(Path.GetFileName));
        Assert.Throws<IOException>(() => NewFolder.Write(_folder.In("other"), _ => throw new IOException("full")));
        Assert.Equal(["model"], _folder.FileNames());
    }

    [Fact]
    public void What_a_killed_process_left_is_removed_and_what_another_writes_is_not()
    {
        // As a kill leaves it: everything but the lock.
        var left = Directory.CreateDirectory(_folder.In($"model.tmp-{Guid.NewGuid():N}")).FullName;
        File.WriteAllText(Path.Combine(left, ".writing"), "");
        File.WriteAllText(Path.Combine(left, "weights"), "half");
        var strange = Directory.CreateDirectory(_folder.In($"mine.tmp-{Guid.NewGuid():N}")).FullName; // nobody's here
        NewFolder.Write(_folder.In("other"), _ =>
            NewFolder.Write(_folder.In("model"), place => File.WriteAllText(Path.Combine(place, "weights"), "1"))); // beside one that is being written
        Assert.Equal([Path.GetFileName(strange), "model", "other"], _folder.FileNames());
    }
}
