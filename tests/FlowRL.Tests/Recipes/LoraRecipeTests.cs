using FlowRL.Configuration;
using FlowRL.Models;
using FlowRL.Recipes;

namespace FlowRL.Tests.Recipes;

public sealed class LoraRecipeTests
{
    private const string Train = "task: countdown\nobjective: flowrl\nmodel: {lora: ";

    [Fact]
    public void Adapters_are_off_unless_asked_for_and_then_on_every_matrix()
    {
        var off = OptionsFile.Parse<TrainRecipe>("task: countdown\nobjective: flowrl", "r.yaml", []).Model.Lora;
        Assert.False(off.IsOn);
        var on = OptionsFile.Parse<TrainRecipe>("task: countdown\nobjective: flowrl", "r.yaml", ["model.lora.rank=8"]).Model.Lora;
        Assert.Equal((true, 8, 32.0), (on.IsOn, on.Rank, on.Alpha));
        Assert.Equal(["q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"], on.ModuleNames);
    }

    [Fact]
    public void A_written_recipe_reads_back_equal()
    {
        var recipe = OptionsFile.Parse<TrainRecipe>(Train + "{rank: 4, alpha: 0.5, target_modules: [v_proj, q_proj]}}", "r.yaml", []);
        Assert.Equal(new LoraOptions { Rank = 4, Alpha = 0.5, TargetModules = [Projection.QProj, Projection.VProj] }, recipe.Model.Lora);
        Assert.Equal(recipe.Model.Lora, OptionsFile.Parse<TrainRecipe>(OptionsWriter.Write(recipe), "r.yaml", []).Model.Lora);
        Assert.NotEqual(recipe.Model.Lora, recipe.Model.Lora with { TargetModules = [Projection.QProj] });
    }

    [Theory]
    [InlineData("{target_modules: [q_prj]}", "model.lora.target_modules[0]: 'q_prj' is not one of 'q_proj', 'k_proj', 'v_proj', 'o_proj', " +
        "'gate_proj', 'up_proj', 'down_proj', 'qkv_proj', 'gate_up_proj', 'input_linear', 'output_linear', 'out_proj', 'in_proj', 'w1', 'w2', 'w3'; " +
        "did you mean 'q_proj'?")]
    [InlineData("{rank: -1}", "model.lora.rank: -1 is out of range; use a number from 0 to 65536.")]
    [InlineData("{rank: 2, alpha: 0}", "model.lora.alpha: 0 is out of range; use a number from 1.0e-06 to 1000000.")]
    [InlineData("{rank: 2, target_modules: []}", "model.lora.target_modules: names no matrix; name at least one, or set rank to 0.")]
    [InlineData("{rank: 2, target_modules: [q_proj, q_proj]}", "model.lora.target_modules: 'q_proj' stands there twice; name each matrix once.")]
    [InlineData("{bias: all}", "model.lora.bias: no such key; the keys here are 'rank', 'alpha', 'rank_stabilized', 'dropout', 'target_modules'.")]
    [InlineData("{dropout: 1}", "model.lora.dropout: 1 is out of range; use a number from 0 to 0.9.")]
    public void What_is_wrong_is_said(string lora, string message) => Assert.Equal($"r.yaml:3: {message}",
        Assert.Throws<BadInputException>(() => OptionsFile.Parse<TrainRecipe>(Train + lora + "}", "r.yaml", [])).Message);

    [Fact]
    public void Evaluation_and_sampling_train_nothing()
    {
        const string message = "--set model.lora.rank: nothing is trained here; to use adapters that were trained, give their folder as model.path.";
        Assert.Equal(message, Assert.Throws<BadInputException>(() =>
            OptionsFile.Parse<EvaluateRecipe>("", "eval", ["task=countdown", "model.lora.rank=2"])).Message);
        Assert.Equal(message, Assert.Throws<BadInputException>(() =>
            OptionsFile.Parse<SampleRecipe>("", "sample", ["prompt=x", "model.lora.rank=2"])).Message);
    }

    [Fact]
    public void A_created_model_is_trained_whole() => Assert.Equal(
        "--set model.lora.rank: a model that is created has no weights on disk to adapt; set rank to 0, or leave out create and give path.",
        Assert.Throws<BadInputException>(() =>
            OptionsFile.Parse<SftRecipe>("task: countdown\nmodel: { create: {} }", "r.yaml", ["model.lora.rank=2"])).Message);
}
