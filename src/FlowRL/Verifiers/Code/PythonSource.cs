namespace FlowRL.Verifiers.Code;

/// <summary>The Python that runs beside programs, embedded in this assembly.</summary>
internal static class PythonSource
{
    public static string Program { get; } = Read("peer") + Read("program");

    public static string Judge { get; } = Read("peer") + Read("judge");

    private static string Read(string name)
    {
        using var stream = typeof(PythonSource).Assembly.GetManifestResourceStream($"FlowRL.Verifiers.Code.Python.{name}.py")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
