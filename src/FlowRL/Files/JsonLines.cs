using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace FlowRL.Files;

/// <summary>
/// A file with one JSON object a line, each with a <c>step</c>, that ends with the last finished step: opened to go on after step N, it
/// loses the lines of later steps and a last line that a crash cut short.
/// </summary>
internal sealed class JsonLines : IDisposable
{
    private static readonly JsonSerializerOptions Readable =
        new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private readonly StreamWriter _writer;

    /// <param name="path">The file; made with its folder where missing.</param>
    /// <param name="afterStep">The last step to keep; 0 begins a new log.</param>
    public JsonLines(string path, int afterStep)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        Cut(path, afterStep);
        var stream = new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.ReadWrite);
        _writer = new StreamWriter(stream, new UTF8Encoding(false)) { NewLine = "\n" };
    }

    /// <summary>Writes lines and hands them to the system, so that a kill of the process loses none.</summary>
    public void Append(params IEnumerable<JsonObject> lines)
    {
        foreach (var line in lines) _writer.WriteLine(line.ToJsonString(Readable));
        _writer.Flush();
    }

    public void Dispose() => _writer.Dispose();

    /// <summary>The lines of a log; a last line without its end is left out.</summary>
    /// <exception cref="BadInputException">A line is not a JSON object with a step.</exception>
    public static IEnumerable<JsonObject> Read(string path)
    {
        foreach (var (line, number) in Lines(path).Select((l, i) => (l, i + 1))) yield return Parse(path, line, number);
    }

    public static int Step(JsonObject line) => (int)line["step"]!;

    // The kept lines are copied beside and renamed, so a crash here loses nothing.
    private static void Cut(string path, int afterStep)
    {
        if (!File.Exists(path)) return;
        var temporary = path + ".tmp";
        using (var kept = new StreamWriter(temporary, false, new UTF8Encoding(false)) { NewLine = "\n" })
        {
            var number = 0;
            foreach (var line in Lines(path))
                if (Step(Parse(path, line, ++number)) <= afterStep)
                    kept.WriteLine(line);
        }
        File.Move(temporary, path, overwrite: true);
    }

    private static IEnumerable<string> Lines(string path)
    {
        using var reader = new StreamReader(
            new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete), Encoding.UTF8);
        var line = new StringBuilder();
        for (int c; (c = reader.Read()) >= 0;)
        {
            if (c != '\n')
            {
                line.Append((char)c);
                continue;
            }
            yield return line.ToString();
            line.Clear();
        }
    }

    private static JsonObject Parse(string path, string line, int number)
    {
        try
        {
            if (StrictJson.Parse(line) is JsonObject json && json["step"] is JsonValue step && step.TryGetValue<int>(out _)) return json;
        }
        catch (JsonException e)
        {
            throw Damaged(path, number, e);
        }
        throw Damaged(path, number, null);
    }

    private static BadInputException Damaged(string path, int number, Exception? inner) => new(string.Create(CultureInfo.InvariantCulture,
        $"{path}:{number}: this line of the log is not a JSON object with a step; repair or remove the line."), inner!);
}
