using FlowRL.Checkpoints;
using FlowRL.Decoding;
using FlowRL.Evaluation;
using FlowRL.Models;
using FlowRL.Objectives;
using FlowRL.Recipes;
using FlowRL.Rewards;
using FlowRL.Rollouts;
using FlowRL.Tasks;
using FlowRL.Training;

namespace FlowRL.Runs;

/// <summary>
/// A run's parts, made from its recipe: the one place that knows which slice of a recipe each takes. For a loop of one's own:
/// <see cref="Trainer"/>'s steps are the run. Make, use and dispose it on one thread, such as that of <see cref="TensorThread"/>.
/// </summary>
public sealed class RunParts : IDisposable
{
    private readonly Stack<IDisposable?> _owned = new();
    private readonly RewardMix? _mix;
    private readonly TimeSpan _verifyLimit;

    /// <param name="recipe">A validated recipe.</param>
    /// <exception cref="BadInputException">Something that the recipe names is missing or damaged.</exception>
    public RunParts(TrainRecipe recipe) : this(recipe, recipe.Task.Create(), null) { }

    /// <param name="recipe">A validated recipe.</param>
    /// <param name="task">Its task; owned where it is disposable.</param>
    /// <param name="load">Loads the starting model, each time anew; the recipe's where null.</param>
    internal RunParts(TrainRecipe recipe, ITask task, Func<LanguageModel>? load)
    {
        Task = task;
        _owned.Push(task as IDisposable);
        try
        {
            MeasuredSplits.Require(task, recipe.Evaluation);
            _verifyLimit = TimeSpan.FromSeconds(recipe.Rollout.VerifySeconds);
            _owned.Push(_mix = RewardMix.Of(recipe.Reward));
            var seed = (ulong)recipe.Run.Seed;
            if (load is null) RunEstimate.RequireMemory(recipe, task);
            Model = Owned(load?.Invoke() ?? PretrainedModel.LoadForTraining(recipe.Model, seed, TaskTexts.Of(task)));
            Model.Decoder.RecomputesLayers = recipe.Training.Recompute;
            Reference = Owned(Frozen(recipe, load));
            Model.Decoder.LongestSequence = Reference.LongestSequence = recipe.Rollout.MaxPromptTokens + recipe.Rollout.Sampling.MaxNewTokens;
            var engine = Owned(new SharedEngine(Engine(recipe, Model, Model.Decoder, new DecodeOptions())));
            Evaluator = Owned(new Evaluator(Model, task, engine.View(), recipe.Evaluation.Sampling, _verifyLimit, _mix));
            // The parts of the reward are those of the run's own task.
            Further = Owned(new FurtherEvaluations(recipe.Evaluation, task, seed,
                (other, sampling) => new Evaluator(Model, other, engine.View(), sampling, _verifyLimit, other == task ? _mix : null)));
            Objective = recipe.Objective.Create();
            Problems = new TrainingProblems(Model, task, recipe.Rollout, seed);
            Steps = Epochs.Steps(recipe.Training.Epochs, recipe.Training.Steps, Problems.Order.Count, recipe.Rollout.Problems);
            var training = recipe.Training with { Steps = Steps, Epochs = 0 };
            var options = new StepOptions { Seed = seed, Rollout = recipe.Rollout, Training = training, Threads = recipe.Run.Threads };
            Rollout = Owned(Rollouts(recipe, options));
            var policy = Owned(new TrainedPolicy(Model, Objective, recipe.Training.Optimizer, (long)Steps * options.Updates, seed));
            Trainer = new RlTrainer(policy, Reference, Objective, Rollout, new ReplayBuffer(recipe.Training.Replay),
                new Validation(Evaluator, recipe.Evaluation, seed, Exact(recipe, options)), options);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Problems and their verification.</summary>
    public ITask Task { get; }

    /// <summary>The policy.</summary>
    public LanguageModel Model { get; }

    /// <summary>The policy as it was before training; frozen.</summary>
    public Decoder Reference { get; }

    /// <summary>The algorithm.</summary>
    public IObjective Objective { get; }

    /// <summary>What is trained on.</summary>
    internal TrainingProblems Problems { get; }

    /// <summary>Samples and scores each step's batch.</summary>
    internal RolloutStage Rollout { get; }

    /// <summary>Measures the policy.</summary>
    public Evaluator Evaluator { get; }

    /// <summary>Evaluations beside validation.</summary>
    internal FurtherEvaluations Further { get; }

    /// <summary>Steps of the whole run: those of the recipe, or what its epochs come to.</summary>
    public int Steps { get; }

    /// <summary>The step.</summary>
    public RlTrainer Trainer { get; }

    /// <summary>Tries the parts of the reward, and sees to it that failures of rewards are noticed from here on.</summary>
    /// <exception cref="BadInputException">A part of the reward fails.</exception>
    internal void WatchRewards(RewardWatch watch, CancellationToken cancellation)
    {
        if (_mix is not null) RewardTrial.Run(Task, _mix, _verifyLimit, cancellation);
        Rollout.Watch = Evaluator.Watch = watch;
    }

    public void Dispose()
    {
        while (_owned.TryPop(out var part)) part?.Dispose();
    }

    private T Owned<T>(T part) where T : IDisposable
    {
        _owned.Push(part);
        return part;
    }

    private static IRolloutEngine Engine(TrainRecipe recipe, LanguageModel model, Decoder policy, DecodeOptions decode) =>
        recipe.Rollout.Engine.Create(new EngineSetting(policy, model.Tokenizer, recipe.Rollout.Slots, decode));

    /// <summary>The model as it starts: its own weights without the adapters, or where those are trained, a second copy.</summary>
    private Decoder Frozen(TrainRecipe recipe, Func<LanguageModel>? load)
    {
        if (Model.Decoder.Adapters is not null) return Model.Decoder.WithoutAdapters();
        var options = recipe.Model with { Weights = recipe.Reference.Weights ?? recipe.Model.Weights };
        var reference = (load?.Invoke() ?? PretrainedModel.LoadForTraining(options, (ulong)recipe.Run.Seed, TaskTexts.Of(Task))).Decoder;
        reference.Weights.RequireGradient(false);
        return reference;
    }

    private RolloutStage Rollouts(TrainRecipe recipe, StepOptions options)
    {
        // With a lag sampling has a policy of its own; else one is kept where the engine is behind by itself and cannot say what it computed.
        var lagging = recipe.Rollout.Lag > 0 ? new BehaviourPolicy(Model.Decoder, keepsCopy: true) : null;
        var engine = Engine(recipe, Model, lagging?.Latest ?? Model.Decoder, recipe.Rollout.Decode);
        var behaviour = lagging ?? new BehaviourPolicy(Model.Decoder,
            keepsCopy: engine.Promises is { VersionsBehind: > 0, LogProbs: not LogProbQuality.Exact });
        var scorer = new RewardScorer(Task, _verifyLimit, mix: _mix);
        return new RolloutStage(engine, behaviour, Problems, scorer, Objective, options);
    }

    private ExactValidation? Exact(TrainRecipe recipe, StepOptions options) => recipe.Evaluation.ExactBeta is null
        ? null : new ExactValidation(Model, Reference, Task, recipe.Evaluation, options);
}
