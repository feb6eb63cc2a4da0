using System.Globalization;
using System.Text.RegularExpressions;
using FlowRL.Lab.Import.Shell;
using FlowRL.Configuration;

namespace FlowRL.Lab.Import;

/// <summary>
/// The settings that a shell script gives TRL: flags of <c>trl grpo</c>, or of a program that is started by <c>python</c>, <c>accelerate launch</c>,
/// <c>torchrun</c> and the like.
/// </summary>
internal static partial class TrlCommands
{
    /// <summary>Those of the one command that starts a training; false where none does.</summary>
    /// <exception cref="BadInputException">Several do, or what is started is no reinforcement learning.</exception>
    public static bool Read(IReadOnlyList<ShellCommand> commands, string source, Settings settings)
    {
        var starts = commands.Select(command => (Command: command, At: ProgramAt(command))).Where(start => start.At >= 0).ToList();
        if (starts.Count == 0) return false;
        if (starts.Count > 1)
        {
            throw new BadInputException($"{source}: starts the trainer {starts.Count} times, in lines " +
                $"{string.Join(", ", starts.Take(10).Select(one => one.Command.Line))}; keep one of them.");
        }
        var (words, at) = (starts[0].Command.Words, starts[0].At);
        settings.Program = words[at].Text;
        if (Others().IsMatch(settings.Program))
        {
            throw new BadInputException($"{source}:{starts[0].Command.Line}: starts {Setting.OneLine(settings.Program, 80)}, which is no reinforcement " +
                "learning from rewards; trl grpo and trl rloo are read.");
        }
        foreach (var (key, values) in Flags([.. words.Take(at)])) Put(settings, LauncherKey(key), values, source);
        foreach (var (key, values) in Flags([.. words.Skip(at + 1)])) Put(settings, key, values, source);
        Processes(settings, source);
        return true;
    }

    // trl grpo; trl/scripts/grpo.py; or the program of a launcher whose flags are those of the trainer.
    private static int ProgramAt(ShellCommand command)
    {
        var words = command.Words;
        for (var i = 0; i + 1 < words.Count; i++)
            if (Path.GetFileName(words[i].Text) == "trl" && Name().IsMatch(words[i + 1].Text)) return i + 1;
        if (!words.Any(word => OwnFlag().IsMatch(word.Text))) return -1;
        for (var i = 0; i < words.Count; i++)
        {
            var isModule = i > 0 && words[i - 1].Text is "-m" or "--module" && !Launcher().IsMatch(words[i].Text);
            if (isModule || words[i].Text.EndsWith(".py", StringComparison.Ordinal)) return i;
        }
        return -1;
    }

    private static IEnumerable<(string Key, List<ShellWord> Values)> Flags(IReadOnlyList<ShellWord> words)
    {
        for (var i = 0; i < words.Count; i++)
        {
            if (Flag().Match(words[i].Text) is not { Success: true } flag) continue;
            var values = new List<ShellWord>();
            if (flag.Groups[2].Success) values.Add(words[i] with { Text = flag.Groups[2].Value });
            else
            {
                for (; i + 1 < words.Count && !Flag().IsMatch(words[i + 1].Text); i++) values.Add(words[i + 1]);
                if (values.Count == 0) values.Add(new ShellWord("true", words[i].Line));
            }
            yield return (flag.Groups[1].Value.Replace('-', '_'), values);
        }
    }

    private static string LauncherKey(string key) => key is "num_processes" or "nproc_per_node" or "nnodes" or "num_gpus" ? key : $"launcher.{key}";

    private static void Put(Settings settings, string key, List<ShellWord> values, string source)
    {
        if (key.StartsWith("no_", StringComparison.Ordinal) && values is [{ Text: "true" }] && TrlKeys.Table.Find(key) is null)
            (key, values) = (key[3..], [values[0] with { Text = "false" }]);
        if (key == "config")
        {
            settings.Note($"--config {Setting.OneLine(values[0].Text, 80)}: settings of that file are not read; give it too, before the script, and its " +
                "keys are taken where the script gives none.");
        }
        var place = new YamlPlace(source, values[0].Line);
        var nodes = values.Select(value => value.Text is ['{', ..] ? HydraValue.Read(value.Text.Replace("\"", "", StringComparison.Ordinal), place)
            : (YamlNode)HydraValue.Scalar(value.Text, place)).ToList();
        YamlSettings.Put(settings, key, nodes.Count == 1 ? nodes[0] : new YamlNode.Sequence(place, nodes),
            values.FirstOrDefault(value => value.Doubt is not null)?.Doubt, values.Any(value => value.IsOpen));
    }

    /// <summary>The number of devices, which launchers say in their ways.</summary>
    private static void Processes(Settings settings, string source)
    {
        int? Of(string key) => int.TryParse(settings.Find(key)?.Text, NumberStyles.None, CultureInfo.InvariantCulture, out var count) ? count : null;

        var each = Of("nproc_per_node") ?? Of("num_gpus");
        if (each is { } count && settings.Find("num_processes") is null)
        {
            var all = (long)count * (Of("nnodes") ?? 1);
            settings.Put(new Setting("num_processes", new YamlNode.Scalar(new YamlPlace(source, 0), all.ToString(CultureInfo.InvariantCulture), true)));
        }
        foreach (var key in new[] { "nproc_per_node", "nnodes", "num_gpus" })
        {
            if (settings.Find(key) is not { } said) continue;
            settings.Remove(key);
            settings.Put(said with { Key = $"launcher.{key}" });
        }
    }

    [GeneratedRegex("^(grpo|rloo|sft|dpo|kto|reward|ppo|orpo|cpo|gkd|bco|online_dpo|nash_md|xpo|prm)$")]
    private static partial Regex Name();

    [GeneratedRegex("^(sft|dpo|kto|reward|ppo|orpo|cpo|gkd|bco|online_dpo|nash_md|xpo|prm)$|(sft|dpo|kto|orpo)\\.py$")]
    private static partial Regex Others();

    /// <summary>Flags by which a command is known to be one of the trainer's.</summary>
    [GeneratedRegex("^--(num[_-]generations|reward[_-]funcs|max[_-]completion[_-]length|config|model[_-]name[_-]or[_-]path)(=|$)")]
    private static partial Regex OwnFlag();

    /// <summary>Modules that start another one.</summary>
    [GeneratedRegex(@"^(accelerate\.commands|torch\.)")]
    private static partial Regex Launcher();

    // A negative number is a value.
    [GeneratedRegex("^--?([A-Za-z][\\w-]*)(?:=(.*))?$", RegexOptions.Singleline)]
    private static partial Regex Flag();
}
