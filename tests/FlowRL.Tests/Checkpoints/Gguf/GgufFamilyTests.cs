using FlowRL.Checkpoints.Gguf;
using FlowRL.Models;
using FlowRL.Tests.Models.Families;
using FlowRL.Tests.Support;
using static TorchSharp.torch;

namespace FlowRL.Tests.Checkpoints.Gguf;

/// <summary>Every golden family through a GGUF file.</summary>
public sealed class GgufFamilyTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    public static TheoryData<string> Names => [.. GoldenFamily.Names];

    public static TheoryData<string, string> Refused => new()
    {
        { "mistral", "LayerShapes [window 8, window 8, window 8] (it would be read as all plain)" },
        { "smollm3", "LayerShapes [plain, not turning, plain, not turning] (it would be read as [plain, plain, plain, not turning])" },
        { "gemma2", "AttentionScale 0.20412414523193154 (it would be read as 0.25)" },
        { "gemma3_text", "AttentionScale 0.20412414523193154 (it would be read as 0.25)" },
    };

    [Theory]
    [MemberData(nameof(Names))]
    public void A_model_of_each_family_comes_back_the_same(string name)
    {
        var family = new GgufGoldenFamily(name);
        var file = family.Export(_folder.In("model.gguf")).File;
        using var model = family.Load();
        using var back = GgufGoldenFamily.Read(file);
        Assert.Equal(name switch { "llama-tied" or "mistral" => "llama", "granitemoehybrid" => "granite", _ => family.Config.ModelType }, back.Config.ModelType);
        Assert.Equal([], GgufLoss.Of(family.Config, back.Config));
        using (var weights = family.Weights(file))
        {
            foreach (var weight in new WeightLayout(family.Config).All)
            {
                using var read = weights.Read(weight.Name);
                // 1 is added and taken away again, or an exponential and its logarithm are taken.
                if (weight.Role == WeightRole.ShiftedNorm || weight.Name.EndsWith("A_log", StringComparison.Ordinal))
                    Assert.InRange(GoldenFamily.Difference(model.Weights[weight.Name], read), 0, 1e-6);
                else Assert.True(model.Weights[weight.Name].Equals(read), weight.Name);
            }
        }
        using var scope = NewDisposeScope();
        Assert.InRange(GoldenFamily.Difference(GoldenGguf.Logits(model, family.Ids()), GoldenGguf.Logits(back, family.Ids())), 0, 5e-5);
    }

    [Theory]
    [MemberData(nameof(Refused))]
    public void What_llama_cpp_has_built_in_otherwise_is_refused(string name, string lost)
    {
        var problem = Assert.Throws<BadInputException>(() => new GgufGoldenFamily(name).Export(_folder.In("model.gguf"), config: new GoldenFamily(name).Config()));
        Assert.EndsWith($" has no words for {lost}.", problem.Message);
        Assert.Equal([], _folder.FileNames());
    }

    [Fact]
    public void A_limit_of_gates_that_llama_cpp_has_built_in_otherwise_is_refused()
    {
        var problem = Assert.Throws<BadInputException>(() => new GgufGoldenFamily("gpt_oss").Export(_folder.In("model.gguf"), config: new GoldenFamily("gpt_oss").Config()));
        Assert.Contains("llama.cpp's 'gpt-oss' has no words for Experts ", problem.Message);
        Assert.Contains("Limit = 7", problem.Message);
    }

    /// <summary>Windows on layers that follow no period are a list, as the converter of OLMo 3 writes it.</summary>
    [Theory]
    [InlineData("gemma2")]
    [InlineData("gemma3_text")]
    [InlineData("olmo3")]
    [InlineData("gpt_oss")]
    public void Windows_on_any_layers_come_back(string name)
    {
        var family = new GgufGoldenFamily(name);
        var (sliding, full) = (family.Config.LayerShapes[0], family.Config.LayerShapes[1]);
        foreach (var shapes in new[] { new[] { full, sliding, sliding }, [sliding, full, sliding], [sliding, sliding, full], [full, full, sliding] })
        {
            var config = family.Config with { LayerShapes = shapes };
            using var back = GgufGoldenFamily.Read(family.Export(_folder.In("model.gguf"), config: config).File);
            Assert.Equal([], GgufLoss.Of(config, back.Config));
        }
    }

    [Fact]
    public void A_granite_whose_heads_do_not_turn_comes_back_as_one()
    {
        var family = new GgufGoldenFamily("granitemoehybrid");
        var config = family.Config with { LayerShapes = [.. Enumerable.Repeat(LayerShape.Plain with { Turns = false }, 3)] };
        using var back = GgufGoldenFamily.Read(family.Export(_folder.In("model.gguf"), config: config).File);
        Assert.Equal("granitemoehybrid", back.Config.ModelType);
        Assert.Equal([], GgufLoss.Of(config, back.Config));
    }

    /// <summary>The converter writes keys of state-space layers into files of dense models too, and the heads layer by layer.</summary>
    [Fact]
    public void Keys_of_parts_that_a_granite_does_not_have_are_passed_over()
    {
        var family = new GgufGoldenFamily("granitemoehybrid");
        var file = Changed(family.Export(_folder.In("model.gguf")).File, pairs =>
        {
            pairs["granite.ssm.conv_kernel"] = 4u;
            pairs["granite.expert_shared_feed_forward_length"] = 32u;
            pairs["granite.attention.head_count_kv"] = new GgufArray(GgufKind.Int32, new[] { 2, 2, 2 });
        });
        using var back = GgufGoldenFamily.Read(file);
        Assert.Equal([], GgufLoss.Of(family.Config, back.Config));
    }

    [Fact]
    public void What_differs_between_layers_is_refused()
    {
        var file = Changed(new GgufGoldenFamily("granite").Export(_folder.In("model.gguf")).File, pairs =>
            pairs["granite.attention.head_count_kv"] = new GgufArray(GgufKind.Int32, new[] { 2, 0, 2 }));
        Assert.Equal($"{file} cannot be used: granite.attention.head_count_kv differs from layer to layer, which cannot be read here. " +
            "Take another file of this model, or another model.", Assert.Throws<BadInputException>(() => GgufGoldenFamily.Read(file)).Message);
    }

    /// <summary>The strength of yarn as Mistral's converter writes it: 0.5 of what there is without.</summary>
    [Fact]
    public void The_strength_of_yarn_is_read_as_the_converter_writes_it()
    {
        var family = new GgufGoldenFamily("ministral3");
        var file = Changed(family.Export(_folder.In("model.gguf")).File, pairs =>
        {
            pairs.Remove("mistral3.rope.scaling.attn_factor");
            pairs["mistral3.rope.scaling.yarn_log_multiplier"] = 0.5f;
        });
        using var back = GgufGoldenFamily.Read(file);
        Assert.Equal([], GgufLoss.Of(family.Config, back.Config));
    }

    [Fact]
    public void A_mistral_whose_queries_do_not_grow_is_read_as_one()
    {
        var family = new GgufGoldenFamily("ministral3");
        var file = Changed(family.Export(_folder.In("model.gguf")).File, pairs => pairs.Remove("mistral3.attention.temperature_scale"));
        using var back = GgufGoldenFamily.Read(file);
        Assert.Equal(("mistral", null), (back.Config.ModelType, back.Config.QueryGrowth));
    }

    [Fact]
    public void More_experts_than_a_file_holds_are_refused_before_lists_are_made_of_them()
    {
        var file = Changed(new GgufGoldenFamily("qwen3_moe").Export(_folder.In("model.gguf")).File, pairs => pairs["qwen3moe.expert_count"] = 4096u);
        Assert.Equal($"{file} cannot be used: blk.0.ffn_gate_exps.weight does not hold the 4096 experts that qwen3moe.expert_count says. " +
            "Take another file of this model, or another model.", Assert.Throws<BadInputException>(() => GgufGoldenFamily.Read(file)).Message);
    }

    /// <summary>A tensor of all experts in blocks: each expert's part is read by itself.</summary>
    [Fact]
    public void Experts_are_read_out_of_tensors_in_blocks()
    {
        var family = new GgufGoldenFamily("qwen3_moe");
        using var whole = family.Load();
        using var back = GgufGoldenFamily.Read(family.Export(_folder.In("model.gguf"), "f16").File);
        const string last = "model.layers.2.mlp.experts.5.down_proj.weight";
        Assert.InRange(GoldenFamily.Difference(whole.Weights[last], back.Weights[last]), 1e-7, 2e-3);
    }

    /// <summary>The same file with other metadata.</summary>
    private string Changed(string file, Action<OrderedDictionary<string, object>> change)
    {
        using var source = GgufFile.Open(file);
        var pairs = new OrderedDictionary<string, object>(source.Metadata.Values, StringComparer.Ordinal);
        change(pairs);
        var changed = _folder.In("changed.gguf");
        GgufWriter.Write(changed, pairs, [.. source.Header.Tensors.Select(tensor => new GgufOutput(tensor.Name, tensor.Format, tensor.Shape, () => source.Read(tensor.Name)))]);
        return changed;
    }
}
