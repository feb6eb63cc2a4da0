namespace FlowRL.Tests.Support;

/// <summary>
/// Other people's models, which do not lie in the repository: in the folder that FLOWRL_MODELS names, or else in <c>shared/models</c>
/// beside the repository or further up. Tests that need one that is not there are skipped, with its name.
/// </summary>
internal static class SharedModels
{
    public static string PathOf(string name)
    {
        var folder = Folders().Select(root => Path.Combine(root, name)).FirstOrDefault(Directory.Exists);
        Assert.SkipWhen(folder is null, $"{name} is not there: set FLOWRL_MODELS to the folder that holds it.");
        return folder!;
    }

    private static IEnumerable<string> Folders()
    {
        if (Environment.GetEnvironmentVariable("FLOWRL_MODELS") is { Length: > 0 } given) yield return given;
        for (var folder = AppContext.BaseDirectory; folder is not null; folder = Path.GetDirectoryName(folder))
            yield return Path.Combine(folder, "shared", "models");
    }
}
