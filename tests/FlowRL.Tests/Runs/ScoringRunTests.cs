using System.Text.Json.Nodes;
using FlowRL.Checkpoints;
using FlowRL.Data;
using FlowRL.Decoding;
using FlowRL.Models;
using FlowRL.Models.Families;
using FlowRL.Recipes;
using FlowRL.Runs;
using FlowRL.Tests.Models.Families;
using FlowRL.Tests.Support;
using TorchSharp;

namespace FlowRL.Tests.Runs;

/// <summary>Log-probabilities of given rows are the reference's, by either engine and whatever the neighbours are.</summary>
public sealed class ScoringRunTests
{
    public static TheoryData<string> Families => [.. GoldenFamily.Names];

    [Theory]
    [MemberData(nameof(Families))]
    public async Task Both_engines_give_the_references_log_probabilities(string name)
    {
        var family = new GoldenFamily(name);
        using var golden = family.Golden("token_logprobs");
        var wanted = golden.data<float>().ToArray();
        foreach (var engine in new[] { EngineKind.Cpu, EngineKind.Tensor })
        {
            var (rows, log) = await Score(family.Folder, engine, [.. family.Ids().Select(Row)]);
            var scored = rows.SelectMany(row => row.LogProbs).ToArray();
            Assert.Equal(wanted.Length, scored.Length);
            Assert.All(wanted.Zip(scored), pair => Assert.Equal(pair.First, pair.Second, 1e-3f));
            using var model = family.Load();
            var isServed = engine == EngineKind.Tensor || DecodeEngines.Scorer(model) is not null;
            const string note = "Information: scoring with tensor operations: the CPU engine, which is faster, cannot serve this model (";
            Assert.Equal(isServed ? 0 : 1, log.Lines.Count(line => line.StartsWith(note, StringComparison.Ordinal)));
        }
    }

    /// <summary>Phi's divisors are one list up to 32 tokens and another beyond, for each row by itself.</summary>
    [Theory]
    [InlineData(EngineKind.Cpu)]
    [InlineData(EngineKind.Tensor)]
    public async Task A_row_is_scored_by_its_own_length_and_not_by_its_neighbours(EngineKind engine)
    {
        var family = new GoldenFamily("phi3");
        var ids = family.Ids();
        int[][] sequences = [ids[0][..32], ids[0], ids[1][..32], [5], ids[0][..33], ids[1]];
        var (together, _) = await Score(family.Folder, engine, [.. sequences.Select(Row)]);
        Assert.Equal(sequences, together.Select(row => row.Row.Ids)); // in the order of the file
        foreach (var (sequence, scored) in sequences.Zip(together))
        {
            var (alone, _) = await Score(family.Folder, engine, Row(sequence));
            Assert.All(alone[0].LogProbs.Zip(scored.LogProbs), pair => Assert.Equal(pair.First, pair.Second, 1e-4f));
        }
        Assert.Empty(together[3].LogProbs);
        // The first of the short row and of the one token longer are the same tokens turned otherwise.
        Assert.Contains(together[0].LogProbs.Zip(together[4].LogProbs), pair => Math.Abs(pair.First - pair.Second) > 0.1);

        using var logits = family.Golden("short_logits"); // (2, 32, V)
        using var logP = logits[0].log_softmax(-1);
        var golden = Enumerable.Range(0, 31).Select(t => logP[t, ids[0][t + 1]].item<float>());
        Assert.All(golden.Zip(together[0].LogProbs), pair => Assert.Equal(pair.First, pair.Second, 1e-3f));
    }

    /// <summary>Rows that begin with the same token share it, whatever a family carries from token to token.</summary>
    [Theory]
    [InlineData("lfm2")]
    [InlineData("qwen3_5")]
    [InlineData("gemma2")]
    [InlineData("qwen3_moe")]
    public async Task Rows_that_begin_alike_do_not_change_each_other(string name)
    {
        var family = new GoldenFamily(name);
        var ids = family.Ids()[0];
        var (together, _) = await Score(family.Folder, EngineKind.Tensor, Row(ids[..20]), Row(ids), Row([ids[0], .. ids[5..20]]));
        var (alone, _) = await Score(family.Folder, EngineKind.Tensor, Row([ids[0], .. ids[5..20]]));
        Assert.All(together[0].LogProbs.Zip(together[1].LogProbs), pair => Assert.Equal(pair.First, pair.Second, 1e-4f));
        Assert.All(together[2].LogProbs.Zip(alone[0].LogProbs), pair => Assert.Equal(pair.First, pair.Second, 1e-4f));
    }

    [Fact]
    public async Task Texts_begin_as_prompts_do_and_a_completion_is_the_sum_of_its_own_tokens()
    {
        const string path = "embedded:countdown";
        var tokenizer = PretrainedModel.LoadTokenizer(path);
        var (rows, _) = await Score(path, EngineKind.Auto,
            """{"text": "1,2=3:1+2", "id": 7}""", """{"prompt": "1,2=3:", "completion": "1+2"}""");
        int[] wanted = [tokenizer.BeginOfSequenceId!.Value, .. tokenizer.Encode("1,2=3:1+2")];
        Assert.All(rows, row => Assert.Equal(wanted, row.Row.Ids));
        Assert.Equal(rows[0].LogProbs, rows[1].LogProbs);
        Assert.Equal((null, "7", 7), (rows[0].Completion, rows[0].Row.Id!.ToJsonString(), rows[1].Row.PromptTokens));
        Assert.Equal(rows[1].LogProbs[^3..].Sum(logProb => (double)logProb), rows[1].Completion!.Value, 1e-9);
    }

    [Theory]
    [InlineData("""{"ids": [1, 99]}""", "rows:1: id 99, number 2, is none of the model's, which go from 0 to 22.")]
    [InlineData("""{"ids": [-1, 2]}""", "rows:1: id -1, number 1, is none of the model's, which go from 0 to 22.")]
    [InlineData("""{"ids": [1.5]}""", "rows:1: number 1 of 'ids' is not a whole number.")]
    [InlineData("""{"ids": "1"}""", "rows:1: 'ids' is not a list of token ids.")]
    [InlineData("""{"ids": []}""", "rows:1: is empty; give at least one token.")]
    [InlineData("""{"ids": [1,1,1,1,1,1,1,1,1]}""", "rows:1: has 9 tokens, and the model's context holds 8; cut it into shorter rows.")]
    [InlineData("""{"prompt": "a"}""", "rows:1: has a 'prompt' and no 'completion'; give both, or the whole as 'text'.")]
    [InlineData("""{"completion": "a"}""", "rows:1: has a 'completion' and no 'prompt'; give both, or the whole as 'text'.")]
    [InlineData("""{"gold": "a"}""", "rows:1: there is nothing to score; give 'text', or 'prompt' and 'completion', or 'ids'.")]
    [InlineData("""{"ids": [1], "text": "a"}""",
        "rows:1: says in more than one way what to score; give 'text', or 'prompt' and 'completion', or 'ids', and no other of these.")]
    public async Task A_row_that_cannot_be_scored_is_said_with_its_place(string row, string message)
    {
        using var folder = new TemporaryFolder();
        var error = await Assert.ThrowsAsync<BadInputException>(() => Score(WithoutTokenizer(folder), EngineKind.Auto, row));
        Assert.Equal(message, error.Message);
    }

    [Fact]
    public async Task Text_needs_the_tokenizer_that_ids_do_without()
    {
        using var folder = new TemporaryFolder();
        var path = WithoutTokenizer(folder);
        Assert.Equal(2, (await Score(path, EngineKind.Auto, """{"ids": [1, 2, 3]}""")).Rows[0].LogProbs.Length);
        var error = await Assert.ThrowsAsync<BadInputException>(() => Score(path, EngineKind.Auto, """{"text": "a"}"""));
        Assert.StartsWith("rows:1: a text needs the model's tokenizer, or give 'ids'. ", error.Message, StringComparison.Ordinal);
        Assert.Contains(path, error.Message, StringComparison.Ordinal);
    }

    private static string Row(int[] ids) => $"{{\"ids\": [{string.Join(", ", ids)}]}}";

    private static string WithoutTokenizer(TemporaryFolder folder)
    {
        using var model = TinyModels.Create(TinyModels.Config(context: 8));
        DecoderConfigJson.Write(folder.In(DecoderConfigJson.FileName), model.Config, torch.ScalarType.Float32, ModelFamilies.BuiltIn);
        WeightFolder.Write(folder.Path, [.. model.Weights.Select(pair => (pair.Key, pair.Value))]);
        return folder.Path;
    }

    private static async Task<(List<ScoredRow> Rows, RecordedLog Log)> Score(string path, EngineKind engine, params string[] lines)
    {
        var (scored, log) = (new List<ScoredRow>(), new RecordedLog());
        var rows = lines.Select((line, i) => new DataRow("rows", i + 1, (JsonObject)JsonNode.Parse(line)!));
        var recipe = new ScoreRecipe { Model = new ModelOptions { Path = path }, Engine = engine, TokenBudget = 64, Threads = 1 };
        var summary = await ScoringRun.RunAsync(recipe, rows, scored.Add, log, TestContext.Current.CancellationToken);
        Assert.Equal((lines.Length, scored.Sum(row => row.LogProbs.Length)), (summary.Rows, summary.Tokens));
        Assert.Equal(scored.Sum(row => row.Total), summary.LogProbability, 1e-9);
        return (scored, log);
    }
}
