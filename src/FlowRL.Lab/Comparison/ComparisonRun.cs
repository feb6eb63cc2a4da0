using FlowRL.Checkpoints;
using FlowRL.Configuration;
using FlowRL.Files;
using FlowRL.Recipes;
using FlowRL.Training;

namespace FlowRL.Lab.Comparison;

/// <summary>Runs a comparison; what its folder holds already is not done again.</summary>
public static class ComparisonRun
{
    /// <summary>Trains and tests what is missing, then puts everything together and writes it into the folder.</summary>
    /// <param name="plan">What to run.</param>
    /// <param name="work">Who trains and tests.</param>
    /// <param name="say">Told what is next.</param>
    /// <param name="cancellation">Ends after the current step, saved.</param>
    /// <exception cref="BadInputException">The folder holds runs of another recipe; nothing was started.</exception>
    /// <exception cref="ComparisonInterruptedException">Cancelled.</exception>
    public static async Task<ComparisonReport> RunAsync(
        ComparisonPlan plan, IComparisonWork work, Action<string> say, CancellationToken cancellation)
    {
        var states = plan.All.Select(run => (Run: run, State: StateOf(plan, run))).ToList();
        ClaimRecord.RequireUnchanged(plan);
        if (states.Any(pair => pair.State != RunState.Done)) work.Require(plan);
        Directory.CreateDirectory(plan.Recipe.Folder);
        AtomicFile.ClearLeftovers(plan.Recipe.Folder);
        AtomicFile.Write(plan.RecipeFile, OptionsWriter.Write(plan.Recipe));
        var tests = new RunTests[states.Count];
        await SideBySide.RunAsync(states.Count, work.AtOnce(plan), async (i, stop) =>
        {
            var (run, state) = states[i];
            say($"{i + 1} of {states.Count}: {run.Title}: {Sentence(run, state)}");
            tests[i] = RunTests.Read(run.Folder, plan.Recipe.Tests, say) ?? await DoAsync(plan, run, work, stop);
        }, cancellation);
        var report = ComparisonReport.Of([.. plan.All.Zip(tests)], plan.Recipe);
        AtomicFile.Write(plan.ResultFile, ComparisonJson.Text(report));
        AtomicFile.Write(plan.PageFile, ComparisonPage.Html(report, LearningCurves.Read(plan, say)));
        return report;
    }

    /// <summary>How far a run is.</summary>
    /// <exception cref="BadInputException">The run's folder holds one with another recipe, or something else.</exception>
    public static RunState StateOf(ComparisonPlan plan, PlannedRun run)
    {
        var own = Path.Combine(run.Folder, RunFiles.Recipe);
        if (!File.Exists(own))
        {
            return !Directory.Exists(run.Folder) || !Directory.EnumerateFileSystemEntries(run.Folder).Any() ? RunState.Missing
                : throw new BadInputException($"{run.Folder} holds something else than a run; choose another folder for the comparison.");
        }
        RequireSameRecipe(run, own, plan.Variants ?? OptionVariants.FromFiles(run.Recipe.Assembly));
        return RunTests.Read(run.Folder, plan.Recipe.Tests) is null ? RunState.Begun : RunState.Done;
    }

    /// <summary>A run's state in words.</summary>
    public static string Sentence(PlannedRun run, RunState state) => state switch
    {
        RunState.Missing => run.IsBase ? "to be tested" : "to be trained and tested",
        RunState.Begun => "begun; goes on where it stopped",
        _ => "done",
    };

    private static async Task<RunTests> DoAsync(ComparisonPlan plan, PlannedRun run, IComparisonWork work, CancellationToken cancellation)
    {
        try
        {
            cancellation.ThrowIfCancellationRequested();
            Begin(run);
            return await work.DoAsync(run, plan.Recipe.Tests, cancellation);
        }
        catch (OperationCanceledException e)
        {
            throw new ComparisonInterruptedException(run, (e as RunInterruptedException)?.Step, e);
        }
    }

    // A run that has its recipe can be gone on with, from the first step too.
    private static void Begin(PlannedRun run)
    {
        var own = Path.Combine(run.Folder, RunFiles.Recipe);
        if (File.Exists(own)) return;
        Directory.CreateDirectory(run.Folder);
        AtomicFile.Write(own, OptionsWriter.Write(run.Recipe));
    }

    // Folder, threads and where assemblies lie may change on the way: none decides what is learnt.
    private static void RequireSameRecipe(PlannedRun run, string file, OptionVariants variants)
    {
        var old = OptionsFile.Load<TrainRecipe>(file, variants: variants);
        old = old with { Assembly = run.Recipe.Assembly, Run = old.Run with { Folder = run.Recipe.Run.Folder, Threads = run.Recipe.Run.Threads } };
        var (before, now) = (OptionsWriter.Write(old).Split('\n'), OptionsWriter.Write(run.Recipe).Split('\n'));
        if (before.SequenceEqual(now)) return;
        var place = Enumerable.Range(0, before.Length).First(i => i >= now.Length || before[i] != now[i]);
        throw new BadInputException($"{run.Folder} was begun with another recipe ('{before[place].Trim()}', and now " +
            $"'{now.ElementAtOrDefault(place)?.Trim()}'); choose another folder for the comparison, or delete that run.");
    }
}

/// <summary>How far a run of a comparison is.</summary>
public enum RunState
{
    Missing,

    /// <summary>Training or testing is not complete.</summary>
    Begun,

    /// <summary>Trained and tested.</summary>
    Done,
}
