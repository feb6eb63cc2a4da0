using System.CommandLine;
using System.CommandLine.Completions;

namespace FlowRL.Cli.Completion;

/// <summary>What may stand next on a command line that is half typed.</summary>
internal static class Completer
{
    /// <param name="root">The tool.</param>
    /// <param name="line">What stands between the tool's name and the cursor.</param>
    /// <returns>Words that begin with the one at the cursor; none where a file is asked for, so that the shell offers those.</returns>
    public static IEnumerable<CompletionItem> Of(Command root, string line)
    {
        var word = line[(line.LastIndexOfAny([' ', '\t', '\n']) + 1)..];
        // Options are many, and asked for by their dash; those of other systems' habits are not offered.
        return root.Parse(line).GetCompletions(line.Length)
            .Where(item => item.Label.StartsWith(word, StringComparison.Ordinal) && !item.Label.StartsWith('/'))
            .Where(item => item.Label.StartsWith("--", StringComparison.Ordinal) ? word.StartsWith('-') : !item.Label.StartsWith('-'));
    }
}
