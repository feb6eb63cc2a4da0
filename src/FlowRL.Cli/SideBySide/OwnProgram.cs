using System.Diagnostics;
using System.Reflection;

namespace FlowRL.Cli.SideBySide;

/// <summary>This tool, to be started once more.</summary>
internal static class OwnProgram
{
    /// <summary>The tool with these arguments, its three standard streams as pipes.</summary>
    public static ProcessStartInfo With(params IEnumerable<string> arguments)
    {
        var tool = typeof(OwnProgram).Assembly;
        var program = Environment.ProcessPath;
        // A program of its own in a self-contained folder; everywhere else the runtime's, which is told what to run.
        var isOwn = program is not null && Assembly.GetEntryAssembly() == tool && Path.GetFileNameWithoutExtension(program) != "dotnet";
        var start = new ProcessStartInfo(isOwn || IsRuntime(program) ? program! : "dotnet")
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        if (!isOwn) start.ArgumentList.Add(tool.Location);
        foreach (var argument in arguments) start.ArgumentList.Add(argument);
        return start;
    }

    private static bool IsRuntime(string? program) => program is not null && Path.GetFileNameWithoutExtension(program) == "dotnet";
}
