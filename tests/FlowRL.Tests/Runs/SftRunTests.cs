using FlowRL.Checkpoints;
using FlowRL.Configuration;
using FlowRL.Evaluation;
using FlowRL.Models;
using FlowRL.Recipes;
using FlowRL.Runs;
using FlowRL.Telemetry;
using FlowRL.Tests.Support;
using FlowRL.Training;
using FlowRL.Training.Supervised;
using Microsoft.Extensions.Logging.Abstractions;

namespace FlowRL.Tests.Runs;

/// <summary>Supervised runs on conversations, from recipe to checkpoint and on.</summary>
public sealed class SftRunTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    /// <summary>Stopped in the middle of an epoch, between packs, it goes on with those that come next.</summary>
    [Theory]
    [InlineData(PackingRule.None, false)]
    [InlineData(PackingRule.BestFit, false)]
    [InlineData(PackingRule.BestFit, true)]
    public void Resuming_continues_bit_for_bit(PackingRule packing, bool adapts)
    {
        var recipe = Recipe(packing, adapts);
        byte[] straight, resumed;
        using (var parts = new SftParts(recipe, NullLogger.Instance))
        {
            Assert.InRange(parts.Trainer.Steps, 6, 40);
            straight = Trained(parts, 0, 6);
        }
        using (var parts = new SftParts(recipe, NullLogger.Instance))
        {
            Trained(parts, 0, 3);
            parts.Trainer.Save(_folder.In("checkpoint"));
        }
        using (var parts = new SftParts(recipe, NullLogger.Instance))
        {
            parts.Trainer.Restore(_folder.In("checkpoint"));
            resumed = Trained(parts, 3, 6);
        }
        Assert.Equal(straight, resumed);
    }

    [Fact]
    public void A_run_does_not_go_on_with_other_examples()
    {
        var recipe = Recipe(PackingRule.BestFit);
        using (var parts = new SftParts(recipe, NullLogger.Instance))
        {
            Trained(parts, 0, 1);
            parts.Trainer.Save(_folder.In("checkpoint"));
        }
        Write("chats.jsonl", 25);
        using var others = new SftParts(recipe, NullLogger.Instance);
        Assert.Equal("data: gives other examples (25) than those that the run was started with (24), so that it cannot go on in the same order; " +
            "put the files back, or start a new run with model.path naming this one.",
            Assert.Throws<BadInputException>(() => others.Trainer.Restore(_folder.In("checkpoint"))).Message);
    }

    [Theory]
    [InlineData(PackingRule.None)]
    [InlineData(PackingRule.BestFit)]
    public void An_epoch_has_each_example_once_in_an_order_of_its_own(PackingRule packing)
    {
        using var model = ChatModels.Create();
        var data = Recipe(packing).Data!;
        var examples = new ExampleSet(new ExampleFiles(data), data, model, 100);
        var options = new SftOptions(1, 1, 1, 100, new(), new()) { Packing = packing };
        var lessons = new ExampleLessons(examples, options);
        List<TokenSequence[]> Epoch(ExampleLessons of, int epoch) =>
            [.. Enumerable.Range(epoch * of.Count, of.Count).SelectMany(step => of.At(step))];
        var (first, second) = (Epoch(lessons, 0), Epoch(lessons, 1));
        Assert.All([first, second], epoch =>
        {
            Assert.Equal(examples.Train.Count, epoch.Sum(pass => pass.Length));
            Assert.Equal(examples.Train.ToHashSet(), epoch.SelectMany(pass => pass).ToHashSet());
            Assert.All(epoch, pass => Assert.InRange(pass.Sum(sequence => sequence.Length), 1, 100));
        });
        Assert.NotEqual(first.SelectMany(pass => pass), second.SelectMany(pass => pass));
        Assert.Equal(packing == PackingRule.None ? 24 : first.Count, lessons.Count);
        if (packing == PackingRule.BestFit) Assert.InRange(lessons.Count, 2, 20);
        Assert.Equal(first.SelectMany(pass => pass), Epoch(new ExampleLessons(examples, options), 0).SelectMany(pass => pass));
        Assert.NotEqual(first.SelectMany(pass => pass), Epoch(new ExampleLessons(examples, options with { Seed = 2 }), 0).SelectMany(pass => pass));
    }

    [Fact]
    public async Task A_run_learns_and_keeps_the_checkpoint_with_the_least_loss()
    {
        var losses = new List<double>();
        var recipe = Recipe(PackingRule.BestFit) with { Evaluation = new EvaluationOptions { Every = 5 }, Epochs = 3, Checkpoint = new CheckpointOptions { Every = 5 } };
        recipe = recipe with { Data = recipe.Data! with { ValidationShare = 0.2 } };
        var summary = await SftRun.RunAsync(recipe, null, new Collector(losses), NullLogger.Instance, CancellationToken.None);
        Assert.Equal((MetricNames.ValidationLoss, null, null), (summary.BestBy, summary.Before, summary.After));
        Assert.True(losses[^1] < losses[0] - 0.5, $"{losses[0]} {losses[^1]}");
        var run = Path.GetFileName(summary.Run);
        Assert.Equal("sft-1", run);
        using var model = PretrainedModel.Load(new ModelOptions { Path = summary.Run });
        var chat = FlowRL.Tokenization.Templates.ChatTemplate.Of((FlowRL.Tokenization.PretrainedTokenizer)model.Tokenizer);
        Assert.Equal("<|im_start|>user\nHi<|im_end|>\n<|im_start|>assistant\n", chat.Render([new("user", "Hi")]));
    }

    [Theory]
    [InlineData("steps: 1", "task: is missing, and so is data; give a task whose demonstrations are learnt, or files of examples in data.train.")]
    [InlineData("task: countdown\npacking: best_fit", "packing: is for examples of data; a task's demonstrations share passes already, as many as fit token_budget.")]
    [InlineData("data: {train: [a.jsonl], max_tokens: 600}\npacking: best_fit\ntoken_budget: 512",
        "data.max_tokens: 600 is more than a pack holds (512 tokens); raise token_budget, or lower it.")]
    [InlineData("data: {loss: last}", "data.train: names no file; there is nothing to learn from.")]
    [InlineData("data: {train: [a.jsonl], fields: {prompt: q}}", "data.fields: a prompt and its completion belong together; give both fields, or neither.")]
    [InlineData("data: {train: [a.jsonl], fields: {text: t, messages: m}}", "data.fields: name one kind of row; give messages, prompt and completion, or text.")]
    public void Recipes_that_say_nothing_or_too_much_are_refused(string yaml, string message) => Assert.EndsWith(message,
        Assert.Throws<BadInputException>(() => OptionsFile.Parse<SftRecipe>(yaml, "r.yaml")).Message, StringComparison.Ordinal);

    [Fact]
    public void Something_must_be_there_to_validate_on()
    {
        var recipe = Recipe(PackingRule.None) with { Evaluation = new EvaluationOptions { Every = 5 } };
        Assert.Equal("data: there are no validation examples; name a file of them in data.validation, or set evaluation.every to 0.",
            Assert.Throws<BadInputException>(() => new SftParts(recipe, NullLogger.Instance)).Message);
        var further = recipe with
        {
            Evaluation = new EvaluationOptions { Every = 0, Further = new Dictionary<string, FurtherEvaluationOptions> { ["x"] = new() } },
        };
        Assert.Equal("evaluation.further.x: has no task, and neither has the recipe; name one in evaluation.further.x.task.",
            Assert.Throws<BadInputException>(() => new SftParts(further, NullLogger.Instance)).Message);
    }

    private SftRecipe Recipe(PackingRule packing, bool adapts = false)
    {
        Write("chats.jsonl", 24);
        var model = new ModelOptions { Create = ChatModels.Shape };
        if (adapts)
        {
            using var made = ChatModels.Create();
            PretrainedModel.Save(_folder.In("base"), made);
            model = new ModelOptions { Path = _folder.In("base"), Lora = new LoraOptions { Rank = 4, Dropout = 0.2 } };
        }
        return new SftRecipe
        {
            Model = model,
            Data = new ExampleOptions { Train = [_folder.In("chats.jsonl")], ValidationShare = 0 },
            Epochs = 4,
            Batch = packing == PackingRule.None ? 5 : 2,
            TokenBudget = 200,
            Packing = packing,
            Optimizer = new OptimizerOptions { LearningRate = 1e-2, WarmupSteps = 1 },
            Evaluation = new EvaluationOptions { Every = 0 },
            Run = new RunOptions { Folder = _folder.In("runs") },
        };
    }

    private void Write(string name, int count) => _folder.Write(name, string.Join('\n', Enumerable.Range(0, count).Select(i => $$"""
        {"messages": [{"role": "user", "content": "What is {{i}}?"}, {"role": "assistant", "content": "It is {{new string('x', i % 7)}}."}
        """.Trim() + (i % 3 == 0 ? """, {"role": "user", "content": "No?"}, {"role": "assistant", "content": "Yes."}""" : "") + "]}")));

    private static byte[] Trained(SftParts parts, int from, int to)
    {
        for (var step = from; step < to; step++) parts.Trainer.Step(step, CancellationToken.None);
        return TinyRuns.Session.BitsOf(parts.Model.Decoder.Trainable);
    }

    private sealed class Collector(List<double> losses) : IProgress<StepReport>
    {
        public void Report(StepReport value) => losses.Add(value.Metrics["loss"]);
    }
}
