using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Globalization;
using FlowRL.Files;

namespace FlowRL.Checkpoints;

/// <summary>
/// The checkpoints of one run: a folder with one folder a step, <c>step-00000020</c>. A checkpoint is written under another name,
/// flushed to disk, and renamed, so whoever looks sees it whole or not at all, whenever the process or the machine stops. The last
/// few and the one with the highest validation score are kept. One process writes at a time; any number may read.
/// </summary>
/// <remarks>
/// Names that begin with a dot are passing: <c>.tmp-*</c> is being written, <c>.trash-*</c> is being deleted, and <c>.old-step-*</c>
/// is a checkpoint whose successor of the same step is taking its place. Opening the store for writing clears them, and puts an
/// <c>.old-</c> one back when its successor did not come.
/// </remarks>
public sealed class CheckpointStore
{
    private const string StepPrefix = "step-";
    private const string TemporaryPrefix = ".tmp-";
    private const string TrashPrefix = ".trash-";
    private const string OldPrefix = ".old-";

    private readonly int _keepLast;
    private readonly Disk _disk;

    /// <summary>Opens the folder, creates it where it is missing, and clears what an interrupted process left.</summary>
    /// <param name="folder">The folder of the run's checkpoints.</param>
    /// <param name="keepLast">How many of the newest checkpoints to keep, from 1 on; the best is kept beside them.</param>
    public CheckpointStore(string folder, int keepLast) : this(folder, keepLast, Disk.Real) { }

    internal CheckpointStore(string folder, int keepLast, Disk disk)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(keepLast, 1);
        (Folder, _keepLast, _disk) = (Path.GetFullPath(folder), keepLast, disk);
        disk.CreateFolder(Folder);
        Recover();
    }

    public string Folder { get; }

    /// <summary>Every finished checkpoint, by step.</summary>
    /// <exception cref="BadInputException">One of them has lost its list of files.</exception>
    public IReadOnlyList<Checkpoint> All() => All(Folder);

    /// <summary>The checkpoints below a folder, without opening it for writing; none where the folder is missing.</summary>
    public static IReadOnlyList<Checkpoint> All(string folder) => !Directory.Exists(folder) ? [] :
        [.. Directory.EnumerateDirectories(folder, StepPrefix + "*").Where(IsStep).Select(Checkpoint.Open).OrderBy(c => c.Step)];

    /// <summary>The checkpoint with the highest step, or null when there is none.</summary>
    public Checkpoint? Latest() => All() is [.., var last] ? last : null;

    /// <summary>The checkpoint with the highest validation score, the latest of equals; null when none has a score.</summary>
    public Checkpoint? Best() => Best(All());

    /// <summary>The best of <paramref name="all"/>, the newest where none was validated; null when there is none.</summary>
    public static Checkpoint? BestOrLatest(IReadOnlyList<Checkpoint> all) => Best(all) ?? (all is [.., var last] ? last : null);

    /// <summary>
    /// Saves a checkpoint, then removes those that need not be kept. A checkpoint of the same step is replaced.
    /// </summary>
    /// <param name="step">The step just finished, from 0 on.</param>
    /// <param name="writeInto">Writes everything into the empty folder that it is given.</param>
    /// <param name="validationScore">Higher is better; null when none was measured.</param>
    /// <exception cref="IOException">The disk is full or failing. Earlier checkpoints are untouched.</exception>
    public Checkpoint Save(int step, Action<string> writeInto, double? validationScore = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(step);
        if (validationScore is { } score && !double.IsFinite(score))
            throw new ArgumentOutOfRangeException(nameof(validationScore), score, "A validation score is a finite number.");
        var name = string.Create(CultureInfo.InvariantCulture, $"{StepPrefix}{step:D8}");
        var temporary = Path.Combine(Folder, $"{TemporaryPrefix}{name}-{Guid.NewGuid():N}");
        try
        {
            _disk.CreateFolder(temporary);
            writeInto(temporary);
            var files = Seal(temporary, step, validationScore);
            Publish(temporary, name);
            var saved = new Checkpoint(Path.Combine(Folder, name), step, validationScore, files);
            Prune(saved);
            return saved;
        }
        catch (IOException e)
        {
            throw new IOException(
                $"The checkpoint of step {step} could not be saved in {Folder}: {e.Message.TrimEnd('.')}. " +
                "Earlier checkpoints are untouched.", e);
        }
        finally
        {
            if (Directory.Exists(temporary)) _disk.DeleteFolder(temporary);
        }
    }

    /// <summary>Flushes every file, lists them with their sums, and flushes the folders that name them.</summary>
    private List<CheckpointFile> Seal(string folder, int step, double? score)
    {
        var paths = Directory.GetFiles(folder, "*", SearchOption.AllDirectories);
        Array.Sort(paths, StringComparer.Ordinal);
        foreach (var path in paths) _disk.SyncFile(path);
        var files = paths.Select(p => Checkpoint.Describe(folder, p)).ToList();
        AtomicFile.Write(Path.Combine(folder, Checkpoint.RecordName), Checkpoint.RecordBytes(step, score, files), _disk);
        foreach (var inner in Directory.GetDirectories(folder, "*", SearchOption.AllDirectories)) _disk.SyncFolder(inner);
        _disk.SyncFolder(folder);
        return files;
    }

    private void Publish(string temporary, string name)
    {
        var target = Path.Combine(Folder, name);
        var old = Path.Combine(Folder, OldPrefix + name);
        if (Directory.Exists(target))
        {
            if (Directory.Exists(old)) Discard(old);
            _disk.MoveFolder(target, old);
        }
        try
        {
            _disk.MoveFolder(temporary, target);
        }
        catch (IOException) when (Directory.Exists(old))
        {
            _disk.MoveFolder(old, target);
            throw;
        }
        _disk.SyncFolder(Folder);
        if (Directory.Exists(old)) Discard(old);
    }

    private void Prune(Checkpoint saved)
    {
        var all = All();
        var best = Best(all);
        // A run that resumed from an earlier step may save below the steps of its abandoned branch: what was just saved stays too.
        foreach (var checkpoint in all.SkipLast(_keepLast).Where(c => c != best && c.Step != saved.Step)) Discard(checkpoint.Folder);
    }

    // Out of sight first: a folder that is half deleted must not look like a checkpoint.
    private void Discard(string folder)
    {
        var trash = Path.Combine(Folder, $"{TrashPrefix}{Guid.NewGuid():N}");
        _disk.MoveFolder(folder, trash);
        _disk.DeleteFolder(trash);
    }

    private void Recover()
    {
        foreach (var old in Directory.GetDirectories(Folder, OldPrefix + StepPrefix + "*"))
        {
            var target = Path.Combine(Folder, Path.GetFileName(old)[OldPrefix.Length..]);
            if (Directory.Exists(target)) Discard(old);
            else _disk.MoveFolder(old, target);
        }
        foreach (var prefix in new[] { TemporaryPrefix, TrashPrefix })
            foreach (var left in Directory.GetDirectories(Folder, prefix + "*"))
                _disk.DeleteFolder(left);
    }

    private static Checkpoint? Best(IReadOnlyList<Checkpoint> all) =>
        all.Where(c => c.ValidationScore is not null).Reverse().MaxBy(c => c.ValidationScore);

    private static bool IsStep(string folder) =>
        int.TryParse(Path.GetFileName(folder).AsSpan(StepPrefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out _);
}

/// <summary>What is kept of a run.</summary>
public sealed record CheckpointOptions
{
    [Description("Save every this many steps; the last step is always saved.")]
    [Range(1, int.MaxValue)]
    public int Every { get; init; } = 20;

    [Description("Recent checkpoints to keep; the best on validation is kept beside them.")]
    [Range(1, 1000)]
    public int KeepLast { get; init; } = 2;
}
