using FlowRL.Files;
using System.Reflection;
using System.Security.Cryptography;

namespace FlowRL.Checkpoints;

/// <summary>
/// Models inside the library. They are unpacked once into a folder of the user's cache, named by their content, and read from there
/// like any other checkpoint.
/// </summary>
public static class EmbeddedModels
{
    /// <summary>What a path to an embedded model begins with.</summary>
    public const string PathPrefix = "embedded:";

    private const string Prefix = "FlowRL.Embedded.";

    public static IReadOnlyList<string> Names { get; } = ["countdown"];

    /// <summary>The folder of an embedded model for <c>embedded:NAME</c>; any other path as it is.</summary>
    /// <exception cref="BadInputException">There is no such embedded model.</exception>
    public static string Resolve(string path) =>
        path.StartsWith(PathPrefix, StringComparison.Ordinal) ? Folder(path[PathPrefix.Length..]) : path;

    /// <summary>A folder that holds the files of the model <paramref name="name"/>.</summary>
    /// <exception cref="BadInputException">There is no such model, or the cache folder cannot be written.</exception>
    public static string Folder(string name)
    {
        var assembly = Assembly.GetExecutingAssembly();
        var prefix = $"{Prefix}{name}/";
        var files = assembly.GetManifestResourceNames().Where(resource => resource.StartsWith(prefix, StringComparison.Ordinal)).ToList();
        if (files.Count == 0)
        {
            throw new BadInputException($"There is no embedded model '{name}'; there is {string.Join(", ", Names)}.");
        }
        var contents = files.ToDictionary(file => file[prefix.Length..], file => Read(assembly, file));
        var folder = Path.Combine(UserCache.Folder("models"), $"{name}-{Fingerprint(contents)}");
        if (!Directory.Exists(folder)) Unpack(contents, folder);
        return folder;
    }

    private static void Unpack(Dictionary<string, byte[]> contents, string folder)
    {
        try
        {
            // Unpacked beside and renamed, so that a second process never sees half of it.
            var temporary = $"{folder}.{Guid.NewGuid():N}";
            Directory.CreateDirectory(temporary);
            foreach (var (file, bytes) in contents) File.WriteAllBytes(Path.Combine(temporary, file), bytes);
            try
            {
                Directory.Move(temporary, folder);
            }
            catch (IOException) when (Directory.Exists(folder))
            {
                Directory.Delete(temporary, recursive: true);
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new BadInputException($"The embedded model cannot be unpacked to '{folder}' ({error.Message}); make that folder writable " +
                "or set XDG_CACHE_HOME to one that is.", error);
        }
    }

    private static string Fingerprint(Dictionary<string, byte[]> contents)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var file in contents.Keys.Order(StringComparer.Ordinal)) hash.AppendData(contents[file]);
        return Convert.ToHexStringLower(hash.GetHashAndReset())[..12];
    }

    private static byte[] Read(Assembly assembly, string resource)
    {
        using var stream = assembly.GetManifestResourceStream(resource)!;
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }
}
