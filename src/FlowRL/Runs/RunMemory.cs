using FlowRL.Decoding;
using FlowRL.Files;
using FlowRL.Models;
using FlowRL.Objectives;
using FlowRL.Recipes;
using FlowRL.Rollouts;
using TorchSharp;

namespace FlowRL.Runs;

/// <summary>Bytes that a run holds, by owner, from its recipe and its model's shape.</summary>
internal static class RunMemory
{
    // Limits on length are often far above what is sampled, and nothing is refused for what only may come.
    private const int UsualTokens = 256;

    /// <param name="recipe">A validated recipe.</param>
    /// <param name="config">The shape of its model.</param>
    /// <param name="promptTokens">Of the longest prompt.</param>
    public static IReadOnlyDictionary<string, long> Of(TrainRecipe recipe, DecoderConfig config, int promptTokens)
    {
        var size = new WeightLayout(config);
        var own = Bytes(recipe.Model.Weights);
        var isAdapting = recipe.Model.Lora.IsOn;
        var extra = LoraAdapters.Count(config, recipe.Model.Lora) + Heads(recipe.Objective.Create().Needs, config.Width); // fp32 always
        var trained = extra + (isAdapting ? 0 : size.Parameters);
        var masters = isAdapting || own == sizeof(float) ? 0 : size.All.Where(weight => !weight.IsAlwaysFloat32).Sum(weight => weight.Count);
        var (packed, cache) = Working(recipe, config, promptTokens);
        return new OrderedDictionary<string, long>
        {
            ["weights"] = size.Bytes(own) + extra * sizeof(float),
            ["gradients"] = (isAdapting ? 0 : size.Bytes(own)) + extra * sizeof(float),
            ["optimiser"] = (2 * trained + masters) * sizeof(float), // two moments, and masters beside BF16
            ["reference"] = isAdapting ? 0 : size.Bytes(Bytes(recipe.Reference.Weights ?? recipe.Model.Weights)),
            ["snapshot"] = recipe.Rollout.Lag > 0 ? size.Bytes(own) : 0,
            ["packed"] = packed,
            ["cache"] = cache,
            ["rollouts"] = Rollouts(recipe, promptTokens, recipe.Rollout.Sampling.MaxNewTokens),
        };
    }

    /// <summary>
    /// Refuses a run that the machine cannot hold, before anything of it is made. Counted is what it holds in any case: of activations those that
    /// backward passes keep, responses as if they were not long, and no cache, which takes memory only for the tokens that are sampled.
    /// </summary>
    /// <exception cref="BadInputException">It needs more than there is.</exception>
    public static void Require(TrainRecipe recipe, DecoderConfig config, int promptTokens)
    {
        if (recipe.Model.Device != DeviceKind.Cpu) return;
        var parts = new OrderedDictionary<string, long>(Of(recipe, config, promptTokens))
        {
            ["rollouts"] = Rollouts(recipe, promptTokens, Math.Min(recipe.Rollout.Sampling.MaxNewTokens, UsualTokens)),
            ["activations"] = Activations(recipe, config, promptTokens),
        };
        parts.Remove("cache");
        MachineMemory.Require("model, rollout, training: this run", parts, parts.MaxBy(part => part.Value).Key switch
        {
            "rollouts" => "lower rollout.problems, rollout.group_size, or training.replay.capacity",
            "activations" when recipe.Model.Lora.Rank > config.Width => "lower model.lora.rank, or training.token_budget",
            "activations" when !recipe.Training.Recompute => "lower training.token_budget, or set training.recompute to true",
            "activations" => "lower training.token_budget, or take a smaller model",
            _ when !recipe.Model.Lora.IsOn && recipe.Model.Create is null => ModelMemory.Advice(recipe.Model) + ", or train adapters (model.lora.rank)",
            _ => ModelMemory.Advice(recipe.Model),
        });
    }

    /// <summary>The same for a supervised run: weights, gradients, and the optimiser's two moments.</summary>
    /// <exception cref="BadInputException">It needs more than there is.</exception>
    public static void Require(SftRecipe recipe, DecoderConfig config)
    {
        if (recipe.Model.Device != DeviceKind.Cpu) return;
        var own = ModelMemory.Of(config, recipe.Model);
        var trained = recipe.Model.Lora.IsOn ? own["adapters"] : own["weights"];
        MachineMemory.Require("model: this run", new OrderedDictionary<string, long>
        {
            ["weights"] = own.Values.Sum(),
            ["gradients"] = trained,
            ["optimiser"] = 2 * trained * sizeof(float) / (recipe.Model.Lora.IsOn ? sizeof(float) : Bytes(recipe.Model.Weights)),
        }, ModelMemory.Advice(recipe.Model));
    }

    /// <summary>The same for an evaluation, which keeps a verdict of each response until they are counted.</summary>
    /// <exception cref="BadInputException">It needs more than there is.</exception>
    public static void Require(EvaluateRecipe recipe, int problems) => MachineMemory.Require("problems, samples: this evaluation",
        [new("verdicts", (long)problems * recipe.Samples * Response(newTokens: 0))],
        "ask for fewer problems or samples");

    /// <summary>
    /// What a step's responses, and those kept for replay, take at their limit: beside an object each with its verdict, token ids, log-probabilities of
    /// sampler, policy and reference, masks, versions and credit for every token.
    /// </summary>
    private static long Rollouts(TrainRecipe recipe, int promptTokens, int newTokens)
    {
        var groups = recipe.Rollout.Problems * (1L + recipe.Rollout.Lag)
            + Math.Min(recipe.Training.Replay.Capacity, (long)recipe.Training.Steps * recipe.Rollout.Problems);
        return groups * (recipe.Rollout.GroupSize * Response(newTokens) + sizeof(int) * (long)promptTokens);
    }

    // As counted in runs of thousands of responses.
    private static long Response(int newTokens) => 1000 + 32L * newTokens;

    /// <summary>
    /// What a backward pass keeps of its forward pass, at least: of each layer the inputs of its matrices, and of adapters what is between theirs; where
    /// layers are computed again, the stream before each, and one layer's.
    /// </summary>
    private static long Activations(TrainRecipe recipe, DecoderConfig config, int promptTokens)
    {
        var responses = Math.Min(recipe.Training.MiniBatch, (recipe.Rollout.Problems + (long)recipe.Training.Replay.Groups) * recipe.Rollout.GroupSize);
        var tokens = Math.Min(recipe.Training.TokenBudget, responses * (promptTokens + 1)); // responses of a token at least
        var lora = recipe.Model.Lora;
        var layer = 3L * config.Width + config.FeedForwardWidth + (lora.IsOn ? (long)lora.Rank * lora.TargetModules.Count : 0);
        return tokens * sizeof(float) * (recipe.Training.Recompute ? config.Layers * (long)config.Width + layer : config.Layers * layer);
    }

    /// <summary>
    /// Packed copies of weights, and keys and values. Sampling, scoring by the reference and evaluation come one after the other, and each gives
    /// back what it held, so the largest counts; with a lag the next batch is sampled beside the others.
    /// </summary>
    private static (long Packed, long Cache) Working(TrainRecipe recipe, DecoderConfig config, int promptTokens)
    {
        var memory = new EngineMemory(config, recipe.Model.Device == DeviceKind.Cpu ? DeviceType.CPU : DeviceType.CUDA);
        var isShort = recipe.Model.Weights == WeightType.Bfloat16;
        var isReferenceShort = recipe.Model.Lora.IsOn ? isShort : (recipe.Reference.Weights ?? recipe.Model.Weights) == WeightType.Bfloat16;

        (long Packed, long Cache) Sampling(DecodeOptions decode, int problems, int samples, int newTokens)
        {
            var slots = (int)Math.Min(recipe.Rollout.Slots, (long)problems * samples);
            var prompt = Math.Clamp(promptTokens, 1, config.ContextLength);
            return (memory.Packed(decode.Engine, isShort || decode.Weights == DecodeType.Bfloat16),
                memory.Cache(decode, slots, Math.Min(slots, problems), prompt, Math.Min(newTokens, config.ContextLength)));
        }
        (long Packed, long Cache) Larger((long Packed, long Cache) a, (long Packed, long Cache) b) => a.Packed + a.Cache >= b.Packed + b.Cache ? a : b;

        var rollout = Sampling(recipe.Rollout.Decode, recipe.Rollout.Problems, recipe.Rollout.GroupSize, recipe.Rollout.Sampling.MaxNewTokens);
        var others = (Packed: 0L, Cache: 0L);
        if (recipe.Objective.Create().Needs.HasFlag(ObjectiveNeeds.Reference))
        {
            var longest = Math.Min(promptTokens + recipe.Rollout.Sampling.MaxNewTokens, config.ContextLength);
            others = (memory.Packed(EngineKind.Auto, isReferenceShort), memory.ScoringCache(Math.Max(recipe.Training.TokenBudget, longest)));
        }
        var evaluation = recipe.Evaluation;
        void Evaluates(int problems, int samples, SamplingOptions sampling) =>
            others = Larger(others, Sampling(new DecodeOptions(), problems, samples, sampling.MaxNewTokens));
        if (evaluation.Every > 0) Evaluates(evaluation.ValidationProblems, evaluation.ValidationSamples, evaluation.Sampling);
        if (evaluation.TestProblems > 0) Evaluates(evaluation.TestProblems, evaluation.TestSamples, evaluation.Sampling);
        foreach (var further in evaluation.Further.Values) Evaluates(further.Problems, further.Samples, further.Sampling);
        return recipe.Rollout.Lag > 0 ? (rollout.Packed + others.Packed, rollout.Cache + others.Cache) : Larger(rollout, others);
    }

    /// <summary>Numbers of log Z (<see cref="PartitionFunction"/>) and of the critic (<see cref="ValueHead"/>), where the objective has them.</summary>
    private static long Heads(ObjectiveNeeds needs, long width) =>
        (needs.HasFlag(ObjectiveNeeds.LogPartition) ? 2 * (width * width + 3 * width) + width + 1 : 0) + (needs.HasFlag(ObjectiveNeeds.Values) ? width + 1 : 0);

    private static int Bytes(WeightType type) => type == WeightType.Bfloat16 ? 2 : sizeof(float);
}
