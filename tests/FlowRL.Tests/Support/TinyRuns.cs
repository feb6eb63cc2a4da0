using FlowRL.Checkpoints;
using FlowRL.Evaluation;
using FlowRL.Models;
using FlowRL.Objectives.DistributionMatching;
using FlowRL.Recipes;
using FlowRL.Rollouts;
using FlowRL.Runs;
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
        Rollout = new RolloutOptions { Problems = 4, GroupSize = 4, Slots = 8, VerifySeconds = 300, Sampling = new SamplingOptions { MaxNewTokens = 12 } },
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
        new NewModelOptions { Width = 16, Layers = 2, Heads = 2, KeyValueHeads = 1, FeedForwardWidth = 24, ContextLength = 64 }, new ModelOptions(), seed, []);

    /// <summary>The recipe with adapters over a model that is first written into <paramref name="folder"/>.</summary>
    public static TrainRecipe Adapting(TrainRecipe recipe, TemporaryFolder folder)
    {
        using var model = Model();
        PretrainedModel.Save(folder.In("base"), model);
        return recipe with { Model = new ModelOptions { Path = folder.In("base"), Lora = new LoraOptions { Rank = 4, Alpha = 8 } } };
    }

    /// <summary>A trainer with everything it borrows.</summary>
    public sealed class Session : IDisposable
    {
        private readonly RunParts _parts;

        /// <param name="recipe">What to train.</param>
        /// <param name="loads">Whether the recipe's model is loaded in any case; else only where it is created or adapted, and the tiny
        /// one stands for any other.</param>
        public Session(TrainRecipe recipe, bool loads = false)
        {
            ITask task = recipe.Task.Create();
            var loaded = loads || recipe.Model.Lora.IsOn || recipe.Model.Create is not null;
            _parts = new RunParts(recipe, task, loaded ? null : () => TinyRuns.Model());
        }

        public LanguageModel Model => _parts.Model;

        public RlTrainer Trainer => _parts.Trainer;

        public Decoder Reference => _parts.Reference;

        internal RolloutStage Rollout => _parts.Rollout;

        internal FurtherEvaluations Further => _parts.Further;

        internal TrainingProblems Problems => _parts.Problems;

        /// <summary>The bits of every weight that is trained.</summary>
        public byte[] Bits() => BitsOf(Model.Decoder.Trainable);

        public static byte[] BitsOf(WeightSet weights) => [.. weights.SelectMany(pair => pair.Value.cpu().bytes.ToArray())];

        public void Dispose() => _parts.Dispose();
    }
}
