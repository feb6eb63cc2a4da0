using FlowRL.Evaluation;
using FlowRL.Models;
using FlowRL.Objectives;
using FlowRL.Recipes;
using FlowRL.Rollouts;
using FlowRL.Tasks;
using FlowRL.Tasks.Countdown;
using FlowRL.Training;

namespace FlowRL.Tests.Support;

/// <summary>Runs small enough for a test: Countdown with a random model of a few thousand weights.</summary>
public static class TinyRuns
{
    public static TrainRecipe Recipe(int replay = 0, int trainProblems = 10) => new()
    {
        Task = new CountdownOptions { TrainProblems = trainProblems },
        Objective = new FlowRLOptions(),
        Rollout = new RolloutOptions { Problems = 4, GroupSize = 4, Slots = 8, Sampling = new SamplingOptions { MaxNewTokens = 12 } },
        Training = new TrainingOptions
        {
            Steps = 12,
            MiniBatch = 8,
            TokenBudget = 128,
            Passes = 2,
            Replay = new ReplayOptions { Capacity = replay * 4, Groups = replay },
            Optimizer = new OptimizerOptions { LearningRate = 1e-3, WarmupSteps = 2, Schedule = ScheduleShape.Cosine },
        },
        Evaluation = new EvaluationOptions { Every = 4, ValidationProblems = 4, ValidationSamples = 2, TestProblems = 0 },
    };

    public static LanguageModel Model(ulong seed = 1) => NewModel.Create(
        new NewModelOptions { Width = 16, Layers = 2, Heads = 2, KeyValueHeads = 1, FeedForwardWidth = 24, ContextLength = 64 }, new ModelOptions(), seed);

    /// <summary>A trainer with everything it borrows.</summary>
    public sealed class Session : IDisposable
    {
        private readonly LanguageModel _reference = TinyRuns.Model();
        private readonly Evaluator _evaluator;

        public Session(TrainRecipe recipe)
        {
            ITask task = recipe.Task.Create();
            _reference.Decoder.Weights.RequireGradient(false);
            _evaluator = new Evaluator(Model, task, recipe.Evaluation.Sampling, 8, TimeSpan.FromSeconds(5));
            Trainer = new RlTrainer(Model, _reference.Decoder, task, recipe, _evaluator);
        }

        public LanguageModel Model { get; } = TinyRuns.Model();

        public RlTrainer Trainer { get; }

        /// <summary>Every weight's bits.</summary>
        public byte[] Bits() => [.. Model.Decoder.Weights.SelectMany(pair => pair.Value.cpu().bytes.ToArray())];

        public void Dispose()
        {
            Trainer.Dispose();
            _evaluator.Dispose();
            Model.Dispose();
            _reference.Dispose();
        }
    }
}
