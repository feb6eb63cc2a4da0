using System.Text;
using System.Text.Json.Nodes;
using CsCheck;
using FlowRL.Checkpoints;
using FlowRL.Models;
using FlowRL.Tests.Support;
using TorchSharp;
using static TorchSharp.torch;

namespace FlowRL.Tests.Checkpoints;

/// <summary>Whatever is wrong with an adapter folder is said in a sentence, and before memory is asked for.</summary>
public sealed class AdapterDamageTests : IDisposable
{
    private const string Modules = "q_proj, k_proj, v_proj, o_proj, gate_proj, up_proj, down_proj, " +
        "qkv_proj, gate_up_proj, input_linear, output_linear, out_proj, in_proj, w1, w2, w3";
    private readonly TemporaryFolder _folder = new();

    public AdapterDamageTests()
    {
        using (var whole = TinyRuns.Model()) PretrainedModel.Save(_folder.In("base"), whole);
        using var model = PretrainedModel.LoadForTraining(
            new ModelOptions { Path = _folder.In("base"), Lora = new LoraOptions { Rank = 2, TargetModules = [Projection.QProj] } }, 1, []);
        PretrainedModel.Save(Adapter, model);
    }

    private string Adapter => _folder.In("adapter");

    private string ConfigPath => _folder.In("adapter", "adapter_config.json");

    private string WeightsPath => _folder.In("adapter", "adapter_model.safetensors");

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("use_dora", "true", "use_dora is true, which cannot be read here")]
    [InlineData("use_rslora", "2", "use_rslora is 2 and must be true or false")]
    [InlineData("bias", "\"all\"", "bias is 'all', and only none can be read")]
    [InlineData("lora_bias", "true", "lora_bias is true, which cannot be read here")]
    [InlineData("rank_pattern", "{\"q_proj\":0}", "rank_pattern gives 'q_proj' the value 0, which is out of range")]
    [InlineData("rank_pattern", "{\"(q\":4}", "rank_pattern has the name '(q', which is no regular expression that can be read here")]
    [InlineData("rank_pattern", "{\"(?=q)q_proj\":4}", "rank_pattern has the name '(?=q)q_proj', which is no regular expression that can be read here")]
    [InlineData("alpha_pattern", "[1]", "alpha_pattern is no object of names and numbers")]
    [InlineData("modules_to_save", "[\"lm_head\"]", "modules_to_save is [\"lm_head\"], which cannot be read here")]
    [InlineData("layers_to_transform", "[0]", "layers_to_transform is [0], which cannot be read here")]
    [InlineData("layer_replication", "[[0,1]]", "layer_replication is [[0,1]], which cannot be read here")]
    [InlineData("exclude_modules", "\"mlp\"", "exclude_modules is \"mlp\", which cannot be read here")]
    [InlineData("fan_in_fan_out", "true", "fan_in_fan_out is true, which cannot be read here")]
    [InlineData("loftq_config", "{\"bits\":4}", "loftq_config is {\"bits\":4}, which cannot be read here")]
    [InlineData("init_lora_weights", "\"pissa\"", "init_lora_weights is \"pissa\", which cannot be read here")]
    [InlineData("a_feature_of_2030", "1", "a_feature_of_2030 is 1, which cannot be read here")]
    [InlineData("peft_type", "\"IA3\"", "peft_type is 'IA3', and only LORA can be read")]
    [InlineData("peft_type", "null", "peft_type is not given, and only LORA can be read")]
    [InlineData("task_type", "\"SEQ_CLS\"", "task_type is 'SEQ_CLS', and only CAUSAL_LM can be read")]
    [InlineData("r", "0", "r is 0 and must be from 1 to 65536")]
    [InlineData("r", "2.5", "r is 2.5 and must be a whole number that fits 32 bits")]
    [InlineData("r", "null", "r is missing")]
    [InlineData("lora_alpha", "-1", "lora_alpha must be above 0")]
    [InlineData("lora_alpha", "\"x\"", "lora_alpha is \"x\" and must be a number")]
    [InlineData("target_modules", "[]", "target_modules is empty")]
    [InlineData("target_modules", "null", "target_modules is not a list of names")]
    [InlineData("target_modules", "[\"q_prj\"]", $"target_modules names 'q_prj' (did you mean 'q_proj'?), and only {Modules} can be adapted")]
    [InlineData("target_modules", "[\"lm_head\"]", $"target_modules names 'lm_head', and only {Modules} can be adapted")]
    [InlineData("target_modules", "\".*q_proj\"", $"target_modules names '.*q_proj' (did you mean 'q_proj'?), and only {Modules} can be adapted")]
    public void A_configuration_that_cannot_be_used_is_named(string key, string value, string problem)
    {
        Set(key, value);
        Assert.Equal($"{ConfigPath} cannot be used: {problem}. Correct the file or choose another adapter.", Message());
    }

    [Theory]
    [InlineData("\"\"", "{0} names no base model; set base_model_name_or_path to the folder of the model that was adapted.")]
    [InlineData("null", "{0} names no base model; set base_model_name_or_path to the folder of the model that was adapted.")]
    [InlineData("\"folder/of/a/base\"",
        "{0}: the base model 'folder/of/a/base' is not there; put it there, or set base_model_name_or_path to the folder where it is.")]
    [InlineData("\"nobody/has-this-model\"", "{0}: the base model 'nobody/has-this-model' is neither a folder nor fetched from the hub; fetch it with " +
        "'flowrl pull nobody/has-this-model', or set base_model_name_or_path to the folder where it is.")]
    [InlineData("\"embedded:chess\"", "There is no embedded model 'chess'; there is countdown.")]
    [InlineData("\".\"", "{1} adapts '.', which holds adapters itself; merge those first with 'flowrl merge . --out FOLDER', and set " +
        "base_model_name_or_path to that folder.")]
    public void A_base_that_cannot_be_had_is_named(string value, string message)
    {
        Set("base_model_name_or_path", value);
        Assert.Equal(message.Replace("{0}", ConfigPath, StringComparison.Ordinal).Replace("{1}", Adapter, StringComparison.Ordinal), Message());
    }

    [Fact]
    public void Weights_that_do_not_fit_are_named()
    {
        const string name = "base_model.model.model.layers.0.self_attn.q_proj.lora_A.weight";
        Set("r", "65536"); // 128 MB a layer, if it were believed
        Assert.Equal($"{WeightsPath}: '{name}' has shape [2, 16], but adapter_config.json and the base model ask for [65536, 16]; check that " +
            "they belong together.", Message());
        Set("r", "2");
        Set("target_modules", "[\"k_proj\"]");
        Assert.Equal($"{WeightsPath} holds no tensor '{name.Replace("q_proj", "k_proj", StringComparison.Ordinal)}', which adapter_config.json " +
            "asks for; check that both belong to the same adapter.", Message());
        Set("target_modules", "[\"q_proj\"]");
        Rewrite(weights => weights.Append(("stray", zeros(1))));
        Assert.Equal($"{WeightsPath} holds 1 tensors that adapter_config.json does not ask for, such as 'stray'; check that both belong to the " +
            "same adapter.", Message());
        Rewrite(weights => weights.Where(pair => pair.Name != "stray").Select(pair => (pair.Name, pair.Value.to_type(ScalarType.Int64))));
        Assert.Equal($"{WeightsPath}: '{name}' holds Int64, and adapters are floating-point numbers; copy or download the file again.", Message());
    }

    [Fact]
    public void Missing_and_pickled_weights_are_named()
    {
        File.Delete(WeightsPath);
        Assert.Equal($"{WeightsPath} does not exist. Give the path of a file with weights.", Message());
        var pickle = _folder.Write("adapter/adapter_model.bin", "x");
        Assert.Equal($"{pickle} looks like a PyTorch pickle, which can run code when it is read, so only safetensors files are accepted. " +
            "Download the model's safetensors version, or convert it where you trust it with transformers' save_pretrained.", Message());
    }

    [Fact]
    public void Mutated_files_are_read_or_refused()
    {
        var (config, weights) = (File.ReadAllBytes(ConfigPath), File.ReadAllBytes(WeightsPath));
        var (read, refused) = (0, 0);
        Gen.Select(Gen.Bool, Gen.Select(Gen.Double[0, 1], Gen.OneOf(Gen.Byte, Gen.Int[32, 126].Select(i => (byte)i))).Array[0, 2], Gen.Int[0, 19])
            .Sample((inConfig, mutations, cut) =>
            {
                var bytes = (byte[])(inConfig ? config : weights).Clone();
                foreach (var (place, value) in mutations) bytes[(int)(place * (bytes.Length - 1))] = value;
                if (cut == 0) bytes = bytes[..(bytes.Length / 2)];
                File.WriteAllBytes(ConfigPath, inConfig ? bytes : config);
                File.WriteAllBytes(WeightsPath, inConfig ? weights : bytes);
                try
                {
                    PretrainedModel.Load(new ModelOptions { Path = Adapter }).Dispose();
                    read++;
                }
                catch (BadInputException)
                {
                    refused++;
                }
            }, iter: 300, threads: 1);
        Assert.True(read > 20 && refused > 20, $"{read} read, {refused} refused");
    }

    [Fact]
    public void A_refused_folder_leaves_no_tensor_behind()
    {
        Rewrite(weights => weights.Skip(1));
        DisposeScopeManager.Statistics.Reset();
        Message();
        Assert.Equal(0, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }

    private string Message() =>
        Assert.Throws<BadInputException>(() => PretrainedModel.Load(new ModelOptions { Path = Adapter }).Dispose()).Message;

    private void Set(string key, string json)
    {
        var config = (JsonObject)JsonNode.Parse(File.ReadAllText(ConfigPath, Encoding.UTF8))!;
        config[key] = JsonNode.Parse(json);
        File.WriteAllText(ConfigPath, config.ToJsonString(new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }));
    }

    private void Rewrite(Func<IEnumerable<(string Name, Tensor Value)>, IEnumerable<(string, Tensor)>> change)
    {
        using var scope = NewDisposeScope();
        using var file = SafetensorsFile.Open(WeightsPath);
        SafetensorsWriter.Write(WeightsPath, [.. change([.. file.Names.Select(name => (name, file.Read(name)))])]);
    }
}
