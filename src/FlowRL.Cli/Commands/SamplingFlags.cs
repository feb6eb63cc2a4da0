using System.CommandLine;
using System.Globalization;
using FlowRL.Rollouts;

namespace FlowRL.Cli.Commands;

/// <summary>How responses are drawn, as options of a command: each is short for a key below <c>sampling</c>.</summary>
internal sealed class SamplingFlags
{
    private readonly IReadOnlyList<(string Key, Option<string?> Option)> _flags;

    /// <param name="command">Who takes the options.</param>
    /// <param name="defaults">How they are drawn where an option is left out.</param>
    public SamplingFlags(Command command, SamplingOptions defaults)
    {
        _flags =
        [
            ("max_new_tokens", new("--max-new-tokens") { Description = Text($"Length limit of a response in tokens; {defaults.MaxNewTokens} when left out.") }),
            ("temperature", new("--temperature") { Description = Text($"0 takes the most likely token; {defaults.Temperature} when left out.") }),
            ("top_p", new("--top-p") { Description = Text($"Draw from the smallest set of tokens with this probability; {defaults.TopP} when left out.") }),
            ("top_k", new("--top-k") { Description = "Draw from this many of the most likely tokens." }),
            ("min_p", new("--min-p") { Description = "Draw from tokens at least this share as likely as the most likely one." }),
            ("repetition_penalty", new("--repetition-penalty") { Description = "Above 1, tokens that stand in the text already are less likely." }),
        ];
        foreach (var (_, option) in _flags) command.Add(option);
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    /// <summary>What was given.</summary>
    public IEnumerable<string> Overrides(Invocation call) => _flags.Where(flag => call.Get(flag.Option) is not null)
        .Select(flag => OverrideText.Plain($"sampling.{flag.Key}", call.Get(flag.Option)!));
}
