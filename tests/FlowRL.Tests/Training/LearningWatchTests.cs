using System.Text.Json.Nodes;
using FlowRL.Models;
using FlowRL.Rewards;
using FlowRL.Rollouts;
using FlowRL.Tasks;
using FlowRL.Tests.Cli;
using FlowRL.Tests.Support;
using FlowRL.Tokenization;
using FlowRL.Training;

namespace FlowRL.Tests.Training;

public sealed class LearningWatchTests
{
    private readonly RecordedLog _log = new();

    [Theory]
    [InlineData(true, "all rewards of each group")]
    [InlineData(false, "all rewards")]
    public void Rewards_that_stay_equal_are_told_once(bool comparesGroups, string which)
    {
        var watch = new LearningWatch(comparesGroups, _log);
        for (var step = 1; step <= 4; step++) watch.See(step, [Group(1, 1), Group(1, 1)]);
        watch.See(5, [Group(1, 0), Group(1, 1)]);
        Assert.Empty(_log.Lines);
        for (var step = 6; step <= 20; step++) watch.See(step, [Group(0, 0), Group(0, 0)]);
        Assert.Equal([$"Warning: step 10: for 5 steps {which} have been equal, and nothing is learnt from that; look at samples.jsonl, and take " +
            "problems that are solved sometimes"], _log.Lines);
    }

    [Theory]
    [InlineData(true, 1)]
    [InlineData(false, 0)]
    public void Groups_that_differ_among_each_other_alone_teach_those_that_compare_within_one_nothing(bool comparesGroups, int warnings)
    {
        var watch = new LearningWatch(comparesGroups, _log);
        for (var step = 1; step <= 6; step++) watch.See(step, [Group(0, 0), Group(1, 1)]);
        Assert.Equal(warnings, _log.Lines.Count);
    }

    [Fact]
    public void Responses_that_never_end_are_told_once()
    {
        var watch = new LearningWatch(true, _log);
        watch.See(1, [Ended(FinishReason.Length, 1, 0)]);
        watch.See(2, [Ended(FinishReason.Stop, 1, 0)]);
        for (var step = 3; step <= 9; step++) watch.See(step, [Ended(FinishReason.Length, 1, 0)]);
        Assert.Equal(["Warning: step 5: for 3 steps every response has hit the length limit; raise rollout.sampling.max_new_tokens, or see in " +
            "samples.jsonl why none ends"], _log.Lines);
    }

    [Fact]
    public void A_model_that_solves_nothing_is_told_with_what_may_be_the_cause()
    {
        new LearningWatch(true, _log).StartsAtZero(StubEngine.Report with { Accuracy = 0, Truncated = 0.9 });
        new LearningWatch(true, _log).StartsAtZero(StubEngine.Report with { Accuracy = 0, Undecided = 7 });
        Assert.Equal(2, _log.Lines.Count);
        Assert.StartsWith("Warning: the starting model solves none of 10 test problems in 4 samples each; 90% of the responses hit the length limit. " +
            "Rewards that are all 0 teach nothing:", _log.Lines[0].Replace("90 %", "90%", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.Contains("in 4 samples each; on 7 responses the verifier could not decide. ", _log.Lines[1], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1, "there is one training problem; every step samples it, and what is learnt is that problem")]
    [InlineData(3, "there are 3 training problems for 4 a step, so that each step has some of them several times")]
    [InlineData(4, null)]
    public void Few_problems_are_told(int problems, string? warning)
    {
        using var model = TinyRuns.Model();
        var task = TinyRuns.Recipe(trainProblems: problems).Task.Create();
        new LearningWatch(true, _log).Start(new TrainingProblems(model, task, new RolloutOptions(), 1), perStep: 4);
        Assert.Equal(warning is null ? [] : [$"Warning: {warning}"], _log.Lines);
    }

    [Fact]
    public void Prompts_that_the_vocabulary_cannot_write_are_told_where_it_has_a_token_for_them_and_refused_where_not()
    {
        using var folder = new TemporaryFolder();
        using var letters = TinyRuns.Model();
        letters.Tokenizer.Save(folder.Path);
        var json = JsonNode.Parse(File.ReadAllText(folder.In("tokenizer.json")))!;
        json["model"]!["unk_token"] = "<pad>";
        File.WriteAllText(folder.In("tokenizer.json"), json.ToJsonString());
        var lenient = new LanguageModel(letters.Decoder, TokenizerLoader.Load(folder.Path));
        new LearningWatch(true, _log).Start(new TrainingProblems(lenient, new Prompts("1+2=", "1é2", "3", "λ"), new RolloutOptions(), 1), perStep: 4);
        Assert.Equal(["Warning: 2 of the first 4 training prompts hold characters that the model's vocabulary knows none of, such as that of problem '1é2'; " +
            "the model reads them as one token for all that is unknown"], _log.Lines);

        var refused = Assert.Throws<BadInputException>(() => new TrainingProblems(letters, new Prompts("1+2=", "λ"), new RolloutOptions(), 1));
        Assert.StartsWith("The prompt of problem 'λ': The text holds the character 'λ' (U+03BB), for which the vocabulary", refused.Message, StringComparison.Ordinal);
    }

    private static ScoredGroup Group(params double[] rewards) => Ended(FinishReason.Stop, rewards);

    private static ScoredGroup Ended(FinishReason end, params double[] rewards) => new(
        new RolloutGroup(new Problem("p", "", ""), [], [.. rewards.Select(_ => new Response
        {
            TokenIds = [1],
            LossMask = [true],
            LogProbs = [0],
            FinishReason = end,
            PolicyVersions = [0],
            Text = "",
        })]),
        [.. rewards.Select(reward => Verdict.Unanswered(new Reward.Score(reward)))]);

    private sealed class Prompts(params string[] texts) : ITask
    {
        public string Name => "prompts";

        public IReadOnlyList<Problem> Problems(Split split) => [.. texts.Select(text => new Problem(text, text, ""))];

        public ValueTask<Verdict> VerifyAsync(Problem problem, string response, CancellationToken cancellation) => throw new NotSupportedException();

        public int? CountSolutions(Problem problem) => null;
    }
}
