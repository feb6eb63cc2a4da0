using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Unicode;

namespace FlowRL.Files;

/// <summary>
/// A file with one JSON object a line, each with a <c>step</c>, that ends with the last finished step: opened to go on after step N, it
/// loses the lines of later steps and a last line that a crash cut short. Lines that are damaged are told and left out.
/// </summary>
internal sealed class JsonLines : IDisposable
{
    private const int LongestLine = 1 << 24;
    private static readonly JsonSerializerOptions Readable =
        new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private readonly LogFile _file;

    /// <param name="path">The file; made with its folder where missing.</param>
    /// <param name="afterStep">The last step to keep; 0 begins a new log.</param>
    /// <param name="say">Told what is damaged, lost, or cannot be written.</param>
    public JsonLines(string path, int afterStep, Action<string> say)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        Cut(path, afterStep, say);
        _file = new LogFile(path, say);
    }

    /// <summary>Writes lines and hands them to the system, so that a kill of the process loses none.</summary>
    public void Append(params IEnumerable<JsonObject> lines) =>
        _file.Append(Encoding.UTF8.GetBytes(string.Concat(lines.Select(line => line.ToJsonString(Readable) + "\n"))));

    public void Dispose() => _file.Dispose();

    /// <summary>The lines of a log; a last line without its end is left out.</summary>
    /// <param name="path">The file.</param>
    /// <param name="damaged">Told of each line that is not a JSON object with a step, which is left out.</param>
    public static IEnumerable<JsonObject> Read(string path, Action<string> damaged)
    {
        foreach (var (number, line) in Lines(path))
        {
            if (Parse(line) is { } json) yield return json;
            else damaged($"{Damage(path, number)}, and is left out.");
        }
    }

    public static int Step(JsonObject line) => (int)line["step"]!;

    // The kept lines are copied beside and renamed, so a crash here loses nothing; a damaged file is kept as it was.
    private static void Cut(string path, int afterStep, Action<string> say)
    {
        if (!File.Exists(path)) return;
        var (temporary, isDamaged) = (path + ".tmp", false);
        using (var kept = File.Create(temporary))
        {
            foreach (var (number, line) in Lines(path))
            {
                var json = Parse(line);
                if (json is null) say($"{Damage(path, number)}.");
                isDamaged |= json is null;
                if (json is null || Step(json) > afterStep) continue;
                kept.Write(line!.Value.Span);
                kept.WriteByte((byte)'\n');
            }
        }
        if (isDamaged)
        {
            say($"{path} goes on without what is damaged; the file as it was is kept as {Path.GetFileName(path)}.damaged.");
            File.Copy(path, path + ".damaged", overwrite: true);
        }
        File.Move(temporary, path, overwrite: true);
    }

    private static string Damage(string path, long number) =>
        string.Create(CultureInfo.InvariantCulture, $"{path}:{number}: this line of the log is not a JSON object with a step");

    private static IEnumerable<(long Number, ReadOnlyMemory<byte>? Line)> Lines(string path)
    {
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        foreach (var line in ByteLines.Read(stream, LongestLine, isEnded: true)) yield return line;
    }

    private static JsonObject? Parse(ReadOnlyMemory<byte>? line)
    {
        if (line is not { } text || !Utf8.IsValid(text.Span)) return null;
        try
        {
            return StrictJson.Parse(text.Span) is JsonObject json && json["step"] is JsonValue step && step.TryGetValue<int>(out _) ? json : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
