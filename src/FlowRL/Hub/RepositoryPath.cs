namespace FlowRL.Hub;

/// <summary>Names of files as a stranger's repository gives them, which become paths on this machine.</summary>
internal static class RepositoryPath
{
    private const int Longest = 1024;
    private const int LongestPart = 255;

    /// <summary>Whether a name stays below the folder that it is joined to, on any system, and can be shown.</summary>
    public static bool IsSafe(string name) => name.Length is > 0 and <= Longest && !name.Any(c => char.IsControl(c) || c is '\\' or ':')
        && name.Split('/').All(part => part.Length is > 0 and <= LongestPart && part is not ("." or ".."));

    /// <summary>The name for an address, its slashes kept.</summary>
    public static string Escape(string name) => string.Join('/', name.Split('/').Select(Uri.EscapeDataString));
}
