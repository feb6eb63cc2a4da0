using FlowRL.Checkpoints;
using FlowRL.Configuration;
using FlowRL.Evaluation;
using FlowRL.Models;
using FlowRL.Recipes;
using FlowRL.Rollouts;
using FlowRL.Runs;
using FlowRL.Tasks;
using FlowRL.Telemetry;
using FlowRL.Tests.Support;
using FlowRL.Tests.Tasks;
using FlowRL.Tokenization;
using FlowRL.Training;
using Microsoft.Extensions.Logging.Abstractions;
using static TorchSharp.torch;

namespace FlowRL.Tests.Runs;

/// <summary>What a user can get wrong, and the exact sentence that answers.</summary>
public sealed class BadInputTests
{
    [Fact]
    public async Task A_model_that_is_not_there_is_named_with_what_may_stand_there()
    {
        var recipe = TinyRuns.Recipe() with { Model = new ModelOptions { Path = "no/such/model" } };
        var error = await Assert.ThrowsAsync<BadInputException>(() => Train(recipe));
        Assert.Equal("model.path: 'no/such/model' does not exist; give a Hugging Face folder, a .gguf file, a llama2.c .bin file, a run folder, or " +
            "'embedded:countdown'.", error.Message);
    }

    [Theory]
    [InlineData("runs/base-sft-1", "does not exist; run the recipe that makes it ('base-sft'), or give a Hugging Face folder,")]
    [InlineData("file.txt", "is a file, and of these only GGUF's and llama2.c's are models; give a Hugging Face folder,")]
    [InlineData("", "holds no model, for it has no config.json; did you mean '{0}'?")]
    [InlineData("runs", "holds no model, for it has no config.json; give a Hugging Face folder, a run or a checkpoint.")]
    public void A_path_without_a_model_is_answered_with_what_to_give(string name, string answer)
    {
        using var folder = new TemporaryFolder();
        folder.Write("file.txt", "");
        Directory.CreateDirectory(folder.In("runs"));
        Directory.CreateDirectory(folder.In("run-1", "checkpoints"));
        var error = Assert.Throws<BadInputException>(() => PretrainedModel.Load(new ModelOptions { Path = folder.In(name) }));
        Assert.StartsWith($"model.path: '{folder.In(name)}' {answer.Replace("{0}", folder.In("run-1"), StringComparison.Ordinal)}", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_run_folder_without_a_name_is_refused()
    {
        var recipe = TinyRuns.Recipe() with { Run = new RunOptions { Folder = "" } };
        var error = await Assert.ThrowsAsync<BadInputException>(() => Train(recipe));
        Assert.Equal("run.folder: is empty; give a folder, such as runs, or . for this one.", error.Message);
    }

    [Fact]
    public async Task A_damaged_run_is_not_gone_on_with()
    {
        using var folder = new TemporaryFolder();
        var recipe = TinyRuns.Recipe() with
        {
            Model = new ModelOptions { Path = "embedded:countdown" },
            Evaluation = new EvaluationOptions { Every = 0, TestProblems = 2, TestSamples = 2 },
            Run = new RunOptions { Folder = folder.Path },
        };
        recipe = recipe with { Training = recipe.Training with { Steps = 1 } };
        var run = (await Train(recipe)).Run;
        var state = Path.Combine(run, "checkpoints", "step-00000001", "training", "training_state.safetensors");
        var bytes = File.ReadAllBytes(state);
        bytes[^1] ^= 1;
        File.WriteAllBytes(state, bytes);
        Assert.Equal($"The checkpoint {run}/checkpoints/step-00000001 is damaged: training/training_state.safetensors has other content than " +
            "was saved. Delete the folder to go on from an earlier checkpoint.", (await Assert.ThrowsAsync<BadInputException>(() => Train(recipe, run))).Message);
    }

    [Fact]
    public async Task An_embedded_model_that_is_not_there_is_named()
    {
        var recipe = TinyRuns.Recipe() with { Model = new ModelOptions { Path = "embedded:chess" } };
        var error = await Assert.ThrowsAsync<BadInputException>(() => Train(recipe));
        Assert.Equal("There is no embedded model 'chess'; there is countdown.", error.Message);
    }

    [Fact]
    public void A_vocabulary_that_does_not_fit_the_model_is_refused()
    {
        using var folder = new TemporaryFolder();
        using var decoder = TinyModels.Create(TinyModels.Config(vocabulary: 100));
        PretrainedModel.Save(folder.In("model"), new LanguageModel(decoder, ArithmeticVocabulary.Create()));
        var error = Assert.Throws<BadInputException>(() => PretrainedModel.Load(new ModelOptions { Path = folder.In("model") }));
        Assert.Equal($"{folder.In("model")}: the tokenizer has 142 tokens, but the model's vocabulary is 100; use the tokenizer that the " +
            "model was trained with.", error.Message);
    }

    [Fact]
    public void A_prompt_longer_than_the_context_is_named_with_both_lengths()
    {
        using var model = TinyModels.Create(TinyModels.Config(context: 6));
        using var sampler = new Sampler(model, new IdTokenizer(23), slots: 2);
        var request = new SampleRequest(new Problem("p7", "", ""), [3, 4, 5, 6, 7, 8], 2, 1);
        var error = Assert.Throws<BadInputException>(() =>
            sampler.Sample([request], new SamplingOptions()));
        Assert.Equal("The prompt of problem 'p7' has 6 tokens, but the model's context holds 6; shorten the prompt or leave the problem out.",
            error.Message);
    }

    [Fact]
    public void An_empty_data_set_is_refused()
    {
        var error = Assert.Throws<BadInputException>(() => new ProblemOrder([], 4, 1));
        Assert.Equal("The task has no training problems; check the data path and the filters of the recipe's 'task'.", error.Message);
    }

    [Theory]
    [InlineData(3, "task: there are no validation problems; name a file of them, or set evaluation.every to 0.")]
    [InlineData(5, "task: there are no test problems; name a file of them, or set evaluation.test_problems to 0.")]
    public async Task Nothing_to_measure_on_is_said_before_the_run(int limit, string message)
    {
        var recipe = TinyRuns.Recipe() with { Task = new ParityOptions { Limit = limit }, Evaluation = new EvaluationOptions() };
        var error = await Assert.ThrowsAsync<BadInputException>(() => Train(recipe));
        Assert.Equal(message, error.Message);
    }

    [Fact]
    public void Everything_wrong_with_a_recipe_is_said_at_once()
    {
        var error = Assert.Throws<BadInputException>(() => OptionsFile.Parse<TrainRecipe>(
            "task: countdown\nobjective: flowrl\nrollout:\n  problems: 5\n  group_size: 1\ntraining:\n  mini_batch: 4\n", "my.yaml", []));
        Assert.Contains("rollout.group_size: 1 is too small for an objective that compares responses within a group; use 2 or more.",
            error.Message, StringComparison.Ordinal);
        Assert.Contains("training.mini_batch: 4 does not divide the 5 responses of a step ((5 problems + 0 replayed groups) × 1 responses).",
            error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Losses_that_are_not_finite_change_nothing_and_end_the_run_after_a_few()
    {
        using var weights = new WeightSet();
        using var scope = NewDisposeScope();
        var weight = weights.Add("w", CPU, ScalarType.Float32, 2, 2);
        using (no_grad()) weight.fill_(1);
        weights.RequireGradient(true);
        var options = new OptimizerOptions { MaxNonFiniteSteps = 2, LearningRate = 0.5, WarmupSteps = 0 };
        using var optimizer = new AdamW(options);
        optimizer.AddGroup("", weights, 1);
        var updater = new Updater(optimizer, options, 10);

        (weight * float.NaN).sum().backward();
        updater.Apply(double.NaN, new FlowRL.Training.Metrics());
        (weight * float.NaN).sum().backward();
        var error = Assert.Throws<NonFiniteTrainingException>(() => updater.Apply(double.NaN, new FlowRL.Training.Metrics()));
        Assert.Equal("2 updates in a row were not finite (last loss NaN, gradient norm NaN, learning rate 0.5). The weights are those of " +
            "the last good update, and the checkpoints are untouched: resume with a lower learning rate, a longer warm-up or a smaller beta.",
            error.Message);
        Assert.Equal(1, weight.mean().item<float>());
        Assert.Equal(0, optimizer.Steps);
    }

    [Fact]
    public async Task A_target_that_cannot_be_listed_is_refused_before_there_is_a_run_folder()
    {
        using var folder = new TemporaryFolder();
        var recipe = TinyRuns.Recipe() with
        {
            Evaluation = new EvaluationOptions { ExactBeta = 1 },
            Run = new RunOptions { Folder = folder.In("runs") },
        };
        var error = await Assert.ThrowsAsync<BadInputException>(() => Train(recipe));
        Assert.StartsWith("evaluation.exact_beta: ", error.Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(folder.In("runs")));
    }

    private static Task<TrainSummary> Train(TrainRecipe recipe, string? resume = null) =>
        TrainRun.RunAsync(recipe, resume, new Progress<StepReport>(), NullLogger.Instance, CancellationToken.None);
}
