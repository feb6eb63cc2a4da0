using FlowRL.Checkpoints;
using FlowRL.Data;
using FlowRL.Decoding;
using FlowRL.Recipes;
using FlowRL.Rollouts;
using FlowRL.Training;
using Microsoft.Extensions.Logging;

namespace FlowRL.Runs;

/// <summary>Responses to prompts of a file.</summary>
internal static class GenerationRun
{
    // Responses that are asked for at once: enough that slots are seldom empty, few enough that prompts take no memory.
    private const int Portion = 1 << 13;

    /// <param name="recipe">A validated recipe.</param>
    /// <param name="rows">With <c>prompt</c> or <c>messages</c>; read twice, so that a wrong one is found before anything is sampled.</param>
    /// <param name="skip">How many rows, from the first, have their responses already.</param>
    /// <param name="observer">Told of the rows and of their responses.</param>
    /// <param name="logger">Told which engine computes, where it is another than one would expect.</param>
    /// <param name="cancellation">Ends it; responses that were handed over stay.</param>
    /// <exception cref="BadInputException">The model, or a row, cannot be used.</exception>
    public static Task<GenerationSummary> RunAsync(GenerateRecipe recipe, IEnumerable<DataRow> rows, long skip, IGenerationObserver observer,
        ILogger logger, CancellationToken cancellation) =>
        TensorThread.RunAsync(recipe.Threads, () => Run(recipe, rows, skip, observer, logger, cancellation));

    private static GenerationSummary Run(GenerateRecipe recipe, IEnumerable<DataRow> rows, long skip, IGenerationObserver observer,
        ILogger logger, CancellationToken cancellation)
    {
        using var model = PretrainedModel.Load(recipe.Model);
        var reader = new PromptRows(model, recipe.Chat);
        var (count, longest) = (0L, 1);
        foreach (var row in rows)
        {
            cancellation.ThrowIfCancellationRequested();
            longest = Math.Max(longest, reader.Read(row).Ids.Length);
            count++;
        }
        // What Phi's rotary divisors follow: the same for each row, whichever are left.
        model.Decoder.LongestSequence = (int)Math.Min(model.Decoder.Config.ContextLength, (long)longest + recipe.Sampling.MaxNewTokens);
        if (DecodeEngines.Note(model.Decoder, new DecodeOptions()) is { } note) logger.LogInformation("{Note}", note);
        observer.Begin(count);
        using var engine = new Sampler(model.Decoder, model.Tokenizer, recipe.Slots, staysOpen: true);
        var summary = new GenerationSummary(0, 0, 0, 0);
        var portion = Math.Max(1, Portion / recipe.Samples);
        foreach (var (first, part) in rows.Select(reader.Read).Chunk(portion).Select((part, i) => ((long)i * portion, part)))
        {
            var left = part.Index().Where(row => first + row.Index >= skip).Select(row => (Number: first + row.Index, row.Item)).ToList();
            var requests = left.Select(row => row.Item.Request(recipe.Samples, Seeds.Derive((ulong)recipe.Seed, "generate", row.Number))).ToList();
            if (requests.Count == 0) continue;
            var groups = new OrderedGroups(requests, (i, group) =>
            {
                summary = summary.With(group.Responses);
                observer.Answered(left[i].Number, left[i].Item, group.Responses);
            });
            var statistics = engine.SampleAsync(requests, recipe.Sampling, groups, cancellation).GetAwaiter().GetResult();
            summary = summary with { Seconds = summary.Seconds + statistics.Elapsed.TotalSeconds };
        }
        return summary;
    }
}

/// <summary>Told of a generation as it goes on, from one thread.</summary>
internal interface IGenerationObserver
{
    /// <summary>Before the first response.</summary>
    /// <param name="rows">How many rows there are, those that are skipped among them.</param>
    void Begin(long rows);

    /// <summary>All responses to a row, in the order of the rows.</summary>
    /// <param name="number">The row's place in the file, from 0.</param>
    /// <param name="row">The row.</param>
    /// <param name="responses">Its responses.</param>
    void Answered(long number, PromptRow row, IReadOnlyList<Response> responses);
}

/// <summary>All that was sampled.</summary>
/// <param name="Rows">Rows that were answered now.</param>
/// <param name="Responses">Responses to them.</param>
/// <param name="Tokens">Their tokens.</param>
/// <param name="Seconds">That sampling took.</param>
internal sealed record GenerationSummary(long Rows, long Responses, long Tokens, double Seconds)
{
    public GenerationSummary With(IReadOnlyList<Response> responses) =>
        this with { Rows = Rows + 1, Responses = Responses + responses.Count, Tokens = Tokens + responses.Sum(response => (long)response.Length) };
}
