namespace FlowRL.Tests.Support;

internal static class GoldenFiles
{
    public static string Path(params string[] parts) =>
        System.IO.Path.Combine([AppContext.BaseDirectory, "Golden", .. parts]);
}
