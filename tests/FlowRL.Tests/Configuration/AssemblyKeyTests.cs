using System.Runtime.Loader;
using System.Text.Json.Nodes;
using FlowRL.Checkpoints;
using FlowRL.Configuration;
using FlowRL.Models;
using FlowRL.Recipes;
using FlowRL.Tasks;
using FlowRL.Tests.Support;

namespace FlowRL.Tests.Configuration;

/// <summary>The key of recipes that names assemblies; and that nothing else names any.</summary>
public sealed class AssemblyKeyTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly string _file;

    static AssemblyKeyTests() => Programs.Allow(); // the refusal is tested in a process of its own: AssemblyCommandTests

    public AssemblyKeyTests() => _file = CompiledAssembly.Write(_folder.In("bin", "mine.dll"), CompiledAssembly.Own);

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("assembly: bin/mine.dll")]
    [InlineData("assembly: [bin/mine.dll]")]
    [InlineData("assembly:\n  - ../NAME/bin/mine.dll")]
    public void Files_are_relative_to_the_recipe_and_kept_whole(string key)
    {
        var name = Path.GetFileName(_folder.Path);
        var recipe = _folder.Write("my.yaml", $"task: own\nobjective: own\n{key.Replace("NAME", name, StringComparison.Ordinal)}\n");
        var written = OptionsWriter.Write(OptionsFile.Load<TrainRecipe>(recipe));
        Assert.StartsWith($"assembly: [\"{_file}\"]\n", written, StringComparison.Ordinal);
        // A run's folder has the recipe, and lies elsewhere.
        Directory.CreateDirectory(_folder.In("run"));
        Assert.Equal(written, OptionsWriter.Write(OptionsFile.Load<TrainRecipe>(_folder.Write("run/recipe.yaml", written))));
    }

    [Fact]
    public void Other_recipes_have_the_key_too()
    {
        Assert.Equal("countdown", OptionsFile.Load<SftRecipe>(_folder.Write("sft.yaml", "assembly: bin/mine.dll\ntask: own\n")).Task!.Create().Name);
        var evaluation = OptionsFile.Parse<EvaluateRecipe>("", "eval", [$"assembly={Path.GetRelativePath(".", _file)}", "task=own"]);
        Assert.Equal("countdown", evaluation.Task.Create().Name);
    }

    [Fact]
    public void What_is_wrong_with_a_file_is_said_with_its_place()
    {
        var recipe = _folder.Write("my.yaml", "task: own\nassembly: bin/other.dll\nobjective: own\n");
        Assert.Equal($"{recipe}:2: assembly: {_folder.In("bin", "other.dll")}: there is no such file; build your project (dotnet build -c Release) and " +
            "give the .dll that it makes.", Refusal<TrainRecipe>(recipe));
        _folder.Write("my.yaml", "task: own\nassembly: {bin: mine.dll}\nobjective: own\n");
        Assert.StartsWith($"{recipe}:1: task: 'own' is not one of 'code', ", Refusal<TrainRecipe>(recipe), StringComparison.Ordinal);
        Assert.Contains($"\n{recipe}:2: assembly: needs a list in square brackets, not keys below it.", Refusal<TrainRecipe>(recipe), StringComparison.Ordinal);
        _folder.Write("my.yaml", "task: own\nassembly:\nobjective: own\n");
        Assert.Contains($"\n{recipe}:2: assembly: has no value; give a list in square brackets, or leave the key out.", Refusal<TrainRecipe>(recipe),
            StringComparison.Ordinal);
    }

    [Fact]
    public void Where_the_program_says_what_there_is_the_key_is_only_kept()
    {
        var recipe = OptionsFile.Parse<TrainRecipe>("task: countdown\nobjective: flowrl\nassembly: /no/such.dll\n", "my.yaml", [], OptionVariants.BuiltIn);
        Assert.Equal(["/no/such.dll"], recipe.Assembly);
    }

    [Fact]
    public void The_schema_takes_a_file_or_a_list()
    {
        var key = OptionsSchema.For<TrainRecipe>()["properties"]!["assembly"]!;
        Assert.Equal(["string", "array"], key["anyOf"]!.AsArray().Select(one => (string)one!["type"]!));
    }

    /// <summary>Whatever a checkpoint, adapters, a downloaded model or a file of problems say, only recipes name assemblies.</summary>
    [Fact]
    public void No_other_file_names_an_assembly()
    {
        using (var model = TinyRuns.Model()) PretrainedModel.Save(_folder.In("model"), model);
        var adapted = new ModelOptions { Path = _folder.In("model"), Lora = new LoraOptions { Rank = 2 } };
        using (var model = PretrainedModel.LoadForTraining(adapted, 1, [])) PretrainedModel.Save(_folder.In("adapter"), model);
        foreach (var file in new[] { "model/config.json", "model/tokenizer_config.json", "adapter/adapter_config.json", "model/generation_config.json" })
        {
            var fields = File.Exists(_folder.In(file)) ? (JsonObject)JsonNode.Parse(File.ReadAllText(_folder.In(file)))! : [];
            fields["assembly"] = _file;
            fields["auto_map"] = new JsonObject { ["AutoModel"] = _file };
            File.WriteAllText(_folder.In(file), fields.ToJsonString());
        }
        _folder.Write("problems.jsonl", $$"""{"assembly": "{{_file}}", "problem": "1 + 1", "answer": "2"}""" + "\n");
        // A recipe in a model's folder is not read either.
        _folder.Write("model/recipe.yaml", $"assembly: {_file}\ntask: own\nobjective: own\n");

        using (var model = PretrainedModel.Load(new ModelOptions { Path = _folder.In("model") })) Assert.NotNull(model.Tokenizer);
        Assert.Contains("adapter_config.json cannot be used: assembly is ", Assert.Throws<BadInputException>(() =>
            PretrainedModel.Load(new ModelOptions { Path = _folder.In("adapter") })).Message, StringComparison.Ordinal);
        var recipe = OptionsFile.Parse<TrainRecipe>("task: math\nobjective: flowrl\n", "my.yaml", [$"task.data.test=['{_folder.In("problems.jsonl")}']"]);
        Assert.Single(recipe.Task.Create().Problems(Split.Test));
        var checkpoint = new CheckpointStore(_folder.In("checkpoints"), 1).Save(3, folder => File.WriteAllText(Path.Combine(folder, "weights"), "3"));
        var record = Path.Combine(checkpoint.Folder, Checkpoint.RecordName);
        File.WriteAllText(record, File.ReadAllText(record).TrimEnd().TrimEnd('}') + $", \"assembly\": \"{_file}\"}}");
        Assert.Contains("The JSON property 'assembly' could not be mapped", Assert.Throws<BadInputException>(() => Checkpoint.Open(checkpoint.Folder)).Message,
            StringComparison.Ordinal);

        Assert.DoesNotContain(AssemblyLoadContext.All.SelectMany(context => context.Assemblies), assembly => !assembly.IsDynamic && assembly.Location == _file);
    }

    private static string Refusal<T>(string recipe) where T : class => Assert.Throws<BadInputException>(() => OptionsFile.Load<T>(recipe)).Message;
}
