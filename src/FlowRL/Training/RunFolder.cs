using FlowRL.Checkpoints;
using FlowRL.Files;

namespace FlowRL.Training;

/// <summary>Where everything of a run lands. One process at a time trains in it, until it disposes the folder or ends, in whatever way.</summary>
internal sealed class RunFolder : IDisposable
{
    private const string ClaimName = ".run";
    private readonly FileStream? _claim;

    private RunFolder(string path, FileStream? claim = null) => (Path, _claim) = (System.IO.Path.GetFullPath(path), claim);

    public string Path { get; }

    /// <summary>Told what is wrong with files that the run can do without.</summary>
    public Action<string> Say { get; set; } = _ => { };

    public string Recipe => In(RunFiles.Recipe);

    public string Metrics => In(RunFiles.Metrics);

    public string TensorBoard => In(RunFiles.TensorBoard);

    public string Samples => In(RunFiles.Samples);

    /// <summary>Responses that the verifier failed on.</summary>
    public string FailedRewards => In("failed_rewards.jsonl");

    public string Summary => In(RunFiles.Summary);

    /// <summary>The evaluation before training, kept so that a resumed run need not repeat it.</summary>
    public string Before => In(RunFiles.Before);

    public string Checkpoints => In(RunFiles.Checkpoints);

    /// <summary>Creates <c>folder/name-N</c> with the first free number N.</summary>
    public static RunFolder Create(string folder, string name)
    {
        if (name.Length == 0 || name.IndexOfAny(System.IO.Path.GetInvalidFileNameChars()) >= 0)
        {
            throw new BadInputException($"run.name: '{name}' is no file name; use letters, digits and dashes.");
        }
        if (folder.Length == 0) throw new BadInputException("run.folder: is empty; give a folder, such as runs, or . for this one.");
        try
        {
            Directory.CreateDirectory(folder);
            for (var number = 1; ; number++)
            {
                var path = System.IO.Path.Combine(folder, $"{name}-{number}");
                // A lock file that must not exist yet makes the choice atomic between runs that start together.
                if (Directory.Exists(path) && Directory.EnumerateFileSystemEntries(path).Any()) continue;
                Directory.CreateDirectory(path);
                try
                {
                    return new RunFolder(path, Claim(path, FileMode.CreateNew));
                }
                catch (IOException) when (File.Exists(System.IO.Path.Combine(path, ClaimName)))
                {
                    // Another run was quicker.
                }
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new BadInputException($"The run folder cannot be made in '{folder}' ({error.Message}); set run.folder to a writable place.", error);
        }
    }

    /// <summary>Opens a run's folder to train on in it.</summary>
    /// <exception cref="BadInputException">There is no run at <paramref name="path"/>, or a process is training in it.</exception>
    public static RunFolder Resume(string path)
    {
        var folder = Open(path);
        try
        {
            var resumed = new RunFolder(path, Claim(folder.Path, FileMode.OpenOrCreate));
            AtomicFile.ClearLeftovers(path);
            return resumed;
        }
        catch (IOException) when (File.Exists(folder.In(ClaimName)))
        {
            throw new BadInputException($"'{path}' is being trained by another process, and two would spoil each other's files; wait for it, or end it first.");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new BadInputException($"The run in '{path}' cannot go on ({error.Message}); make its folder writable.", error);
        }
    }

    /// <summary>Opens a run's folder to read in it.</summary>
    /// <exception cref="BadInputException">There is no run at <paramref name="path"/>.</exception>
    public static RunFolder Open(string path)
    {
        var folder = new RunFolder(path);
        if (!File.Exists(folder.Recipe))
        {
            throw new BadInputException($"'{path}' is no run: it has no recipe.yaml; give the folder that 'flowrl train' printed, such as runs/countdown-1.");
        }
        return folder;
    }

    /// <summary>Ends a run whose folder was taken away: nothing more could be saved, and writing on would make half a folder.</summary>
    /// <exception cref="IOException">It is gone.</exception>
    public void RequireThere()
    {
        if (Directory.Exists(Path)) return;
        throw new IOException($"The run's folder {Path} was deleted or moved while the run was training, so that nothing more can be saved. Resume it where " +
            "it is now, or start it again: the same seed gives the same run.", new DirectoryNotFoundException(Path));
    }

    public void Dispose() => _claim?.Dispose();

    // The lock goes with the process, also where that is killed.
    private static FileStream Claim(string path, FileMode mode) =>
        new(System.IO.Path.Combine(path, ClaimName), mode, FileAccess.ReadWrite, FileShare.None);

    private string In(string name) => System.IO.Path.Combine(Path, name);
}
