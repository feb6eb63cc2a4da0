using System.Diagnostics;
using FlowRL.Checkpoints;
using FlowRL.Decoding;
using FlowRL.Models;
using FlowRL.Objectives;
using FlowRL.Recipes;
using FlowRL.Rollouts;
using FlowRL.Tasks;
using FlowRL.Training;

namespace FlowRL.Lab.Benchmarking;

/// <summary>
/// The parts of a recipe's step on its own model, problems and sizes: sampling, log-probabilities under the reference, training.
/// Weights stay as they are, so that each repetition does the same.
/// </summary>
public static class RecipeBenchmark
{
    /// <summary>Measures one step's parts. Call it on a thread of its own (<see cref="TensorThread"/>).</summary>
    /// <param name="recipe">A validated recipe.</param>
    /// <param name="options">How carefully.</param>
    /// <param name="say">Told what is measured.</param>
    /// <param name="cancellation">Ends between repetitions, or earlier.</param>
    /// <exception cref="BadInputException">Something that the recipe names is missing or damaged.</exception>
    public static BenchReport Run(TrainRecipe recipe, BenchOptions options, Action<string> say, CancellationToken cancellation)
    {
        var task = recipe.Task.Create();
        using var owned = task as IDisposable;
        using var model = PretrainedModel.Load(recipe.Model);
        using var reference = recipe.Objective.Create().Needs.HasFlag(ObjectiveNeeds.Reference) ? PretrainedModel.Load(recipe.Model) : null;
        reference?.Decoder.Weights.RequireGradient(false);
        say("ceilings of the machine");
        var ceilings = Ceilings.Measure(model.Decoder.Config, recipe.Rollout.Slots);
        var measured = Measure(recipe, task, model, reference?.Decoder, options, say, cancellation);
        var report = measured(ceilings.Max(Ceilings.Measure(model.Decoder.Config, recipe.Rollout.Slots)));
        return new BenchReport(Machine.Describe(), new Dictionary<string, ShapeReport> { [recipe.Run.Name ?? task.Name] = report });
    }

    /// <summary>Measures with models that are loaded; the result needs ceilings to be rated by.</summary>
    internal static Func<Ceilings, ShapeReport> Measure(TrainRecipe recipe, ITask task, LanguageModel model, Decoder? reference,
        BenchOptions options, Action<string> say, CancellationToken cancellation)
    {
        if (DecodeEngines.Note(model.Decoder, recipe.Rollout.Decode) is { } engine) say(engine);
        say($"sampling {recipe.Rollout.Problems} × {recipe.Rollout.GroupSize} responses");
        using var decode = new DecodeBenchmark(new DecodeWork(model.Decoder, model.Tokenizer, Requests(recipe, task, model),
            recipe.Rollout.Sampling, recipe.Rollout.Slots, recipe.Rollout.Decode, ComparedTokens: 0), options);
        decode.WarmUp(cancellation);
        var sequences = decode.Groups.SelectMany(group => group.Responses.Select(response => new TokenSequence(group.PromptIds, response.TokenIds))).ToList();
        var work = Work(recipe, sequences);
        using var step = new TrainStep(model.Decoder, work);
        Alternation.WarmUp(options, () => step.Run(cancellation)); // gradients and moments are there while a run samples
        List<(string Owner, long Bytes)> others =
        [
            ("reference", reference is null ? 0 : PeakMemory.Of(reference)),
            ("gradients", TrainBenchmark.GradientBytes(model.Decoder)), ("optimizer", step.OptimizerBytes),
        ];
        var sampled = decode.Measure(others, cancellation);

        others.Insert(0, ("weights", PeakMemory.Of(model.Decoder)));
        if (reference is not null) say("log-probabilities under the reference");
        var scored = reference is null ? default : Reference(reference, recipe, sequences, options, others, cancellation);
        say($"training on {sequences.Count} responses");
        var trained = TrainBenchmark.Alone(model.Decoder, step, work, options, others, cancellation);
        var parameters = model.Decoder.Weights.Parameters;
        return ceilings => new ShapeReport
        {
            Parameters = parameters,
            Ceilings = ceilings,
            Decode = sampled.Roofline.Rate(sampled.Measured, ceilings),
            Reference = reference is null ? null : scored.Roofline.Rate(scored.Measured, ceilings),
            Train = trained.Roofline.Rate(trained.Measured, ceilings),
        };
    }

    private static List<SampleRequest> Requests(TrainRecipe recipe, ITask task, LanguageModel model)
    {
        var seed = (ulong)recipe.Run.Seed;
        var problems = new ProblemOrder(task.Problems(Split.Train), recipe.Rollout.Problems, seed).At(0);
        return [.. problems.Select((problem, i) => new SampleRequest(
            problem, model.EncodePrompt(problem.Prompt), recipe.Rollout.GroupSize, Seeds.Derive(seed, "rollout", 0, i)))];
    }

    private static TrainWork Work(TrainRecipe recipe, List<TokenSequence> sequences)
    {
        var seed = (ulong)recipe.Run.Seed;
        return new TrainWork(
            [.. Enumerable.Range(0, recipe.Training.Passes).SelectMany(pass => Seeds.Permutation(Seeds.Derive(seed, "mini-batch", 0, pass), sequences.Count)
                .Chunk(recipe.Training.MiniBatch).Select(batch => batch.Select(index => sequences[index]).ToList()))],
            recipe.Training.TokenBudget, recipe.Training.Optimizer with { LearningRate = 0 });
    }

    private static (Measured Measured, Roofline Roofline) Reference(Decoder reference, TrainRecipe recipe, List<TokenSequence> sequences,
        BenchOptions options, IEnumerable<(string Owner, long Bytes)> owners, CancellationToken cancellation)
    {
        double Score()
        {
            var clock = Stopwatch.StartNew();
            ReferenceScorer.Score(reference, sequences, recipe.Rollout.Sampling.Temperature, recipe.Training.TokenBudget, cancellation);
            return clock.Elapsed.TotalSeconds;
        }
        Alternation.WarmUp(options, () => Score());
        var before = PeakMemory.Reset();
        Score();
        var peak = PeakMemory.Bytes;
        var runs = Alternation.Run(options, cancellation, Score)[0];
        // The prompt of a group counts once.
        var tokens = sequences.Sum(sequence => (long)sequence.Response.Length - 1) +
            sequences.Select(sequence => sequence.Prompt).Distinct().Sum(prompt => (long)prompt.Length);
        var measured = new Measured
        {
            TokensPerSecond = tokens / Alternation.Median(runs),
            PeakBytes = peak,
            Seconds = Alternation.Median(runs),
            Runs = runs,
            Time = new Dictionary<string, double> { ["forward"] = runs.Average() },
            Memory = PeakMemory.ByOwner(peak, before, owners),
        };
        return (measured, Roofline.OfScoring(reference.Weights.Parameters, tokens));
    }
}
