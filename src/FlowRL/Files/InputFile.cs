using System.Text.Json;
using Microsoft.Win32.SafeHandles;

namespace FlowRL.Files;

/// <summary>Opens files that a user named; what goes wrong is said in a sentence.</summary>
internal static class InputFile
{
    private const long MaxBytes = 100_000_000;

    public static SafeFileHandle Open(string path, string what)
    {
        if (Directory.Exists(path)) throw new BadInputException($"{path} is a folder. Give the path of a file with {what}.");
        try
        {
            return File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.Read, FileOptions.RandomAccess);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new BadInputException($"{path} does not exist. Give the path of a file with {what}.", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new BadInputException($"{path} cannot be opened: {e.Message.TrimEnd('.')}. Give the path of a file with {what}.", e);
        }
    }

    /// <summary>Reads a JSON object whose keys are all different and hands its root to <paramref name="read"/>.</summary>
    public static T ReadJson<T>(string path, string what, Func<JsonElement, T> read)
    {
        var text = JsonDamage.WithoutMark(ReadBytes(path, what));
        if (JsonDamage.Of(text.Span) is { } damage) throw new BadInputException($"{path} {damage}. Correct it or copy the file again.");
        try
        {
            using var document = JsonDocument.Parse(text, new JsonDocumentOptions { AllowDuplicateProperties = false });
            if (document.RootElement.ValueKind != JsonValueKind.Object)
                throw new BadInputException($"{path} is not a JSON object. Give the path of a file with {what}.");
            return read(document.RootElement);
        }
        // The second is a value of another type than the reader asks for.
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw new BadInputException($"{path} is not valid JSON: {e.Message.TrimEnd('.')}. Correct it or copy the file again.", e);
        }
    }

    /// <summary>A whole file, if it is no larger than any that holds <paramref name="what"/>.</summary>
    public static ReadOnlyMemory<byte> ReadBytes(string path, string what)
    {
        using var handle = Open(path, what);
        var size = RandomAccess.GetLength(handle);
        if (size > MaxBytes)
            throw new BadInputException($"{path} is {size} bytes long; a file with {what} has at most {MaxBytes}.");
        var bytes = new byte[size];
        var count = 0;
        for (int read; count < size && (read = RandomAccess.Read(handle, bytes.AsSpan(count), count)) > 0;) count += read;
        return bytes.AsMemory(0, count);
    }
}
