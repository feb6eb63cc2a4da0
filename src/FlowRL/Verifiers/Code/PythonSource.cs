using System.Text.Json;

namespace FlowRL.Verifiers.Code;

/// <summary>The Python that runs beside programs, embedded in this assembly.</summary>
internal static class PythonSource
{
    private const string Begin = "\n\nstart()\n", BeginAll = $"\n\nnurse(start, '{Warm}')\n";

    // What most programs import, where it is worth its memory: every process that a program forks is counted with it.
    private const string Warm = "bisect collections copy functools heapq itertools math operator re string typing";

    private static readonly string ProgramParts = Later() + Read("peer", "calls", "program"), JudgeParts = Later() + Read("peer", "script", "judge");

    /// <summary>Runs a program.</summary>
    public static string Program { get; } = ProgramParts + Begin;

    /// <summary>Judges one in another sandbox.</summary>
    public static string Judge { get; } = JudgeParts + Begin;

    /// <summary>Runs programs one after the other, each as <see cref="Program"/> does, in forks of an interpreter that is ready.</summary>
    public static string Programs { get; } = ProgramParts + Read("nursery") + BeginAll;

    /// <summary>Judges them one after the other, as <see cref="Judge"/>.</summary>
    public static string Judges { get; } = JudgeParts + Read("nursery") + BeginAll;

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
