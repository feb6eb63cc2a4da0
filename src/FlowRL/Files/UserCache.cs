namespace FlowRL.Files;

/// <summary>Where the product keeps what can be made again: below <c>XDG_CACHE_HOME</c>, else the system's place for it.</summary>
internal static class UserCache
{
    /// <summary>A folder of this name; it need not exist.</summary>
    public static string Folder(string name)
    {
        var cache = Environment.GetEnvironmentVariable("XDG_CACHE_HOME");
        if (string.IsNullOrEmpty(cache)) cache = Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData);
        return Path.Combine(string.IsNullOrEmpty(cache) ? Path.GetTempPath() : cache, "flowrl", name);
    }
}
