using System.Text.Json.Nodes;
using FlowRL.Checkpoints;
using FlowRL.Models;
using FlowRL.Tests.Support;
using static TorchSharp.torch;

namespace FlowRL.Tests.Checkpoints;

/// <summary>Adapters travel in PEFT's layout, and come back with their base in the same bits.</summary>
public sealed class AdapterFolderTests : IDisposable
{
    private static readonly int[] Ids = [5, 6, 7, 8];
    private readonly TemporaryFolder _folder = new();

    public AdapterFolderTests()
    {
        using var model = TinyRuns.Model();
        PretrainedModel.Save(_folder.In("base"), model);
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_files_are_those_of_PEFT()
    {
        using var model = Save(_folder.In("adapter"), new LoraOptions { Rank = 2, Alpha = 6, TargetModules = [Projection.VProj, Projection.QProj] });
        Assert.Equal(["adapter_config.json", "adapter_model.safetensors", "tokenizer.json", "tokenizer_config.json"],
            Directory.GetFiles(_folder.In("adapter")).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        // The keys and neutral values that PEFT 0.10 writes, sorted, as published adapters have them.
        Assert.Equal($$"""
            {
              "alpha_pattern": {},
              "auto_mapping": null,
              "base_model_name_or_path": "{{_folder.In("base")}}",
              "bias": "none",
              "fan_in_fan_out": false,
              "inference_mode": true,
              "init_lora_weights": true,
              "layer_replication": null,
              "layers_pattern": null,
              "layers_to_transform": null,
              "loftq_config": {},
              "lora_alpha": 6,
              "lora_dropout": 0.0,
              "megatron_config": null,
              "megatron_core": "megatron.core",
              "modules_to_save": null,
              "peft_type": "LORA",
              "r": 2,
              "rank_pattern": {},
              "revision": null,
              "target_modules": [
                "q_proj",
                "v_proj"
              ],
              "task_type": "CAUSAL_LM",
              "use_dora": false,
              "use_rslora": false
            }

            """, File.ReadAllText(_folder.In("adapter", "adapter_config.json")));
        using var file = SafetensorsFile.Open(_folder.In("adapter", "adapter_model.safetensors"));
        Assert.Equal("pt", file.Metadata["format"]);
        Assert.Equal(model.Decoder.Adapters!.Weights.Select(pair => pair.Key).Order(StringComparer.Ordinal), file.Names.Order(StringComparer.Ordinal));
        Assert.All(file.Entries, entry => Assert.Equal(ScalarType.Float32, entry.Type));
    }

    [Fact]
    public void A_folder_loads_with_its_base_in_the_same_bits()
    {
        using var model = Save(_folder.In("adapter"), new LoraOptions { Rank = 3, Alpha = 4.5 });
        using var again = PretrainedModel.Load(new ModelOptions { Path = _folder.In("adapter") });
        Assert.Equal(model.Decoder.Adapters!.Options, again.Decoder.Adapters!.Options);
        Assert.Equal(model.Path, again.Path);
        Assert.Equal(TinyRuns.Session.BitsOf(model.Decoder.Adapters.Weights), TinyRuns.Session.BitsOf(again.Decoder.Adapters.Weights));
        Assert.Equal(TinyRuns.Session.BitsOf(model.Decoder.Weights), TinyRuns.Session.BitsOf(again.Decoder.Weights));
        Assert.Equal(model.Tokenizer.Encode("3,12=15:"), again.Tokenizer.Encode("3,12=15:"));
        using var scope = NewDisposeScope();
        Assert.True(AdaptedModels.Hidden(model.Decoder, Ids).Equals(AdaptedModels.Hidden(again.Decoder, Ids)));
    }

    [Fact]
    public void A_later_PEFT_with_other_words_for_the_same_is_read()
    {
        using (Save(_folder.In("adapter"), new LoraOptions { Rank = 2, Alpha = 6 })) { }
        Change(config =>
        {
            config["base_model_name_or_path"] = "../base";
            config["target_modules"] = "all-linear";
            config["lora_dropout"] = 0.05;
            config["peft_version"] = "0.19.1";
            config["qalora_group_size"] = 16;
            config["init_lora_weights"] = "gaussian";
            foreach (var off in new[] { "use_qalora", "lora_bias", "ensure_weight_tying" }) config[off] = false;
            foreach (var off in new[] { "exclude_modules", "target_parameters", "trainable_token_indices", "use_bdlora" }) config[off] = null;
            config["modules_to_save"] = new JsonArray();
        });
        foreach (var file in Directory.GetFiles(_folder.In("adapter"), "tokenizer*")) File.Delete(file);
        using var model = PretrainedModel.Load(new ModelOptions { Path = _folder.In("adapter") });
        Assert.Equal(new LoraOptions { Rank = 2, Alpha = 6 }, model.Decoder.Adapters!.Options);
        Assert.Equal(142, model.Tokenizer.VocabularySize); // the base's
    }

    [Fact]
    public void BF16_adapters_are_widened_and_a_BF16_base_keeps_them_wide()
    {
        using (var model = Save(_folder.In("adapter"), new LoraOptions { Rank = 2 }))
        {
            using var scope = NewDisposeScope();
            SafetensorsWriter.Write(_folder.In("adapter", "adapter_model.safetensors"),
                [.. model.Decoder.Adapters!.Weights.Select(pair => (pair.Key, pair.Value.to_type(ScalarType.BFloat16)))]);
        }
        using var again = PretrainedModel.Load(new ModelOptions { Path = _folder.In("adapter"), Weights = WeightType.Bfloat16 });
        Assert.Equal(ScalarType.BFloat16, again.Decoder.Head.dtype);
        Assert.All(again.Decoder.Adapters!.Weights, pair => Assert.Equal(ScalarType.Float32, pair.Value.dtype));
    }

    [Fact]
    public void Training_does_not_start_from_adapters()
    {
        using (Save(_folder.In("adapter"), new LoraOptions { Rank = 2 })) { }
        var path = _folder.In("adapter");
        Assert.Equal($"model.path: '{path}' holds adapters, but training starts from a whole model; make one with " +
            $"'flowrl merge {path} --out FOLDER' and give that folder.",
            Assert.Throws<BadInputException>(() => PretrainedModel.LoadForTraining(new ModelOptions { Path = path }, 1, [])).Message);
    }

    [Fact]
    public void A_checkpoint_of_other_adapters_is_not_restored()
    {
        using var model = Save(_folder.In("adapter"), new LoraOptions { Rank = 2, Alpha = 6 });
        using var other = PretrainedModel.LoadForTraining(
            new ModelOptions { Path = _folder.In("base"), Lora = new LoraOptions { Rank = 2, Alpha = 7 } }, 1, []);
        using var whole = PretrainedModel.Load(new ModelOptions { Path = _folder.In("base") });
        foreach (var (folder, into) in new[] { ("adapter", other), ("adapter", whole), ("base", model) })
        {
            Assert.Equal($"{_folder.In(folder)} was saved with another model.lora; go on with the recipe that the run was started with.",
                Assert.Throws<BadInputException>(() => PretrainedModel.Restore(_folder.In(folder), into)).Message);
        }
    }

    private LanguageModel Save(string folder, LoraOptions options)
    {
        var model = PretrainedModel.LoadForTraining(new ModelOptions { Path = _folder.In("base"), Lora = options }, 1, []);
        AdaptedModels.Train(model.Decoder);
        PretrainedModel.Save(folder, model);
        return model;
    }

    private void Change(Action<JsonObject> change)
    {
        var path = _folder.In("adapter", "adapter_config.json");
        var config = (JsonObject)JsonNode.Parse(File.ReadAllText(path))!;
        change(config);
        File.WriteAllText(path, config.ToJsonString());
    }
}
