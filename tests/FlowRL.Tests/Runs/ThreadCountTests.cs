using FlowRL.Checkpoints;
using FlowRL.Models;
using FlowRL.Objectives;
using FlowRL.Objectives.DistributionMatching;
using FlowRL.Objectives.PolicyGradient;
using FlowRL.Recipes;
using FlowRL.Rollouts;
using FlowRL.Tests.Support;
using FlowRL.Training;

namespace FlowRL.Tests.Runs;

/// <summary>The order of every sum of a run depends on its shapes alone: other numbers of threads give the same bits.</summary>
public sealed class ThreadCountTests
{
    [Theory]
    [InlineData("flowrl")]
    [InlineData("ppo")]
    [InlineData("vargrad")]
    [InlineData("adapters")]
    public async Task Runs_have_the_same_bits_with_any_number_of_threads(string kind)
    {
        using var folder = new TemporaryFolder();
        var recipe = Recipe(kind, folder);
        var one = await Run(recipe, 1);
        Assert.Equal(one, await Run(recipe, 2));
        Assert.Equal(one, await Run(recipe, 4));
    }

    /// <summary>The bits of what is trained after two steps, and what the steps told.</summary>
    private static Task<string> Run(TrainRecipe recipe, int threads) => TensorThread.RunAsync(threads, () =>
    {
        using var session = new TinyRuns.Session(recipe with { Run = recipe.Run with { Threads = threads } });
        var told = Enumerable.Range(0, 2).Select(step => session.Trainer.Step(step, CancellationToken.None)).ToList();
        string[] names = ["loss", "gradient_norm", "reward", "entropy"];
        var metrics = told.SelectMany(step => names.Select(name => FormattableString.Invariant($"{name} {step[name]:R}")));
        return string.Join('\n', [.. metrics, Convert.ToHexString(session.Bits())]);
    });

    /// <summary>Large enough that the tensor library divides its sums among threads: hundreds of tokens, a width of 96.</summary>
    private static TrainRecipe Recipe(string kind, TemporaryFolder folder)
    {
        var recipe = TinyRuns.Recipe();
        ObjectiveOptions objective = kind switch
        {
            "ppo" => new PpoOptions(),
            "vargrad" => new VarGradOptions(),
            _ => new FlowRLOptions { Partition = new FlowRLPartitionOptions { Dropout = 0.1 } },
        };
        recipe = recipe with
        {
            Objective = objective,
            Rollout = recipe.Rollout with { Problems = 8, GroupSize = 4, Slots = 16, Sampling = new SamplingOptions { MaxNewTokens = 12 } },
            Training = recipe.Training with { MiniBatch = 32, TokenBudget = 1024, Passes = 1 },
            Model = new ModelOptions
            {
                Create = new NewModelOptions { Width = 96, Layers = 2, Heads = 4, KeyValueHeads = 2, FeedForwardWidth = 160, ContextLength = 64 },
            },
        };
        if (kind != "adapters") return recipe;
        using var session = new TinyRuns.Session(recipe);
        PretrainedModel.Save(folder.In("base"), session.Model);
        return recipe with { Model = new ModelOptions { Path = folder.In("base"), Lora = new LoraOptions { Rank = 4, Alpha = 8 } } };
    }
}
