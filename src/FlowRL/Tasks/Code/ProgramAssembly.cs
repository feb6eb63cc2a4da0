using System.Text;
using System.Text.RegularExpressions;
using FlowRL.Verifiers.Code;

namespace FlowRL.Tasks.Code;

/// <summary>Makes the program of a response: a whole one, or the continuation of a prompt's code.</summary>
internal static class ProgramAssembly
{
    /// <summary>The program; null where the response holds none.</summary>
    public static string? Of(CodeProblem problem, string response)
    {
        if (ProgramText.Find(response, problem.Language) is not { } found) return null;
        if (problem.Prefix == "") return found;
        if (problem.Language == CodeLanguage.CSharp) return CSharp(problem, found);
        var function = problem.Tests.Function;
        var head = function.StartsWith("Solution", StringComparison.Ordinal) ? @"class\s+Solution" : $@"(async\s+)?def\s+{Regex.Escape(function)}";
        var begins = new Regex($@"^{head}\b", RegexOptions.Multiline | RegexOptions.NonBacktracking);
        var own = begins.Match(problem.Prefix);
        // What stands before the function in the prompt, imports and helpers, is the program's as well.
        if (!own.Success || begins.IsMatch(found)) return (own.Success ? problem.Prefix[..own.Index] : problem.Prefix) + "\n" + found;
        return problem.Prefix + Continuation(found) + problem.Suffix;
    }

    /// <summary>A response that does not stop goes on with other things; a function's body ends at the first line that is not indented.</summary>
    private static string Continuation(string text)
    {
        var body = new StringBuilder();
        var isFirst = true;
        foreach (var line in text.Split('\n'))
        {
            if (!isFirst && line.Length > 0 && !char.IsWhiteSpace(line[0]) && line[0] is not (')' or ']' or '}')) break;
            body.Append(line).Append('\n');
            isFirst = false;
        }
        return body.ToString();
    }

    // The tests close the function themselves.
    private static string CSharp(CodeProblem problem, string text)
    {
        var end = text.IndexOf("\n    }\n", StringComparison.Ordinal);
        return problem.Prefix + (end < 0 ? text : text[..(end + 1)]) + problem.Suffix;
    }
}
