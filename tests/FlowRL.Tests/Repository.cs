namespace FlowRL.Tests;

/// <summary>Files of the repository, for tests that hold it to what it says.</summary>
internal static class Repository
{
    public static string Root { get; } = Find(AppContext.BaseDirectory);

    private static string Find(string folder) => File.Exists(Path.Combine(folder, "FlowRL.slnx")) ? folder
        : Find(Path.GetDirectoryName(folder) ?? throw new InvalidOperationException("The tests do not lie inside the repository."));
}
