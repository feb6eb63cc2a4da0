using FlowRL.Lab.Import;
using FlowRL.Tests.Support;

namespace FlowRL.Tests.Lab.Import;

/// <summary>A file of settings is data from elsewhere: nothing of it runs, none of it grows, and damage ends in a sentence.</summary>
public sealed class HostileImportTests
{
    private const string Start = "python3 -m verl.trainer.main_ppo data.train_files=/x.parquet actor_rollout_ref.model.path=/m actor_rollout_ref.rollout.n=4 trainer.total_training_steps=5 ";

    [Theory]
    [InlineData("run.sh", "echo nothing", "no command in it starts verl's trainer (python3 -m verl.trainer.main_ppo key=value ...); a file of settings ends with .yaml.")]
    [InlineData("run.sh", "", "is empty.")]
    [InlineData("run.sh", "a\0b", "is not a text.")]
    [InlineData("run.py", "x = 1", "is a program in Python, which is not read; write its settings as YAML, key by key.")]
    [InlineData("run.sh", Start + "\n" + Start, "starts the trainer 2 times, in lines 1, 2; keep one of them.")]
    [InlineData("run.sh", "python3 -m verl.trainer.fsdp_sft_trainer data.train_files=x", "1: starts verl.trainer.fsdp_sft_trainer, which is no reinforcement learning; recipes of flowrl train are.")]
    [InlineData("run.yaml", "data: [", "2: this is not YAML: While parsing a node, did not find expected node content.")]
    [InlineData("run.yaml", "a: &x {b: 1}\nc: *x", "1: a: anchors (&name) are not read; leave it out.")]
    [InlineData("run.yaml", "- a", "1: a recipe is a list of keys with values, such as 'task: countdown'.")]
    public void What_cannot_be_read_is_bad_input(string name, string text, string problem)
    {
        using var folder = new TemporaryFolder();
        var path = folder.Write(name, text);
        var wrong = Assert.Throws<BadInputException>(() => RecipeImport.Of("verl", [path], "/home"));
        Assert.StartsWith(path, wrong.Message, StringComparison.Ordinal);
        Assert.EndsWith(problem, wrong.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_no_file_or_no_text_is_bad_input()
    {
        using var folder = new TemporaryFolder();
        string Problem(string path) => Assert.Throws<BadInputException>(() => RecipeImport.Of("trl", [path], "/home")).Message[path.Length..];

        Assert.Equal(": is a folder; give a file.", Problem(folder.Path));
        Assert.Equal(": there is no such file.", Problem(folder.In("none.sh")));
        Assert.Equal(": is not a text in UTF-8.", Problem(folder.Write("latin.sh", [0x61, 0xE9, 0x62])));
        Assert.Equal(": is longer than the 1048576 bytes that a script or its settings may have.", Problem(folder.Write("long.sh", new byte[(1 << 20) + 1])));
        Assert.Equal("'other' is not known; there are trl and verl.", Assert.Throws<BadInputException>(() => RecipeImport.Of("other", [], "/home")).Message);
    }

    [Fact]
    public void Nothing_in_a_script_is_run()
    {
        using var folder = new TemporaryFolder();
        var mark = folder.In("mark");
        var path = folder.Write("run.sh", $"touch {mark}\n$(touch {mark})\n`touch {mark}`\nX=$(touch {mark})\n{Start} trainer.experiment_name=$(touch {mark}; echo x) > {mark}\n");
        var report = RecipeImport.Of("verl", [path], "/home");
        Assert.False(File.Exists(mark));
        Assert.Contains("trainer.experiment_name", report.Converted);
    }

    [Fact]
    public void The_environment_stays_where_it_is()
    {
        Environment.SetEnvironmentVariable("FLOWRL_IMPORT_SECRET", "hidden-word");
        var imported = Imported.OfText("verl", "run.sh", $"{Start} trainer.experiment_name=$FLOWRL_IMPORT_SECRET trainer.default_local_dir=${{oc.env:FLOWRL_IMPORT_SECRET}}");
        Assert.DoesNotContain("hidden-word", imported.Report.Recipe, StringComparison.Ordinal);
        Assert.Equal("$FLOWRL_IMPORT_SECRET", imported["run.name"]);
    }

    [Theory]
    [InlineData("trainer.experiment_name=$'x\\nobjective: ppo'")]
    [InlineData("'trainer.experiment_name=\"x\" # y: [z'")]
    [InlineData("trainer.default_local_dir=$'a\\n  b: c'")]
    [InlineData("$'data.train_files=[\"a\\n\", b: c]'")]
    [InlineData("'actor_rollout_ref.actor.optim.lr=1e-6 # {'")]
    [InlineData("trainer.logger=$'\\nobjective: {type: ppo}'")]
    public void Texts_stay_values_and_comments(string word)
    {
        var imported = Imported.OfText("verl", "run.sh", $"{Start} algorithm.adv_estimator=grpo {word}");
        Assert.Equal("grpo", imported["objective.type"]);
        Assert.Equal("4", imported["rollout.group_size"]);
    }

    [Fact]
    public void What_turns_a_terminals_text_around_is_not_repeated()
    {
        var imported = Imported.OfText("verl", "run.sh", $"{Start} trainer.logger=\u202Eevil\u001B[2J trainer.weird\u2066=x");
        var said = imported.Report.Recipe + string.Join('\n', imported.Report.Lines("run.sh"));
        Assert.Contains("evil", said, StringComparison.Ordinal);
        Assert.DoesNotContain(said, c => c is '\u202E' or '\u2066' or '\u001B');
    }

    [Theory]
    [InlineData("its variables grow to more than 65536 characters; no script of a run needs that.")]
    public void Variables_that_double_are_stopped(string problem)
    {
        var doubling = string.Concat(Enumerable.Range(0, 60).Select(_ => "A=$A$A\n"));
        Assert.EndsWith(problem, Refused($"A=abcdefgh\n{doubling}{Start}"), StringComparison.Ordinal);
    }

    [Fact]
    public void Sizes_are_bounded()
    {
        Assert.EndsWith("its variables grow to more than 4194304 characters; no script of a run needs that.",
            Refused($"A={new string('x', 60000)}\n{string.Concat(Enumerable.Repeat("echo $A\n", 80))}{Start}"), StringComparison.Ordinal);
        Assert.EndsWith("has more than 1000 settings; give the file of one run.",
            Refused(Start + string.Concat(Enumerable.Range(0, 1001).Select(i => $" trainer.k{i}=1"))), StringComparison.Ordinal);
        Assert.EndsWith("a command has more than 10000 words.", Refused(string.Concat(Enumerable.Repeat("x ", 10001))), StringComparison.Ordinal);
        Assert.EndsWith("has more than 20000 commands; give the script of one run.", Refused(string.Concat(Enumerable.Repeat("x\n", 20001))), StringComparison.Ordinal);
    }

    /// <summary>As deep as a file allows: every one of these reads in bounded time and stack.</summary>
    [Theory]
    [InlineData("${A:-", "}")]
    [InlineData("$(", ")")]
    [InlineData("$((", "))")]
    [InlineData("[", "]")]
    [InlineData("{a:", "}")]
    [InlineData("\"$(", ")\"")]
    [InlineData("eval \"", "\"")]
    [InlineData("bash -c '", "'")]
    [InlineData("(", "")]
    [InlineData("`", "")]
    public void Depth_is_bounded(string open, string close)
    {
        const int depth = 2000;
        var deep = string.Concat(Enumerable.Repeat(open, depth)) + string.Concat(Enumerable.Repeat(close, depth));
        var imported = Imported.OfText("verl", "run.sh", $"{Start}\nX={deep}\necho {deep}\n");
        Assert.Equal("4", imported["rollout.group_size"]);
        _ = Try(() => Imported.OfText("verl", "run.sh", $"{Start} 'trainer.experiment_name={deep}' trainer.total_epochs={deep}"));
    }

    /// <summary>Examples with a few characters changed: each is a recipe that loads, or bad input with a sentence.</summary>
    [Fact]
    public void Damaged_files_are_recipes_or_bad_input()
    {
        var random = new Random(20);
        const string pieces = "\"'`$(){}[]#\\\n=,:;&|<>~ \0\u202E${}";
        var (recipes, refused) = (0, 0);
        foreach (var example in Imported.Examples)
        {
            var text = File.ReadAllText(Imported.PathOf(example));
            for (var i = 0; i < 12; i++)
            {
                var damaged = text.ToCharArray();
                for (var n = random.Next(1, 4); n > 0; n--) damaged[random.Next(damaged.Length)] = pieces[random.Next(pieces.Length)];
                if (Try(() => Imported.OfText(example.Split('/')[0], Path.GetFileName(example), new string(damaged)))) recipes++;
                else refused++;
            }
        }
        Assert.True(recipes > 100 && refused > 20, $"{recipes} recipes, {refused} refused");
    }

    private static string Refused(string script) => Assert.Throws<BadInputException>(() => Imported.OfText("verl", "run.sh", script)).Message;

    private static bool Try(Action action)
    {
        try
        {
            action();
            return true;
        }
        catch (BadInputException)
        {
            return false;
        }
    }
}
