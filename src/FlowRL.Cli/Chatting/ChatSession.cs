using System.Globalization;
using FlowRL.Recipes;
using FlowRL.Runs;
using FlowRL.Tokenization;

namespace FlowRL.Cli.Chatting;

/// <summary>Reads messages and commands, line by line, until there are no more. Answers go to standard output, all else to standard error.</summary>
/// <param name="model">Answers.</param>
/// <param name="recipe">How.</param>
/// <param name="host">Gives lines and takes notes.</param>
/// <param name="output">Takes the answers.</param>
/// <param name="interrupts">Say when to stop.</param>
internal sealed class ChatSession(IChatModel model, ChatRecipe recipe, CliHost host, TextWriter output, ChatInterrupts interrupts)
{
    private const string Help =
        "/reset           forget what was said\n" +
        "/system [TEXT]   what the model is told before the conversation: show it, or change it\n" +
        "/pick NUMBER     go on with another of the answers to the last message\n" +
        "/exit            leave; so do Ctrl-D, and Ctrl-C while no answer is being written\n" +
        "A message that begins with a slash is typed with two.";

    private readonly Conversation _conversation = new(recipe.System);
    private int _turns;

    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    /// <exception cref="BadInputException">A message cannot be answered, and nobody is there to send another.</exception>
    public ChatTranscript Run()
    {
        if (host.IsKeyboard) host.Say("Type a message; /help lists commands, Ctrl-C stops an answer.");
        while (Next() is { } line && line != "/exit")
        {
            if (string.IsNullOrWhiteSpace(line)) continue;
            if (line.StartsWith("//", StringComparison.Ordinal)) Ask(line[1..]);
            else if (line[0] == '/') Do(line);
            else Ask(line);
            if (interrupts.IsStop) break;
        }
        return interrupts.IsStop ? throw new OperationCanceledException(interrupts.Leaving) : new ChatTranscript(_turns, _conversation.Messages);
    }

    /// <summary>The next line; null where there is none, or where the wait for it was ended.</summary>
    private string? Next()
    {
        if (host.IsKeyboard)
        {
            host.Error.Write("> ");
            host.Error.Flush();
        }
        var reading = Task.Run(host.Input.ReadLine);
        try
        {
            reading.Wait(interrupts.Leaving);
            if (reading.Result is { } line) return line;
        }
        catch (OperationCanceledException)
        {
            // The reader is left behind: nobody needs its line any more.
        }
        if (host.IsKeyboard) host.Error.WriteLine();
        return null;
    }

    private void Ask(string message)
    {
        Prompt prompt = recipe.Plain ? message : new Prompt.Chat(_conversation.With(message));
        IReadOnlyList<ChatAnswer> answers;
        try
        {
            var printer = new AnswerPrinter(output, recipe.Samples);
            answers = interrupts.Stoppable(stop => model.Answer(prompt, _turns, printer, stop));
        }
        catch (BadInputException refused) when (host.IsKeyboard)
        {
            host.Say(refused.Message);
            return;
        }
        _turns++;
        foreach (var (i, answer) in answers.Index()) Note(answers.Count > 1 ? $"answer {i + 1}" : "the answer", answer);
        if (answers.All(answer => answer is { Text: "", End: ChatEnd.Stopped })) return; // as if nothing had been asked
        _conversation.Add(message, answers);
        if (host.IsKeyboard && answers.Count > 1 && !recipe.Plain) host.Say("Answer 1 goes on; /pick 2 takes the second.");
    }

    private void Note(string name, ChatAnswer answer)
    {
        if (answer.End == ChatEnd.Stopped) host.Say($"({name} was stopped)");
        if (answer.End == ChatEnd.Length) host.Say($"({name} was cut at {recipe.Sampling.MaxNewTokens} tokens; --max-new-tokens allows more)");
        if (answer.End == ChatEnd.Context)
            host.Say($"({name} was cut: the context window of {model.ContextLength} tokens is full{(recipe.Plain ? "" : "; /reset begins anew")})");
    }

    private void Do(string line)
    {
        var (command, rest) = line.IndexOf(' ', StringComparison.Ordinal) is >= 0 and var space ? (line[..space], line[space..].Trim()) : (line, "");
        switch (command)
        {
            case "/help":
                host.Say(Help);
                break;
            case "/reset":
                _conversation.Reset();
                host.Say("Forgotten.");
                break;
            case "/system" when recipe.Plain:
                host.Say("Plain text has no system prompt; write it into the line.");
                break;
            case "/system" when rest == "":
                host.Say(_conversation.System ?? "There is no system prompt; /system TEXT gives one.");
                break;
            case "/system":
                _conversation.System = rest;
                host.Say("It counts from the next message on.");
                break;
            case "/pick":
                Pick(rest);
                break;
            default:
                host.Say($"'{command}' is no command; /help lists them. A message that begins with a slash is typed with two.");
                break;
        }
    }

    private void Pick(string number)
    {
        var isNumber = int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var answer);
        if (_conversation.Answers < 2) host.Say("There is one answer at most; --samples asks for several.");
        else if (!isNumber || answer < 1 || answer > _conversation.Answers) host.Say($"Give the number of an answer, from 1 to {_conversation.Answers}.");
        else
        {
            _conversation.Pick(answer);
            host.Say($"Answer {answer} goes on.");
        }
    }
}

/// <summary>What a conversation was.</summary>
/// <param name="Turns">Messages that were answered.</param>
/// <param name="Messages">What counts of it at the end.</param>
internal sealed record ChatTranscript(int Turns, IReadOnlyList<ChatMessage> Messages);
