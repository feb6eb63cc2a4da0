using System.Text;
using System.Text.Json.Nodes;
using FlowRL.Checkpoints;
using FlowRL.Decoding;
using FlowRL.Models;
using FlowRL.Recipes;
using FlowRL.Rollouts;
using FlowRL.Tasks;
using FlowRL.Tokenization;
using FlowRL.Tokenization.Templates;
using FlowRL.Training;
using Microsoft.Extensions.Logging;

namespace FlowRL.Runs;

/// <summary>What answers in a conversation.</summary>
internal interface IChatModel
{
    /// <summary>Tokens that conversation and answer may have together.</summary>
    int ContextLength { get; }

    /// <summary>Answers a conversation, whose last message is the user's, or goes on with a text.</summary>
    /// <param name="prompt">What is answered.</param>
    /// <param name="turn">Number of the answer in the conversation: each draws from a stream of its own.</param>
    /// <param name="observer">Told of the answers while they come.</param>
    /// <param name="cancellation">Ends all answers where they are.</param>
    /// <exception cref="BadInputException">The template refuses the conversation, or there is no room for an answer.</exception>
    IReadOnlyList<ChatAnswer> Answer(Prompt prompt, int turn, IAnswerObserver observer, CancellationToken cancellation);
}

/// <summary>Told of answers while they come, counted from 0, all from one thread.</summary>
internal interface IAnswerObserver
{
    /// <summary>An answer goes on; never by half a character.</summary>
    void OnText(int answer, string text);

    /// <summary>All of an answer's text was told.</summary>
    void OnEnd(int answer);
}

/// <summary>One answer.</summary>
/// <param name="Text">All of it.</param>
/// <param name="End">Why it ended.</param>
internal sealed record ChatAnswer(string Text, ChatEnd End);

/// <summary>Why an answer ended.</summary>
internal enum ChatEnd
{
    /// <summary>The model ended it, or a stop string did.</summary>
    Whole,

    /// <summary>It reached the limit on its length.</summary>
    Length,

    /// <summary>The context is full.</summary>
    Context,

    /// <summary>It was asked to stop.</summary>
    Stopped,
}

/// <summary>Answers by sampling. What was said before is computed again with every answer.</summary>
/// <param name="model">Borrowed.</param>
/// <param name="recipe">How it answers.</param>
/// <param name="engine">Samples; borrowed.</param>
internal sealed class ChatModel(LanguageModel model, ChatRecipe recipe, IRolloutEngine engine) : IChatModel
{
    /// <summary>Loads the model and talks with it, on the thread of its tensor work.</summary>
    /// <param name="recipe">A validated recipe.</param>
    /// <param name="talk">The conversation.</param>
    /// <param name="logger">Told which engine computes, where it is another than one would expect.</param>
    /// <exception cref="BadInputException">The model cannot be loaded, or has no chat template where one is needed.</exception>
    public static Task<T> RunAsync<T>(ChatRecipe recipe, Func<IChatModel, T> talk, ILogger logger) => TensorThread.RunAsync(recipe.Threads, () =>
    {
        using var model = PretrainedModel.Load(recipe.Model);
        if (!recipe.Plain && !model.HasChatTemplate)
        {
            throw new BadInputException($"'{recipe.Model.Path}' has no chat template, which a conversation needs; take an instruction-tuned model, or give " +
                "--plain, and the model goes on with each line as it stands.");
        }
        using var engine = new Sampler(model.Decoder, model.Tokenizer, recipe.Samples, staysOpen: true);
        if (DecodeEngines.Note(model.Decoder, new DecodeOptions()) is { } note) logger.LogInformation("{Note}", note);
        return talk(new ChatModel(model, recipe, engine));
    });

    public int ContextLength => model.Decoder.Config.ContextLength;

    public IReadOnlyList<ChatAnswer> Answer(Prompt prompt, int turn, IAnswerObserver observer, CancellationToken cancellation)
    {
        var ids = Encode(prompt);
        if (ids.Length == 0) throw new BadInputException("There is nothing to go on with: the text has no token.");
        if (ids.Length >= ContextLength)
        {
            throw new BadInputException($"The conversation has {ids.Length} tokens, and the model's context holds {ContextLength} with the answer: " +
                (recipe.Plain ? "send a shorter text." : "/reset begins anew, or send a shorter message."));
        }
        var texts = Enumerable.Range(0, recipe.Samples).Select(_ => new StringBuilder()).ToArray();
        var answers = new ChatAnswer?[recipe.Samples];
        var streams = new TextStreams(model.Tokenizer, recipe.Samples, (sample, text) =>
        {
            texts[sample].Append(text);
            observer.OnText(sample, text);
        });
        var request = new SampleRequest(new Problem("message", prompt, ""), ids, recipe.Samples, Seeds.Derive((ulong)recipe.Seed, "turn", turn));
        try
        {
            var ends = new Ends(streams, (sample, response) =>
            {
                answers[sample] = new ChatAnswer(response.Text, End(response, ids.Length));
                observer.OnEnd(sample);
            });
            engine.SampleAsync([request], recipe.Sampling, ends, cancellation).GetAwaiter().GetResult();
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            for (var sample = 0; sample < answers.Length; sample++)
            {
                if (answers[sample] is not null) continue;
                streams.End(sample);
                answers[sample] = new ChatAnswer(texts[sample].ToString(), ChatEnd.Stopped);
                observer.OnEnd(sample);
            }
        }
        return answers!;
    }

    private int[] Encode(Prompt prompt) => prompt is not Prompt.Chat chat ? model.EncodePrompt(prompt) : model.EncodeChat(new ChatRequest(chat.Messages)
    { Variables = recipe.Thinking ? null : new JsonObject { ["enable_thinking"] = false } });

    private ChatEnd End(Response response, int promptTokens) => !response.IsTruncated ? ChatEnd.Whole
        : promptTokens + response.Length >= ContextLength ? ChatEnd.Context : ChatEnd.Length;

    /// <summary>Tells of responses that ended, after their text.</summary>
    private sealed class Ends(IRolloutObserver text, Action<int, Response> onEnd) : IRolloutObserver
    {
        public void OnToken(int request, int sample, int token) => text.OnToken(request, sample, token);

        public void OnResponse(int request, int sample, Response response)
        {
            text.OnResponse(request, sample, response);
            onEnd(sample, response);
        }
    }
}
