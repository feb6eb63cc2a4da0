using System.Text.Json;

namespace FlowRL.Verifiers.Code;

/// <summary>The Python that runs beside programs, embedded in this assembly.</summary>
internal static class PythonSource
{
    /// <summary>Runs a program.</summary>
    public static string Program { get; } = Later() + Read("peer", "calls", "program");

    /// <summary>Judges one in another sandbox.</summary>
    public static string Judge { get; } = Later() + Read("peer", "script", "judge");

    /// <summary>What a script of tests needs that is run beside its program.</summary>
    public static string Tools { get; } = Read("script", "beside", "pytest");

    // What few need is compiled where it is needed: Python takes a millisecond for a page. A text as JSON is one of Python's too.
    private static string Later() => $"LATER = {JsonSerializer.Serialize(new Dictionary<string, string>
    {
        ["usual"] = Read("usual", "nodes"),
        ["pytest"] = Read("pytest"),
        ["reference"] = Read("reference"),
    })}\n";

    private static string Read(params string[] names) => string.Concat(names.Select(Read));

    private static string Read(string name)
    {
        using var stream = typeof(PythonSource).Assembly.GetManifestResourceStream($"FlowRL.Verifiers.Code.Python.{name}.py")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
