using FlowRL.Models;
using FlowRL.Rewards;
using FlowRL.Rollouts;
using FlowRL.Tasks;

namespace FlowRL.Evaluation;

/// <summary>Samples a model on problems of a task and reports how well it does. Borrows the model; owns its sampler.</summary>
public sealed class Evaluator(LanguageModel model, ITask task, SamplingOptions sampling, int slots, TimeSpan verifyLimit) : IDisposable
{
    private readonly Sampler _sampler = new(model.Decoder, model.Tokenizer, slots);
    private readonly RewardScorer _scorer = new(task, verifyLimit);

    /// <summary>The first <paramref name="count"/> problems of a split; all of them where there are fewer.</summary>
    public IReadOnlyList<Problem> Problems(Split split, int count) => [.. task.Problems(split).Take(count)];

    /// <summary>Draws <paramref name="samples"/> responses to each problem and scores them beside the sampling.</summary>
    /// <param name="problems">What to solve; at least one.</param>
    /// <param name="samples">Responses a problem.</param>
    /// <param name="seed">Decides every draw.</param>
    /// <param name="cancellation">Ends sampling and scoring.</param>
    public EvaluationReport Evaluate(IReadOnlyList<Problem> problems, int samples, ulong seed, CancellationToken cancellation) =>
        EvaluationReport.Of(Sample(problems, samples, seed, cancellation), task, seed);

    /// <summary>The responses and their scores themselves, in the order of the problems.</summary>
    /// <inheritdoc cref="Evaluate"/>
    public IReadOnlyList<ScoredGroup> Sample(IReadOnlyList<Problem> problems, int samples, ulong seed, CancellationToken cancellation)
    {
        if (problems.Count == 0) throw new BadInputException($"Task '{task.Name}' has no problems to evaluate on; check its data path and filters.");
        var requests = problems.Select((problem, i) =>
            new SampleRequest(problem, model.EncodePrompt(problem.Prompt), samples, Seeds.Derive(seed, "evaluation", i))).ToList();
        var scoring = new ScoringObserver(_scorer, requests.Count, cancellation);
        _sampler.Sample(requests, sampling, 0, scoring, cancellation);
        return scoring.Wait();
    }

    public void Dispose()
    {
        _sampler.Dispose();
        _scorer.Dispose();
    }
}
