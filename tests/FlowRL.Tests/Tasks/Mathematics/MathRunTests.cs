using FlowRL.Checkpoints;
using FlowRL.Evaluation;
using FlowRL.Models;
using FlowRL.Objectives.DistributionMatching;
using FlowRL.Recipes;
using FlowRL.Rewards;
using FlowRL.Rollouts;
using FlowRL.Runs;
using FlowRL.Tasks;
using FlowRL.Tasks.Mathematics;
using FlowRL.Tasks.ProblemSets;
using FlowRL.Telemetry;
using FlowRL.Tests.Runs;
using FlowRL.Tests.Support;
using FlowRL.Tests.Tokenization;
using FlowRL.Training;
using FlowRL.Verifiers.Mathematics;
using Microsoft.Extensions.Logging.Abstractions;
using Parquet.Serialization;

namespace FlowRL.Tests.Tasks.Mathematics;

/// <summary>A Qwen2 model with a real tokenizer and a verl file, through training, saving and evaluation.</summary>
[Collection(nameof(MemoryTests))]
public sealed class MathRunTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_verl_file_trains_a_Qwen2_model_without_conversion()
    {
        var parquet = _folder.In("train.parquet");
        await Write(parquet, Enumerable.Range(1, 12).Select(i => ($"What is {i}+1?", $"{i + 1}")));
        SaveModel(_folder.In("model"));
        var recipe = new TrainRecipe
        {
            Model = new ModelOptions { Path = _folder.In("model") },
            Task = new MathOptions { Data = new DataOptions { Train = [parquet], ValidationShare = 0.3 } },
            Objective = new FlowRLOptions(),
            Rollout = new RolloutOptions { Problems = 2, GroupSize = 2, Slots = 4, Sampling = new SamplingOptions { MaxNewTokens = 4 } },
            Training = new TrainingOptions { Steps = 2, MiniBatch = 4, TokenBudget = 256 },
            Evaluation = new EvaluationOptions { Every = 1, ValidationProblems = 2, ValidationSamples = 1, TestProblems = 0, Sampling = new SamplingOptions { MaxNewTokens = 4 } },
            Run = new RunOptions { Folder = _folder.In("runs"), Threads = 1 },
        };
        var summary = await TrainRun.RunAsync(recipe, null, new Progress<StepReport>(), NullLogger.Instance, TestContext.Current.CancellationToken);
        Assert.Equal(2, summary.Steps);
        var sample = File.ReadLines(Path.Combine(summary.Run, "samples.jsonl")).First();
        Assert.Contains("user: What is ", sample, StringComparison.Ordinal);

        using var trained = PretrainedModel.Load(new ModelOptions { Path = summary.Run });
        Assert.Equal("qwen2", trained.Decoder.Config.ModelType);

        // The most likely responses are what they are: a file that calls two of three of them right is solved to two thirds.
        var questions = await Greedy("unknown", "unknown", "unknown", "questions");
        var answers = Sample(trained, questions).SelectMany(group => group.Rollout.Responses).Select(response => response.Text.Trim()).ToArray();
        Assert.DoesNotContain("", answers);
        var solved = await Greedy(answers[0], $"not {answers[1]}", answers[2], "answers");
        var report = EvaluationReport.Of(Sample(trained, solved), solved, 1);
        Assert.Equal(2.0 / 3, report.Accuracy, 1e-12);
    }

    private static IReadOnlyList<ScoredGroup> Sample(LanguageModel model, ITask task)
    {
        using var evaluator = new Evaluator(
            model, task, LocalEngine.Of(model, 4), new SamplingOptions { Temperature = 0, MaxNewTokens = 4 }, TimeSpan.FromMinutes(1));
        return evaluator.Sample(evaluator.Problems(Split.Test, 3), 1, 1, TestContext.Current.CancellationToken);
    }

    /// <summary>Three questions with the given right answers, each compared with the whole response.</summary>
    private async Task<ITask> Greedy(string first, string second, string third, string name)
    {
        var file = _folder.In($"{name}.parquet");
        await Write(file, [("Who?", first), ("When?", second), ("Why?", third)]);
        return new MathOptions
        {
            Data = new DataOptions { Test = [file], Shuffle = 0 },
            Extraction = new ExtractionOptions { Places = [AnswerPlace.Whole], AfterThinking = false },
        }.Create();
    }

    private static async Task Write(string parquet, IEnumerable<(string Question, string Truth)> rows)
    {
        await using var stream = File.Create(parquet);
        await ParquetSerializer.SerializeAsync(rows.Select(row => new VerlRow
        {
            data_source = "sums",
            prompt = [new VerlTurn { role = "user", content = row.Question }],
            ability = "math",
            reward_model = new VerlTruth { style = "rule", ground_truth = row.Truth },
        }), stream, cancellationToken: TestContext.Current.CancellationToken);
    }

    private static void SaveModel(string folder)
    {
        var tokenizer = GoldenTokenizers.Qwen3;
        var decoder = new Decoder(new DecoderConfig
        {
            ModelType = "qwen2",
            VocabularySize = tokenizer.VocabularySize,
            Width = 8,
            FeedForwardWidth = 16,
            Layers = 1,
            Heads = 2,
            KeyValueHeads = 1,
            HeadWidth = 4,
            ContextLength = 128,
            QueryKeyValueBias = true,
            TiedEmbeddings = true,
            EndOfSequenceIds = tokenizer.EndOfSequenceIds,
        }, TorchSharp.torch.CPU, TorchSharp.torch.ScalarType.Float32);
        decoder.Initialize(1);
        using var model = new LanguageModel(decoder, tokenizer);
        PretrainedModel.Save(folder, model);
    }

#pragma warning disable IDE1006, CA1707 // the names of the columns
    private sealed class VerlRow
    {
        public string? data_source { get; set; }

        public List<VerlTurn>? prompt { get; set; }

        public string? ability { get; set; }

        public VerlTruth? reward_model { get; set; }
    }

    private sealed class VerlTurn
    {
        public string? role { get; set; }

        public string? content { get; set; }
    }

    private sealed class VerlTruth
    {
        public string? style { get; set; }

        public string? ground_truth { get; set; }
    }
#pragma warning restore IDE1006, CA1707
}
