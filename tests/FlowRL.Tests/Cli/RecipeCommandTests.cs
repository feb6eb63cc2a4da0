using FlowRL.Configuration;
using FlowRL.Recipes;
using FlowRL.Tests.Support;

namespace FlowRL.Tests.Cli;

/// <summary><c>flowrl recipe</c>: the recipe to standard output or a file, what became of each setting to standard error.</summary>
public sealed class RecipeCommandTests : IDisposable
{
    private const string Script = "python3 -m verl.trainer.main_ppo algorithm.adv_estimator=grpo data.train_files=/x.parquet \\\n" +
        "  actor_rollout_ref.model.path=/m actor_rollout_ref.rollout.n=4 actor_rollout_ref.rollout.name=vllm trainer.critic_warmup=2 trainer.total_training_steps=5\n";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_recipe_goes_to_standard_output_and_what_became_of_each_setting_to_standard_error()
    {
        var path = _folder.Write("run.sh", Script);
        var run = await ToolRun.Of("recipe", path, "--from", "verl");

        Assert.Equal(0, run.Code);
        Assert.Equal(5, OptionsFile.Parse<TrainRecipe>(run.Output, "recipe").Training.Steps);
        Assert.Equal($"{path}: 7 settings: 5 converted, 1 without counterpart, 0 refused, 1 not needed; 3 assumptions", run.Error.Split('\n')[0]);
        Assert.Contains("\nno counterpart: trainer.critic_warmup=2: policy and critic learn together from the first step\n", run.Error, StringComparison.Ordinal);
        Assert.Contains("\nnot needed: how a separate engine is served; sampling is in this process, and rollout.slots and rollout.decode are its settings: " +
            "actor_rollout_ref.rollout.name=vllm\n", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_is_there_is_replaced_only_by_force()
    {
        var (path, target) = (_folder.Write("run.sh", Script), _folder.In("mine.yaml"));
        Assert.Equal((0, ""), ((await ToolRun.Of("recipe", path, "--from", "verl", "--out", target)).Code,
            (await ToolRun.Of("recipe", path, "--from", "verl", "--out", target, "--force")).Output));
        Assert.Equal(4, OptionsFile.Load<TrainRecipe>(target).Rollout.GroupSize);

        File.WriteAllText(target, "kept");
        var refused = await ToolRun.Of("recipe", path, "--from", "verl", "--out", target);
        Assert.Equal((2, "", $"--out {target}: is there already; give another path, or replace it with --force.\n"), (refused.Code, refused.Output, refused.Error));
        Assert.Equal("kept", File.ReadAllText(target));
    }

    [Fact]
    public async Task As_json_it_is_one_object()
    {
        var run = await ToolRun.Of("recipe", _folder.Write("run.sh", Script), "--from", "verl", "--json");
        Assert.Equal(7, (int)run.Json["settings"]!);
        Assert.Equal(5, run.Json["converted"]!.AsArray().Count);
        Assert.StartsWith("# Made by: flowrl recipe run.sh --from verl\n", (string)run.Json["recipe"]!, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("recipe --from verl", "<file> is missing. Give YAML, or a shell script that starts a training.\n")]
    [InlineData("recipe run.sh", "Option '--from' is required.\nSee: flowrl recipe --help\n")]
    [InlineData("recipe run.sh --from other", "Argument 'other' not recognized. Must be one of:\n\t'trl'\n\t'verl'\nSee: flowrl recipe --help\n")]
    [InlineData("recipe none.sh --from verl", "none.sh: there is no such file.\n")]
    public async Task A_wrong_command_line_is_bad_input(string line, string message)
    {
        var run = await ToolRun.Of(line.Split(' '));
        Assert.Equal((2, "", message), (run.Code, run.Output, run.Error));
    }

    [Fact]
    public async Task The_table_of_keys_is_printed_without_a_file()
    {
        var run = await ToolRun.Of("recipe", "--from", "trl", "--keys");
        Assert.Equal(0, run.Code);
        Assert.StartsWith("| TRL | FlowRL | |\n|---|---|---|\n| `dataset_name` | `task.data.train` | ", run.Output, StringComparison.Ordinal);
    }
}
