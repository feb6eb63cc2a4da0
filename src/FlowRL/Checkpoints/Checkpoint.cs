using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;
using FlowRL.Files;

namespace FlowRL.Checkpoints;

/// <summary>A finished checkpoint on disk: a folder with what was saved and a list of its files.</summary>
/// <param name="Folder">The folder.</param>
/// <param name="Step">The step after which it was saved.</param>
/// <param name="ValidationScore">The score on validation, higher is better; null when none was measured at that step.</param>
/// <param name="Files">What was saved, without the list itself.</param>
public sealed record Checkpoint(string Folder, int Step, double? ValidationScore, IReadOnlyList<CheckpointFile> Files)
{
    /// <summary>The name of the list inside the folder.</summary>
    public const string RecordName = "checkpoint.json";

    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        WriteIndented = true,
        NewLine = "\n",
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    };

    /// <exception cref="BadInputException">The folder is no checkpoint, or its list is damaged.</exception>
    public static Checkpoint Open(string folder)
    {
        var path = Path.Combine(folder, RecordName);
        if (!File.Exists(path))
            throw new BadInputException(
                $"{folder} is no checkpoint: it has no {RecordName}. Give the folder of a checkpoint, or delete it.");
        try
        {
            var record = InputFile.ReadJson(path, "a checkpoint's files", root => root.Deserialize<CheckpointRecord>(Json)!);
            if (record.Files.Contains(null!)) throw new BadInputException($"{path} lists a file that has no name. Copy the checkpoint again.");
            return new Checkpoint(folder, record.Step, record.ValidationScore, record.Files);
        }
        catch (BadInputException damaged)
        {
            throw new BadInputException($"{damaged.Message} Or delete {folder}, to go on from an earlier checkpoint.", damaged);
        }
    }

    /// <summary>Reads every file and compares it with what was saved.</summary>
    /// <exception cref="BadInputException">Files are missing or differ; the message names each of them.</exception>
    public void Verify(CancellationToken cancellation = default) =>
        Require(_ => true, "Delete the folder to go on from an earlier checkpoint.", cancellation);

    /// <summary>The same for what a model is loaded from: the training state beside it may be missing.</summary>
    /// <exception cref="BadInputException">Files are missing or differ; the message names each of them.</exception>
    public void VerifyModel(CancellationToken cancellation = default) => Require(IsOfModel, OtherPlace, cancellation);

    /// <summary>The same for a folder, where that is a checkpoint; other folders have no sums.</summary>
    /// <param name="folder">Where a model or a tokenizer lies.</param>
    /// <param name="weights">Whether weights are to be loaded, or the other files alone.</param>
    /// <exception cref="BadInputException">Files are missing or differ, or the list of them is damaged.</exception>
    internal static void RequireWhole(string folder, bool weights)
    {
        if (!File.Exists(Path.Combine(folder, RecordName))) return;
        Open(folder).Require(name => IsOfModel(name) && (weights || !name.EndsWith(".safetensors", StringComparison.Ordinal)), OtherPlace, default);
    }

    private const string OtherPlace = "Take another checkpoint; a change that is meant belongs into a copy of the folder without " + RecordName + ".";

    // Training state is in folders of its own.
    private static bool IsOfModel(string name) => !name.Contains('/', StringComparison.Ordinal);

    private void Require(Func<string, bool> isNeeded, string advice, CancellationToken cancellation)
    {
        var problems = Files.Where(file => isNeeded(file.Name)).Select(file => Problem(file, cancellation)).OfType<string>().ToList();
        if (problems.Count > 0) throw new BadInputException($"The checkpoint {Folder} is damaged: {string.Join("; ", problems)}. {advice}");
    }

    internal static byte[] RecordBytes(int step, double? score, IReadOnlyList<CheckpointFile> files) =>
        [.. JsonSerializer.SerializeToUtf8Bytes(new CheckpointRecord(step, score, files), Json), (byte)'\n'];

    internal static CheckpointFile Describe(string folder, string path)
    {
        using var stream = File.OpenRead(path);
        return new CheckpointFile(
            Path.GetRelativePath(folder, path).Replace('\\', '/'), stream.Length, Convert.ToHexStringLower(SHA256.HashData(stream)));
    }

    private string? Problem(CheckpointFile file, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        if (Path.IsPathRooted(file.Name) || file.Name.Split('/').Contains(".."))
            return $"{RecordName} names '{file.Name}', outside the folder";
        var path = Path.Combine(Folder, file.Name);
        if (!File.Exists(path)) return $"{file.Name} is missing";
        var found = Describe(Folder, path);
        if (found.Bytes != file.Bytes) return $"{file.Name} is {found.Bytes} bytes long and was {file.Bytes}";
        return found.Sha256 == file.Sha256 ? null : $"{file.Name} has other content than was saved";
    }
}

/// <summary>One file of a checkpoint as it was when it was saved.</summary>
/// <param name="Name">The path inside the checkpoint, with forward slashes.</param>
/// <param name="Bytes">The length.</param>
/// <param name="Sha256">64 lower-case hexadecimal digits.</param>
public sealed record CheckpointFile(string Name, long Bytes, string Sha256);

/// <summary>The content of a checkpoint's <c>checkpoint.json</c>.</summary>
internal sealed record CheckpointRecord(int Step, double? ValidationScore, IReadOnlyList<CheckpointFile> Files);
