using System.Text.RegularExpressions;
using FlowRL.Lab.Import.Shell;
using FlowRL.Configuration;

namespace FlowRL.Lab.Import;

/// <summary>The settings that a shell script gives verl: words such as <c>data.train_batch_size=512</c>, <c>+a.b=c</c> and <c>~a.b</c>.</summary>
internal static partial class VerlCommands
{
    /// <summary>Those of the one command that starts a training; false where none does.</summary>
    /// <exception cref="BadInputException">Several do, or what is started is no reinforcement learning.</exception>
    public static bool Read(IReadOnlyList<ShellCommand> commands, string source, Settings settings)
    {
        var starts = commands.Where(command => command.Words.Any(word => Override().IsMatch(word.Text))).ToList();
        var trainings = starts.Where(command => !Other().IsMatch(Program(command))).ToList();
        if (trainings.Count == 0)
        {
            return starts.Count == 0 ? false : throw new BadInputException(
                $"{source}:{starts[0].Line}: starts {Setting.OneLine(Program(starts[0]), 80)}, which is no reinforcement learning; recipes of flowrl " +
                "train are.");
        }
        if (trainings.Count > 1)
        {
            throw new BadInputException($"{source}: starts the trainer {trainings.Count} times, in lines " +
                $"{string.Join(", ", trainings.Take(10).Select(one => one.Line))}; keep one of them.");
        }
        settings.Program = Program(trainings[0]);
        foreach (var word in trainings[0].Words.SkipWhile(word => word.Text != settings.Program && !Override().IsMatch(word.Text))) Put(word, source, settings);
        return true;
    }

    // The last word before the settings that is no option: a module or a file.
    private static string Program(ShellCommand command) => command.Words.TakeWhile(word => !Override().IsMatch(word.Text))
        .LastOrDefault(word => !word.Text.StartsWith('-') && !word.Text.Contains('=', StringComparison.Ordinal))?.Text ?? "";

    private static void Put(ShellWord word, string source, Settings settings)
    {
        var place = new YamlPlace(source, word.Line);
        if (word.Text.StartsWith("--config", StringComparison.Ordinal))
        {
            settings.Note($"{Setting.OneLine(word.Text, 80)}: settings of that file are not read; give it too, before the script, and its keys are taken " +
                "where the script gives none.");
        }
        else if (Override().Match(word.Text) is { Success: true } found)
        {
            var key = found.Groups["key"].Value;
            if (found.Groups["sign"].Value == "~") settings.Remove(key);
            else YamlSettings.Put(settings, key, HydraValue.Read(word.Text[found.Length..], place), word.Doubt, word.IsOpen);
        }
        else if (word.Text != settings.Program && word.Text.Contains('=', StringComparison.Ordinal) && !word.Text.StartsWith('-'))
        {
            var parts = word.Text.Split('=', 2);
            settings.Put(new Setting($"script.{parts[0]}", new YamlNode.Scalar(place, parts[1], true)));
        }
    }

    [GeneratedRegex(@"^(?<sign>\+\+|\+|~)?(?<key>(data|actor_rollout_ref|critic|reward_model|reward_manager|reward|algorithm|trainer|custom_reward_function" +
        @"|global_profiler|ray_kwargs|ray_init|transfer_queue|async_training|rollout|hydra)(\.[\w@]+)+)(=|$)", RegexOptions.ExplicitCapture)]
    private static partial Regex Override();

    /// <summary>Programs of verl's that train without rewards, or do not train.</summary>
    [GeneratedRegex(@"sft|main_gen|main_eval|merger|diagnose|dpo|rm_trainer")]
    private static partial Regex Other();
}
