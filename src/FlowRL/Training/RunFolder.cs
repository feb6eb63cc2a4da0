using FlowRL.Telemetry;

namespace FlowRL.Training;

/// <summary>Where everything of a run lands.</summary>
public sealed class RunFolder
{
    private RunFolder(string path) => Path = System.IO.Path.GetFullPath(path);

    public string Path { get; }

    public string Recipe => In(RunFiles.Recipe);

    public string Metrics => In(RunFiles.Metrics);

    public string TensorBoard => In(RunFiles.TensorBoard);

    public string Samples => In(RunFiles.Samples);

    /// <summary>Responses that the verifier failed on.</summary>
    public string FailedRewards => In("failed_rewards.jsonl");

    public string Summary => In("summary.json");

    /// <summary>The evaluation before training, kept so that a resumed run need not repeat it.</summary>
    public string Before => In("before.json");

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
                    using var claim = new FileStream(System.IO.Path.Combine(path, ".run"), FileMode.CreateNew);
                }
                catch (IOException) when (File.Exists(System.IO.Path.Combine(path, ".run")))
                {
                    continue;
                }
                return new RunFolder(path);
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new BadInputException($"The run folder cannot be made in '{folder}' ({error.Message}); set run.folder to a writable place.", error);
        }
    }

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

    private string In(string name) => System.IO.Path.Combine(Path, name);
}
