using System.Text.Json;
using Microsoft.Win32.SafeHandles;

namespace FlowRL.Files;

/// <summary>Opens files that a user named; what goes wrong is said in a sentence.</summary>
internal static class InputFile
{
    private const long MaxJsonBytes = 100_000_000;

    public static SafeFileHandle Open(string path, string what)
    {
        try
        {
            return File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.Read, FileOptions.RandomAccess);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new BadInputException($"{path} does not exist. Give the path of a file with {what}.", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new BadInputException($"{path} cannot be opened: {e.Message.TrimEnd('.')}. Give the path of a file with {what}.", e);
        }
    }

    /// <summary>Reads a JSON object whose keys are all different and hands its root to <paramref name="read"/>.</summary>
    public static T ReadJson<T>(string path, string what, Func<JsonElement, T> read)
    {
        try
        {
            using var document = JsonDocument.Parse(ReadText(path, what), new JsonDocumentOptions { AllowDuplicateProperties = false });
            if (document.RootElement.ValueKind != JsonValueKind.Object)
                throw new BadInputException($"{path} is not a JSON object. Give the path of a file with {what}.");
            return read(document.RootElement);
        }
        // Texts that are no valid Unicode throw the second when they are read.
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw new BadInputException($"{path} is not valid JSON: {e.Message.TrimEnd('.')}. Correct it or copy the file again.", e);
        }
    }

    private static ReadOnlyMemory<byte> ReadText(string path, string what)
    {
        using var handle = Open(path, what);
        var size = RandomAccess.GetLength(handle);
        if (size > MaxJsonBytes)
            throw new BadInputException($"{path} is {size} bytes long; a file with {what} has at most {MaxJsonBytes}.");
        var bytes = new byte[size];
        var count = 0;
        for (int read; count < size && (read = RandomAccess.Read(handle, bytes.AsSpan(count), count)) > 0;) count += read;
        // A byte order mark is no JSON, but editors write it.
        var start = bytes.AsSpan(0, count).StartsWith("\uFEFF"u8) ? 3 : 0;
        return bytes.AsMemory(start, count - start);
    }
}
