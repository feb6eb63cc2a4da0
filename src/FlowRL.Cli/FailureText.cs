using System.Diagnostics;
using System.Text.RegularExpressions;

namespace FlowRL.Cli;

/// <summary>A failure in one line: what, and in which part of this library. The native library's messages carry long backtraces.</summary>
internal static partial class FailureText
{
    // errno, which is what HResult holds outside of Windows.
    private const int NoSpace = 28;
    private const int ReadOnly = 30;
    private const int NoQuota = 122;

    public static string Of(Exception e)
    {
        var inner = e is AggregateException { InnerExceptions: [var only] } ? only : e;
        if (OfDisk(inner) is { } told) return told;
        var what = inner.Message.Split('\n')[0].Trim();
        return $"Failed{Where(inner)}: {(what == "" ? inner.GetType().Name : what)} (--verbose prints the stack)";
    }

    /// <summary>What a disk refuses is no fault of the program's, and its stack tells nobody anything.</summary>
    private static string? OfDisk(Exception e) => e switch
    {
        IOException { InnerException: IOException } whole => whole.Message, // the library's own sentence
        IOException { HResult: NoSpace or NoQuota } full => $"{Words(full)}; free some space, or write to another disk.",
        IOException { HResult: ReadOnly } or UnauthorizedAccessException => $"{Words(e)}; choose a place that can be written to.",
        _ => null,
    };

    private static string Words(Exception e) => e.Message.TrimEnd('.').Replace(" : '", ": '", StringComparison.Ordinal);

    private static string Where(Exception e)
    {
        foreach (var method in new StackTrace(e).GetFrames().Select(f => f.GetMethod()))
        {
            if (method?.DeclaringType is not { } type || type.Namespace?.StartsWith("FlowRL", StringComparison.Ordinal) != true) continue;
            // An async method or lambda runs in a nested type named after it: <RunAsync>d__3.
            var generated = Generated().Match(type.Name + method.Name);
            var owner = type;
            while (owner is { IsNested: true } && owner.Name.Contains('<', StringComparison.Ordinal)) owner = owner.DeclaringType!;
            return $" in {owner.Name}.{(generated.Success ? generated.Groups[1].Value : method.Name)}";
        }
        return "";
    }

    [GeneratedRegex("<(\\w+)>")]
    private static partial Regex Generated();
}
