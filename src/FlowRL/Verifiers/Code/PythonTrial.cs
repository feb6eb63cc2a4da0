using System.Text.Json;
using System.Text.Json.Nodes;
using FlowRL.Sandbox;

namespace FlowRL.Verifiers.Code;

/// <summary>One program before all others, so that an interpreter that runs none is not taken for models that write none.</summary>
internal static class PythonTrial
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    /// <summary>Why programs cannot be run, with what to do about it; null where they can.</summary>
    /// <param name="options">Which name the interpreter and its packages.</param>
    /// <param name="start">Starts the interpreter with our source.</param>
    public static string? Obstacle(CodeOptions options, Func<SandboxedProcess> start)
    {
        var python = options.Sandbox.Python;
        if (!Path.IsPathRooted(python) || !File.Exists(python))
            return $"sandbox.python: '{python}' is no file; give the absolute path of an interpreter, or install one with ./install-sandbox.";
        if (options.Packages.FirstOrDefault(folder => !Directory.Exists(folder)) is { } missing)
            return $"packages: '{missing}' is no folder; give folders of Python packages, or leave it out.";
        using var running = start();
        running.AllowProcessor(Patience);
        var work = new JsonObject { ["mode"] = "calls", ["usual"] = false, ["program"] = Program([.. options.Packages.Select(Path.GetFullPath)]) };
        var line = Facts.Of(running.Ask(work.ToJsonString(), Patience));
        if (line is ["started"]) line = Facts.Of(running.Read(Patience));
        if (line is ["ready"]) return null;
        var reason = line is ["broken", var kind, var words] ? $"{kind}: {words}" : running.Complaint ?? EndOf.Reason(running);
        return $"sandbox.python: '{python}' runs no program in the sandbox ({reason}); give the absolute path of Python 3.9 or newer, " +
            "and packages that every user may read.";
    }

    private static string Program(IReadOnlyList<string> packages) => $"""
        import os, sys
        if sys.version_info < (3, 9):
            raise ImportError("it is Python " + sys.version.split()[0])
        for folder in {JsonSerializer.Serialize(packages)}:
            os.listdir(folder)
        """;
}
