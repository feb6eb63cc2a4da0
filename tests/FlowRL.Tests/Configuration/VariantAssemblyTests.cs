using System.Runtime.Loader;
using FlowRL.Configuration;
using FlowRL.Objectives;
using FlowRL.Recipes;
using FlowRL.Tests.Support;

namespace FlowRL.Tests.Configuration;

/// <summary>Assemblies of users: what they define, what they need, what is wrong with them.</summary>
public sealed class VariantAssemblyTests : IDisposable
{
    private static readonly string Version = typeof(OptionVariants).Assembly.GetName().Version!.ToString(3);
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Their_variants_stand_beside_the_built_in_ones()
    {
        var variants = OptionVariants.FromFiles(CompiledAssembly.Write(_folder.In("mine.dll"), CompiledAssembly.Own));
        var objectives = variants.Of(typeof(ObjectiveOptions));
        Assert.Equal("Mine.OwnObjective", objectives["own"].FullName);
        Assert.Equal(OptionVariants.BuiltIn.Of(typeof(ObjectiveOptions)).Keys.Append("own").Order(StringComparer.Ordinal), objectives.Keys);
        var recipe = OptionsFile.Parse<TrainRecipe>("task: own\nobjective: {type: own, level: 0.25}\nreward: {parts: {p: own}}\n", "my.yaml", [], variants);
        Assert.Contains("objective:\n  type: own\n  level: 0.25\n", OptionsWriter.Write(recipe), StringComparison.Ordinal);
        Assert.Equal("rejection_sampling", recipe.Objective.Create().Name);
        Assert.Equal("countdown", recipe.Task.Create().Name);
        Assert.Equal("my.yaml:2: objective: 'owm' is not one of " + string.Join(", ", objectives.Keys.Select(name => $"'{name}'")) + "; did you mean 'own'?",
            Refusal(() => OptionsFile.Parse<TrainRecipe>("task: own\nobjective: owm\n", "my.yaml", [], variants)));
    }

    [Fact]
    public void A_file_is_loaded_once()
    {
        var file = CompiledAssembly.Write(_folder.In("once.dll"), CompiledAssembly.Own);
        Assert.Same(OptionVariants.FromFiles(file).Of(typeof(ObjectiveOptions))["own"],
            OptionVariants.FromFiles(Path.GetRelativePath(".", file), file).Of(typeof(ObjectiveOptions))["own"]);
    }

    [Fact]
    public void What_they_need_is_found_beside_them()
    {
        var needed = CompiledAssembly.Write(_folder.In("needed.dll"), "namespace Needed; public static class Level { public static double Of() => 0.125; }");
        var file = CompiledAssembly.Write(
            _folder.In("needing.dll"), CompiledAssembly.Own.Replace("= 0.5;", "= Needed.Level.Of();", StringComparison.Ordinal), needed);
        var recipe = OptionsFile.Parse<TrainRecipe>("task: countdown\nobjective: own\n", "my.yaml", [], OptionVariants.FromFiles(file));
        Assert.Contains("  level: 0.125\n", OptionsWriter.Write(recipe), StringComparison.Ordinal);

        var alone = _folder.In("alone", "needing.dll");
        Directory.CreateDirectory(_folder.In("alone"));
        File.Copy(file, alone);
        Assert.Equal($"{alone}: needs needed 0.0.0.0, which is not beside it; put <EnableDynamicLoading>true</EnableDynamicLoading> into its project, so " +
            "that the build copies what it needs.", Refusal(() => OptionVariants.FromFiles(alone)));
        File.Copy(needed, _folder.In("alone", "needed.dll")); // mended
        Assert.True(OptionVariants.FromFiles(alone).Of(typeof(ObjectiveOptions)).ContainsKey("own"));
    }

    [Fact]
    public void Copies_of_FlowRL_beside_them_are_not_used()
    {
        var file = CompiledAssembly.Write(_folder.In("copied", "mine.dll"), CompiledAssembly.Own);
        foreach (var name in new[] { "FlowRL.dll", "TorchSharp.dll" }) File.Copy(Path.Combine(AppContext.BaseDirectory, name), _folder.In("copied", name));
        Assert.True(OptionVariants.FromFiles(file).Of(typeof(ObjectiveOptions)).ContainsKey("own"));
        Assert.DoesNotContain(AssemblyLoadContext.All.SelectMany(context => context.Assemblies),
            assembly => !assembly.IsDynamic && assembly.Location.StartsWith(_folder.In("copied") + "/", StringComparison.Ordinal) && assembly.Location != file);
        Assert.Equal($"{_folder.In("copied", "FlowRL.dll")}: is a part of FlowRL, which has it already; give the .dll of your own project.",
            Refusal(() => OptionVariants.FromFiles(_folder.In("copied", "FlowRL.dll"))));
    }

    [Fact]
    public void Files_that_are_no_assembly_are_refused()
    {
        Assert.Equal($"{_folder.In("no.dll")}: there is no such file; build your project (dotnet build -c Release) and give the .dll that it makes.",
            Refusal(() => OptionVariants.FromFiles(_folder.In("no.dll"))));
        Assert.Equal($"{_folder.Path}: is a folder; give the .dll in it.", Refusal(() => OptionVariants.FromFiles(_folder.Path)));
        var whole = File.ReadAllBytes(CompiledAssembly.Write(_folder.In("whole.dll"), CompiledAssembly.Own));
        byte[][] damaged = [[], "<Project/>"u8.ToArray(), whole[..100], whole[..(whole.Length / 2)], whole[..^1024]];
        foreach (var (i, bytes) in damaged.Index())
        {
            var file = _folder.Write($"damaged-{i}.dll", bytes);
            Assert.Equal($"{file}: is no .NET assembly, or a damaged one; give the .dll that building your project makes.",
                Refusal(() => OptionVariants.FromFiles(file)));
        }
    }

    [Fact]
    public void Assemblies_without_variants_are_refused()
    {
        var strange = CompiledAssembly.Write(_folder.In("strange.dll"), "public static class Nothing;");
        Assert.Equal($"{strange}: defines nothing that a recipe can name, because it does not use FlowRL; give the .dll of the project that does.",
            Refusal(() => OptionVariants.FromFiles(strange)));
        var plain = CompiledAssembly.Write(_folder.In("plain.dll"), CompiledAssembly.Own.Replace("[Variant(\"own\")]", "", StringComparison.Ordinal));
        Assert.Equal($"{plain}: defines nothing that a recipe can name; put [Variant(\"name\")] on an options record, such as one that derives from " +
            "TaskOptions or ObjectiveOptions.", Refusal(() => OptionVariants.FromFiles(plain)));
    }

    [Theory]
    [InlineData("1.0.0.0", "FlowRL 1.0.0, which is newer than this one")]
    [InlineData("0.0.1.0", "another FlowRL than this one, which has no FlowRL.Tasks.Extra, FlowRL.Tasks.TaskOptions.Gone")]
    public void Assemblies_of_another_FlowRL_are_refused(string version, string found)
    {
        var other = CompiledAssembly.Write(_folder.In("other", "FlowRL.dll"), $$"""
            [assembly: System.Reflection.AssemblyVersion("{{version}}")]
            namespace FlowRL.Configuration
            {
                public sealed class VariantAttribute(string name) : System.Attribute { public string Name => name; }
            }
            namespace FlowRL.Tasks
            {
                public interface ITask;
                public static class Extra;
                public abstract record TaskOptions
                {
                    public abstract ITask Create();
                    public void Gone() { }
                }
            }
            """);
        var file = CompiledAssembly.Write(_folder.In("mine.dll"), """
            using FlowRL.Configuration;
            using FlowRL.Tasks;
            [Variant("own")]
            public sealed record OwnTask : TaskOptions
            {
                public System.Type Type => typeof(Extra);
                public override ITask Create() { Gone(); return null!; }
            }
            """, other);
        Assert.Equal($"{file}: was built against {found}; build it again against FlowRL {Version}.", Refusal(() => OptionVariants.FromFiles(file)));
    }

    [Fact]
    public void What_this_FlowRL_asks_of_a_task_must_be_there()
    {
        var other = CompiledAssembly.Write(_folder.In("other", "FlowRL.dll"), """
            namespace FlowRL.Configuration { public sealed class VariantAttribute(string name) : System.Attribute { public string Name => name; } }
            namespace FlowRL.Tasks { public abstract record TaskOptions; }
            """);
        var file = CompiledAssembly.Write(_folder.In("mine.dll"), """
            [FlowRL.Configuration.Variant("own")]
            public sealed record OwnTask : FlowRL.Tasks.TaskOptions;
            """, other);
        Assert.Equal($"{file}: was built against another FlowRL than this one (Method 'Create' in type 'OwnTask' from assembly 'mine, Version=0.0.0.0, " +
            $"Culture=neutral, PublicKeyToken=null' does not have an implementation); build it again against FlowRL {Version}.",
            Refusal(() => OptionVariants.FromFiles(file)));
    }

    [Fact]
    public void Two_variants_of_one_name_are_refused()
    {
        var first = CompiledAssembly.Write(_folder.In("first.dll"), CompiledAssembly.Own);
        var second = CompiledAssembly.Write(_folder.In("second.dll"), CompiledAssembly.Own);
        Assert.Equal($"Mine.OwnObjective in {first} and Mine.OwnObjective in {second} are both the variant 'own' of ObjectiveOptions; give yours another " +
            "name in [Variant(\"...\")].", Refusal(() => OptionVariants.FromFiles(first, second)));
        var grpo = CompiledAssembly.Write(_folder.In("grpo.dll"), CompiledAssembly.Own.Replace("(\"own\")", "(\"grpo\")", StringComparison.Ordinal));
        Assert.Equal($"FlowRL.Objectives.PolicyGradient.GrpoOptions in {typeof(OptionVariants).Assembly.Location} and Mine.OwnObjective in {grpo} are both " +
            "the variant 'grpo' of ObjectiveOptions; give yours another name in [Variant(\"...\")].", Refusal(() => OptionVariants.FromFiles(grpo)));
    }

    [Fact]
    public void Records_that_a_recipe_cannot_hold_are_refused()
    {
        var positional = CompiledAssembly.Write(_folder.In("positional.dll"),
            CompiledAssembly.Own.Replace("record OwnTask :", "record OwnTask(int Count) :", StringComparison.Ordinal));
        Assert.Equal($"Mine.OwnTask in {positional} has no constructor without parameters; make its keys properties with get and init.",
            Refusal(() => OptionVariants.FromFiles(positional)));
        var dated = CompiledAssembly.Write(_folder.In("dated.dll"), CompiledAssembly.Own.Replace("public double Level { get; init; } = 0.5;",
            "public double Level { get; init; } public System.TimeSpan Time { get; init; }", StringComparison.Ordinal));
        Assert.Equal($"Mine.OwnObjective in {dated} has a key without a notation. A recipe cannot hold System.TimeSpan: use numbers, text, enums, " +
            "IReadOnlyList, IReadOnlyDictionary by name, OptionsPatch or records with settable properties.", Refusal(() => OptionVariants.FromFiles(dated)));
    }

    private static string Refusal(Action action) => Assert.Throws<BadInputException>(action).Message;
}
