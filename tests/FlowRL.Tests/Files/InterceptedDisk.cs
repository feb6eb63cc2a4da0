using FlowRL.Files;

namespace FlowRL.Tests.Files;

/// <summary>A disk that is interrupted before, or in the middle of, an operation.</summary>
internal abstract class InterceptedDisk : Disk
{
    /// <summary>Throws when the operation shall not take place; <paramref name="halfDone"/> does a part of it.</summary>
    protected abstract void Before(Action halfDone);

    public override Stream Create(string path)
    {
        Before(() => File.WriteAllText(path, "ha"));
        return base.Create(path);
    }

    public override void Sync(Stream stream)
    {
        Before(static () => { });
        base.Sync(stream);
    }

    public override void SyncFile(string path)
    {
        Before(static () => { });
        base.SyncFile(path);
    }

    public override void SyncFolder(string path)
    {
        Before(static () => { });
        base.SyncFolder(path);
    }

    public override void MoveFile(string from, string to)
    {
        Before(static () => { });
        base.MoveFile(from, to);
    }

    public override void DeleteFile(string path)
    {
        Before(static () => { });
        base.DeleteFile(path);
    }

    public override void CreateFolder(string path)
    {
        Before(static () => { });
        base.CreateFolder(path);
    }

    public override void MoveFolder(string from, string to)
    {
        Before(static () => { });
        base.MoveFolder(from, to);
    }

    public override void DeleteFolder(string path)
    {
        Before(() => File.Delete(Directory.GetFiles(path).FirstOrDefault() ?? Path.Combine(path, "none")));
        base.DeleteFolder(path);
    }
}
