using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Unicode;
using FlowRL.Files;

namespace FlowRL.Lab.Judging;

/// <summary>
/// Answers of judges in a file of JSON lines, so that nothing is asked twice. A line is handed to the system as soon as its answer is there; of a line that a
/// kill cut short, and of one that is damaged, it is said that it is left out. Safe for many threads; a file belongs to one process at a time.
/// </summary>
public sealed class JudgeCache : IDisposable
{
    /// <summary>The verdict of a question to which only malformed answers came.</summary>
    internal const string Undecided = "UNDECIDED";

    private const int LongestLine = 1 << 16;
    private const int LengthOfKey = 64;
    private static readonly byte[] Begin = "{\"key\":\""u8.ToArray();

    private readonly ConcurrentDictionary<string, string> _verdicts = new();
    private readonly Lock _writing = new();
    private readonly LogFile _file;

    /// <param name="path">The file, in a folder that is there; begun where it is missing.</param>
    /// <param name="say">Told what is damaged or cannot be written, in sentences.</param>
    /// <exception cref="BadInputException">The file is something else, or cannot be read.</exception>
    public JudgeCache(string path, Action<string> say)
    {
        try
        {
            if (File.Exists(path)) Read(path, say);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new BadInputException($"{path}: the answers of judges in it cannot be read ({e.Message.TrimEnd('.')}); give another file.", e);
        }
        _file = new LogFile(path, say);
    }

    /// <summary>Answers that are known.</summary>
    public int Count => _verdicts.Count;

    public void Dispose() => _file.Dispose();

    /// <summary>What a judge answered, or <see cref="Undecided"/>; null where it was never asked.</summary>
    internal string? Find(string model, JudgeQuestion question) =>
        _verdicts.TryGetValue(Key(model, question), out var verdict) && (verdict == Undecided || question.Answers.Contains(verdict)) ? verdict : null;

    internal void Add(string model, JudgeQuestion question, string verdict)
    {
        var key = Key(model, question);
        _verdicts[key] = verdict;
        var line = new JsonObject { ["key"] = key, ["model"] = model, ["question"] = question.Kind, ["verdict"] = verdict };
        lock (_writing) _file.Append(Encoding.UTF8.GetBytes(line.ToJsonString(JsonOutput.Options) + "\n"));
    }

    private static string Key(string model, JudgeQuestion question) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{model}\0{question.Text}")));

    private void Read(string path, Action<string> say)
    {
        using var stream = new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
        Span<byte> first = stackalloc byte[Begin.Length];
        first = first[..stream.ReadAtLeast(first, first.Length, throwOnEndOfStream: false)];
        if (!Begin.AsSpan().StartsWith(first))
            throw new BadInputException($"{path}: is no file of a judge's answers, and nothing is written to it; give another for them.");
        stream.Position = 0;
        foreach (var (number, line) in ByteLines.Read(stream, LongestLine, isEnded: true))
        {
            if (Parse(line) is { } entry) _verdicts[entry.Key] = entry.Verdict;
            else say(string.Create(CultureInfo.InvariantCulture, $"{path}:{number}: this line is no answer of a judge, and is left out."));
        }
        var end = EndOfLines(stream);
        if (end == stream.Length) return;
        say($"{path}: its last line was cut short, and is left out.");
        stream.SetLength(end);
    }

    private static (string Key, string Verdict)? Parse(ReadOnlyMemory<byte>? line)
    {
        if (line is not { } text || !Utf8.IsValid(text.Span)) return null;
        try
        {
            return StrictJson.Parse(text.Span) is JsonObject entry && Text(entry["key"]) is { Length: LengthOfKey } key && Text(entry["verdict"]) is { } verdict
                ? (key, verdict) : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static string? Text(JsonNode? node) => node is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;

    /// <summary>Where the last whole line ends.</summary>
    private static long EndOfLines(FileStream stream)
    {
        var block = new byte[LongestLine];
        for (var end = stream.Length; end > 0;)
        {
            var begin = Math.Max(0, end - block.Length);
            var part = block.AsSpan(0, (int)(end - begin));
            stream.Position = begin;
            stream.ReadExactly(part);
            if (part.LastIndexOf((byte)'\n') is >= 0 and var last) return begin + last + 1;
            end = begin;
        }
        return 0;
    }
}
