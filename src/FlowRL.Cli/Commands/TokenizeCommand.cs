using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using FlowRL.Cli.Pulling;
using FlowRL.Tokenization;

namespace FlowRL.Cli.Commands;

/// <summary><c>flowrl tokenize</c>: text to token ids and back.</summary>
internal static class TokenizeCommand
{
    /// <summary>The argument that may hold anything.</summary>
    public const string TextName = "text";

    public static Command Create(CommandRunner runner)
    {
        var path = CommonOptions.Model();
        var text = new Argument<string?>(TextName)
        { Description = "The text; standard input when left out.", Arity = ArgumentArity.ZeroOrOne };
        var decode = new Option<bool>("--decode") { Description = "The text is a list of ids, to be turned into text." };
        var special = new Option<bool>("--special") { Description = "Read special tokens written in the text as tokens." };
        var command = new Command("tokenize", "Turn text into token ids, or ids into text.") { path, text, decode, special };
        runner.Attach(command, async (call, cancellation) =>
        {
            var input = call.Get(text) ?? await ReadAsync(call.Host);
            cancellation.ThrowIfCancellationRequested();
            var tokenizer = call.Host.Engine.LoadTokenizer(await call.Pulled(call.Get(path)!, withBase: true, cancellation));
            return call.Get(decode) ? Decode(tokenizer, input) : Encode(tokenizer, input, call.Get(special));
        });
        return command;
    }

    private static Task<string> ReadAsync(CliHost host)
    {
        host.Say("Reading the text from standard input.");
        return host.Input.ReadToEndAsync();
    }

    private static CommandResult Encode(ITokenizer tokenizer, string text, bool parseSpecial)
    {
        var ids = tokenizer.Encode(text, parseSpecial);
        var tokens = ids.Select(id => tokenizer.Decode([id], skipSpecial: false)).ToArray();
        return CommandResult.Of(new { text, ids, tokens }, string.Join(' ', ids.Select(id => id.ToString(CultureInfo.InvariantCulture))));
    }

    private static CommandResult Decode(ITokenizer tokenizer, string text)
    {
        var ids = text.Split([' ', ',', '[', ']', '\n', '\r', '\t'], StringSplitOptions.RemoveEmptyEntries)
            .Select(w => Id(w, tokenizer)).ToArray();
        var decoded = tokenizer.Decode(ids, skipSpecial: false);
        return new CommandResult(
            new JsonObject { ["text"] = decoded, ["ids"] = new JsonArray([.. ids.Select(i => (JsonNode?)i)]) }, decoded);
    }

    private static int Id(string word, ITokenizer tokenizer) =>
        int.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out var id) && id < tokenizer.VocabularySize ? id
            : throw new BadInputException($"'{word}' is not a token id; ids are whole numbers below {tokenizer.VocabularySize}.");
}
