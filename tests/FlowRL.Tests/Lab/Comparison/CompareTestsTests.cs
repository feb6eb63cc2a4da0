using System.Text.Json.Nodes;
using FlowRL.Lab.Comparison;
using FlowRL.Tests.Support;

namespace FlowRL.Tests.Lab.Comparison;

/// <summary>Tests of a comparison's runs beside its own: harder problems, or others than were trained on.</summary>
public sealed class CompareTestsTests : IDisposable
{
    private const string Further = "further:\n  larger: {task: {type: countdown, min_target: 13, max_target: 24}, problems: 2, samples: 4, k: [1, 2], " +
        "fronts: {temperatures: [0.5, 1]}}\n  few: {problems: 2, samples: 4, k: [1]}\n";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_run_is_done_once_every_test_has_its_file_and_another_task_asks_again()
    {
        var plan = Comparisons.Plan(_folder.In("out"), more: Further);
        var run = plan.Runs[0];
        Assert.Equal(["tested", "further-larger-tested", "further-larger-front-t0.5", "further-larger-front-t1", "further-larger-front-t0.6-p0.95", "further-few-tested"],
            plan.Recipe.Tests.Asked().Select(asked => asked.Name));
        Directory.CreateDirectory(run.Folder);
        await new Comparisons.Work().DoAsync(run, plan.Recipe.Tests, CancellationToken.None);

        var read = RunTests.Read(run.Folder, plan.Recipe.Tests)!;
        Assert.Equal(["larger", "few"], read.Further.Keys);
        Assert.Equal((3, 0, 0), (read.Further["larger"].Front.Count, read.Further["few"].Front.Count, read.Front.Count));
        Assert.Contains("max_target: 24", read.Further["larger"].Best.Task, StringComparison.Ordinal);
        Assert.Null(read.Best.Task);
        var others = Comparisons.Plan(_folder.In("out"), more: Further.Replace("24", "50", StringComparison.Ordinal)).Recipe.Tests;
        Assert.Null(RunTests.Read(run.Folder, others));
        File.Delete(Path.Combine(run.Folder, "further-few-tested.json"));
        Assert.Null(RunTests.Read(run.Folder, plan.Recipe.Tests));
    }

    [Fact]
    public void The_result_has_a_report_of_each_and_the_base_model_is_tested_for_their_fronts()
    {
        var plan = Comparisons.Plan(_folder.In("out"), more: Further);
        Assert.NotNull(plan.Base);
        var report = Comparisons.Report(plan);
        var json = JsonNode.Parse(ComparisonJson.Text(report))!;
        Assert.Null(json["fronts"]);
        Assert.Equal(["larger", "few"], json["further"]!.AsObject().Select(pair => pair.Key));
        Assert.Equal(["a", "b", "base"], json["further"]!["larger"]!["fronts"]!.AsObject().Select(pair => pair.Key));
        Assert.Null(json["further"]!["few"]!["fronts"]);
        Assert.Contains("<h2>larger</h2>", ComparisonPage.Html(report, LearningCurves.Read(plan)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("further:\n  a b: {problems: 2}\n", "further.a b: names files too; use letters, digits, dashes and underscores.")]
    [InlineData("further:\n  x: {samples: 64, fronts: {matched: [c]}}\n", "further.x.fronts.matched: 'c' is none of the objectives (a, b).")]
    [InlineData("further:\n  x: {samples: 2}\n", "further.x.k: pass@4 cannot be estimated from 2 samples; use numbers from 1 to 2.")]
    public void Wrong_ones_are_refused(string more, string message) =>
        Assert.Contains(message, Assert.Throws<BadInputException>(() => Comparisons.Recipe(_folder.In("out"), more: more)).Message, StringComparison.Ordinal);
}
