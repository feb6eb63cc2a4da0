using FlowRL.Checkpoints;
using FlowRL.Data;
using FlowRL.Decoding;
using FlowRL.Recipes;
using FlowRL.Training;
using Microsoft.Extensions.Logging;

namespace FlowRL.Runs;

/// <summary>Log-probabilities of given texts under a model: of each token after the first of a row, natural, at temperature 1.</summary>
internal static class ScoringRun
{
    // Rows that are read before they are scored together, which packs them by length; more would only hold memory.
    private const int WindowTokens = 1 << 17;
    private const int WindowRows = 1 << 13;

    /// <param name="recipe">A validated recipe.</param>
    /// <param name="rows">With <c>text</c>, or <c>prompt</c> and <c>completion</c>, or <c>ids</c>; read as they are needed.</param>
    /// <param name="each">Takes the scores of each row, in order.</param>
    /// <param name="logger">Told which engine computes, where it is another than one would expect.</param>
    /// <param name="cancellation">Ends it between batches.</param>
    /// <exception cref="BadInputException">The model, or a row, cannot be scored; rows before it have been.</exception>
    public static Task<ScoreSummary> RunAsync(
        ScoreRecipe recipe, IEnumerable<DataRow> rows, Action<ScoredRow> each, ILogger logger, CancellationToken cancellation) =>
        TensorThread.RunAsync(recipe.Threads, () => Run(recipe, rows, each, logger, cancellation));

    private static ScoreSummary Run(
        ScoreRecipe recipe, IEnumerable<DataRow> rows, Action<ScoredRow> each, ILogger logger, CancellationToken cancellation)
    {
        using var model = PretrainedModel.LoadBare(recipe.Model);
        var engine = new TextScorer(model.Decoder, recipe.Engine, recipe.TokenBudget);
        if (DecodeEngines.Note(model.Decoder, new DecodeOptions { Engine = recipe.Engine }, "scoring") is { } note) logger.LogInformation("{Note}", note);
        var reader = new ScoreRows(model);
        var summary = new ScoreSummary(0, 0, 0);
        var (window, tokens) = (new List<ScoreRow>(), 0);
        void Score()
        {
            var scores = engine.Score([.. window.Select(row => row.Ids)], cancellation);
            foreach (var (row, logProbs) in window.Zip(scores))
            {
                var scored = new ScoredRow(row, logProbs);
                summary = summary.With(scored);
                each(scored);
            }
            window.Clear();
            tokens = 0;
        }
        foreach (var row in rows)
        {
            cancellation.ThrowIfCancellationRequested();
            window.Add(reader.Read(row));
            tokens += window[^1].Ids.Length;
            if (tokens >= WindowTokens || window.Count == WindowRows) Score();
        }
        Score();
        return summary;
    }
}

/// <summary>A row with its scores.</summary>
/// <param name="Row">The row.</param>
/// <param name="LogProbs">Of each token after the first, in nats.</param>
internal sealed record ScoredRow(ScoreRow Row, float[] LogProbs)
{
    /// <summary>Their sum.</summary>
    public double Total => LogProbs.Sum(logProb => (double)logProb);

    /// <summary>Of the completion's tokens alone; null where the row is in one piece.</summary>
    public double? Completion => Row.PromptTokens is { } prompt ? LogProbs.Skip(Math.Max(0, prompt - 1)).Sum(logProb => (double)logProb) : null;
}

/// <summary>All rows together.</summary>
/// <param name="Rows">How many.</param>
/// <param name="Tokens">Tokens that have a log-probability.</param>
/// <param name="LogProbability">Their sum, in nats.</param>
internal sealed record ScoreSummary(long Rows, long Tokens, double LogProbability)
{
    /// <summary>exp of minus the mean log-probability; null without tokens.</summary>
    public double? Perplexity => Tokens == 0 ? null : Math.Exp(-LogProbability / Tokens);

    public ScoreSummary With(ScoredRow row) => new(Rows + 1, Tokens + row.LogProbs.Length, LogProbability + row.Total);
}
