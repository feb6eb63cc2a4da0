using System.Globalization;
using System.Text;
using FlowRL.Checkpoints;
using FlowRL.Configuration;
using FlowRL.Models;
using FlowRL.Recipes;
using FlowRL.Runs;
using FlowRL.Tests.Support;

namespace FlowRL.Tests.Runs;

/// <summary>docs/which-model.md says what models need; its numbers are those of the estimate that <c>flowrl train --dry-run</c> makes.</summary>
public sealed class WhichModelTests
{
    private const int PromptTokens = 256;

    /// <summary>What the published <c>config.json</c> of each says of its shape: family, width, layers, heads, heads of keys, feed-forward, vocabulary, tied.</summary>
    private static readonly (string Name, string Family, int Width, int Layers, int Heads, int Keys, int FeedForward, int Vocabulary, bool Tied)[] Shapes =
    [
        ("SmolLM2-135M", "llama", 576, 30, 9, 3, 1536, 49152, true),
        ("Qwen2.5-0.5B", "qwen2", 896, 24, 14, 2, 4864, 151936, true),
        ("Qwen3-0.6B", "qwen3", 1024, 28, 16, 8, 3072, 151936, true),
        ("Llama-3.2-1B", "llama", 2048, 16, 32, 8, 8192, 128256, true),
        ("Qwen2.5-1.5B", "qwen2", 1536, 28, 12, 2, 8960, 151936, true),
        ("Qwen2.5-7B", "qwen2", 3584, 28, 28, 4, 18944, 152064, false),
    ];

    private static readonly string[] Ways = ["", "model.weights=bfloat16", "model.lora.rank=16 model.weights=bfloat16"];

    /// <summary>To bring docs/which-model.md up to date, replace its table by the one that this expects.</summary>
    [Fact]
    public void The_page_holds_the_estimates()
    {
        var page = File.ReadAllText(Path.Combine(Repository.Root, "docs", "which-model.md"));
        const string begin = "<!-- estimates -->\n";
        var start = page.IndexOf(begin, StringComparison.Ordinal) + begin.Length;
        Assert.Equal(Table(), page[start..page.IndexOf("<!-- end -->", start, StringComparison.Ordinal)]);
    }

    /// <summary>The recipe that the page shows is the one that was measured.</summary>
    [Fact]
    public void The_page_shows_the_recipe_of_its_numbers()
    {
        var page = File.ReadAllText(Path.Combine(Repository.Root, "docs", "which-model.md"));
        foreach (var line in Text.Split('\n').Where(line => line != "")) Assert.Contains($"    {line}\n", page, StringComparison.Ordinal);
    }

    private const string Text = """
        task: {type: math, data: {train: [train.jsonl]}}
        objective: grpo
        rollout: {problems: 8, group_size: 8, sampling: {max_new_tokens: 512}}
        training: {mini_batch: 32, recompute: true}
        evaluation: {every: 0, test_problems: 0}
        """;

    private static string Table()
    {
        var text = new StringBuilder("| model | parameters | all weights | all weights, BF16 | LoRA, rank 16, BF16 | work of a step |\n|---|---|---|---|---|---|\n");
        foreach (var shape in Shapes)
        {
            var config = Config(shape);
            var parameters = new WeightLayout(config).Parameters;
            var memory = Ways.Select(way => RunMemory.Of(Recipe(way), config, PromptTokens).Values.Sum() / 1e9);
            var recipe = Recipe("");
            var tokens = recipe.Rollout.Problems * (PromptTokens + recipe.Rollout.GroupSize * (double)recipe.Rollout.Sampling.MaxNewTokens);
            // Sampling and the reference 2 flops a weight and token each, forward and backward with recomputed layers 8.
            text.Append(CultureInfo.InvariantCulture, $"| {shape.Name} | {(parameters < 1e9 ? $"{parameters / 1e6:0}M" : $"{parameters / 1e9:0.00}B")} | ")
                .AppendJoin(" | ", memory.Select(bytes => string.Create(CultureInfo.InvariantCulture, $"{bytes:0.0} GB")))
                .Append(CultureInfo.InvariantCulture, $" | {12 * parameters * tokens / 1e12:0} Tflop |\n");
        }
        return text.ToString();
    }

    private static TrainRecipe Recipe(string changes) =>
        OptionsFile.Parse<TrainRecipe>(Text, "which-model.yaml", changes.Split(' ', StringSplitOptions.RemoveEmptyEntries));

    private static DecoderConfig Config((string Name, string Family, int Width, int Layers, int Heads, int Keys, int FeedForward, int Vocabulary, bool Tied) shape)
    {
        using var folder = new TemporaryFolder();
        var headWidth = shape.Family == "qwen3" ? 128 : shape.Width / shape.Heads;
        folder.Write("config.json", $$"""
            {"model_type": "{{shape.Family}}", "architectures": ["{{char.ToUpperInvariant(shape.Family[0])}}{{shape.Family[1..]}}ForCausalLM"],
             "hidden_size": {{shape.Width}}, "num_hidden_layers": {{shape.Layers}}, "num_attention_heads": {{shape.Heads}},
             "num_key_value_heads": {{shape.Keys}}, "head_dim": {{headWidth}}, "intermediate_size": {{shape.FeedForward}},
             "vocab_size": {{shape.Vocabulary}}, "max_position_embeddings": 32768, "rms_norm_eps": 1e-6, "rope_theta": 1000000.0,
             "hidden_act": "silu", "tie_word_embeddings": {{(shape.Tied ? "true" : "false")}}, "torch_dtype": "bfloat16"}
            """);
        return DecoderConfigJson.Read(folder.Path);
    }
}
