namespace FlowRL.Tests.Support;

/// <summary>The checkout that the tests were built from.</summary>
public static class RepositoryRoot
{
    public static string Path { get; } = Find();

    private static string Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(System.IO.Path.Combine(folder.FullName, "FlowRL.slnx"))) return folder.FullName;
        }
        throw new InvalidOperationException($"No FlowRL.slnx above {AppContext.BaseDirectory}.");
    }
}
