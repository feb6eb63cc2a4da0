using System.Text.Json.Nodes;
using System.Xml.Linq;
using FlowRL.Evaluation;
using FlowRL.Lab.Comparison;
using FlowRL.Tests.Support;

namespace FlowRL.Tests.Lab.Comparison;

public sealed class ComparisonReportTests
{
    private static readonly ComparisonReport Report = Comparisons.Report(Comparisons.Plan("out"));

    // By hand, a: accuracy by seed is (2/4 + 0)/2 = 1/4 and (4/4 + 0)/2 = 1/2: mean 3/8, standard error |1/2 − 1/4|/2 = 1/8.
    // pass@2 of 2 in 4 is 1 − C(2,2)/C(4,2) = 5/6, so by seed 5/12 and 1/2. b: pass@1 1 and 1/4; pass@2 1 and 1 − C(3,2)/6 = 1/2.
    [Fact]
    public void Means_and_standard_errors_are_those_by_hand()
    {
        var (a, b) = (Report.Objectives["a"], Report.Objectives["b"]);
        Assert.Equal(0.375, a.Mean.Accuracy!.Value, 1e-12);
        Assert.Equal(0.125, a.StandardError.Accuracy!.Value, 1e-12);
        Assert.Equal((5 / 12.0 + 1 / 2.0) / 2, a.Mean.PassAtK[2]!.Value, 1e-12);
        Assert.Equal((1 / 2.0 - 5 / 12.0) / 2, a.StandardError.PassAtK[2]!.Value, 1e-12);
        Assert.Equal((150.0, 50.0), (a.Mean.Seconds, a.StandardError.Seconds));
        Assert.Equal((0.625, 0.75), (b.Mean.Accuracy!.Value, b.Mean.PassAtK[2]!.Value));
        Assert.Equal(0, b.StandardError.Accuracy);
    }

    // In 2 of 4 samples, a solution that 2 gave is seen with probability 5/6, one that 1 gave with 1/2.
    [Fact]
    public void Different_solutions_are_those_expected_in_the_largest_k()
    {
        var b = Report.Objectives["b"].Mean;
        Assert.Equal((2 * 5 / 6.0 + 1 / 2.0) / 2, b.DistinctCorrect!.Value, 1e-12);
        Assert.Equal((2 * 5 / 6.0 / 2 + 1 / 2.0 / 4) / 2, b.Coverage!.Value, 1e-12);
    }

    // Differences by problem: accuracy 1 − 3/4 and 1/4 − 0. Both are 1/4, so every resample's mean is too.
    [Fact]
    public void Differences_are_paired_by_problem()
    {
        var difference = Report.Objectives["b"].Difference!;
        Assert.Null(Report.Objectives["a"].Difference);
        Assert.Equal(new Estimate(0.25, 0.25, 0.25), difference.Accuracy);
        // pass@2: 1 − (5/6 + 1)/2 = 1/12 and 1/2; of two problems each resample holds both, or one of them twice with probability 1/4 each.
        Assert.Equal(7 / 24.0, difference.PassAtK[2].Value, 1e-12);
        Assert.Equal(1 / 12.0, difference.PassAtK[2].Low, 1e-12);
        Assert.Equal(0.5, difference.PassAtK[2].High, 1e-12);
    }

    // Accuracy by seed is 5/8 − 1/4 and 5/8 − 1/2: 3/8 and 1/8, mean 1/4, standard error 1/8, and 12.7062 of them with one degree of freedom.
    [Fact]
    public void Differences_over_seeds_are_paired_by_seed()
    {
        var seeds = Report.Objectives["b"].Difference!.OverSeeds!;
        Assert.Equal(0.25, seeds.Accuracy.Value, 1e-12);
        Assert.Equal(0.25 - 12.7062 / 8, seeds.Accuracy.Low, 1e-5);
        Assert.Equal(0.25 + 12.7062 / 8, seeds.Accuracy.High, 1e-5);
        Assert.Equal(3 / 4.0 - (5 / 12.0 + 1 / 2.0) / 2, seeds.PassAtK[2].Value, 1e-12);
        Assert.Equal(["minus a, over seeds", "accuracy", "pass@2", "distinct of 2", "coverage"], ComparisonText.SeedDifferences(Report)[0]);
        Assert.Equal("+25.0 (-133.8 to +183.8)", ComparisonText.SeedDifferences(Report)[1][1]);
        var one = Comparisons.Report(Comparisons.Plan(Comparisons.Recipe("out") with { Seeds = [5] }));
        Assert.Null(one.Objectives["b"].Difference!.OverSeeds);
        Assert.Empty(ComparisonText.SeedDifferences(one));
    }

    [Fact]
    public void One_seed_has_no_standard_error()
    {
        var plan = Comparisons.Plan(Comparisons.Recipe("out") with { Seeds = [5] });
        Assert.Null(Comparisons.Report(plan).Objectives["a"].StandardError.Accuracy);
        Assert.Contains("37.5", ComparisonText.Means(Report)[1][1], StringComparison.Ordinal);
    }

    [Fact]
    public void One_problem_gives_a_difference_without_an_interval()
    {
        var plan = Comparisons.Plan("out");
        var report = ComparisonReport.Of([.. plan.Runs.Select(run => (run,
            new RunTests(Comparisons.Tested(run, plan.Recipe.Evaluation) is var tested ? tested with { Problems = [tested.Problems[0]] } : tested, [])))], plan.Recipe);
        Assert.Equal("+25.0", ComparisonText.Differences(report)[1][1]);
    }

    // KL 0.5 and 0.25 at the tested step 20, 0.75 both at the end: means 0.375 and 0.75.
    [Fact]
    public void Exact_distances_come_from_the_tested_step_and_the_last()
    {
        using var folder = new TemporaryFolder();
        var plan = Comparisons.Plan(folder.Path);
        foreach (var run in plan.Runs)
        {
            Directory.CreateDirectory(run.Folder);
            File.WriteAllLines(Path.Combine(run.Folder, "metrics.jsonl"), [
                $$"""{"step":20,"seconds":1,"exact_kl":{{(run.Seed == 1 ? "0.5" : "0.25")}},"exact_modes":2}""",
                """{"step":21,"seconds":1,"loss":1}""",
                """{"step":30,"seconds":1,"exact_kl":0.75,"exact_modes":1}"""]);
        }
        var report = Comparisons.Report(plan);
        Assert.Equal(["a", "0.3750 ± 0.1250", "-", "-", "2.0 ± 0.0", "-", "0.7500 ± 0.0000", "1.0 ± 0.0"], ComparisonText.Exact(report)[1]);
        Assert.Equal(0.375, JsonNode.Parse(ComparisonJson.Text(report))!["objectives"]!["a"]!["mean"]!["exact"]!["kl"]!.GetValue<double>(), 1e-12);
        Assert.Empty(ComparisonText.Exact(Report));
        Assert.DoesNotContain("exact", ComparisonJson.Text(Report), StringComparison.Ordinal);
    }

    [Fact]
    public void The_tables_read_as_people_say_it()
    {
        Assert.Equal(["a", "37.5 ± 12.5", "45.8 ± 4.2", "0.46 ± 0.04", "22.9 ± 2.1", "0.250 ± 0.000", "0.500 ± 0.000", "150 ± 50"], ComparisonText.Means(Report)[1]);
        Assert.Equal(["minus a", "accuracy", "pass@2", "distinct of 2", "coverage"], ComparisonText.Differences(Report)[0]);
        Assert.Equal("+25.0 (+25.0 to +25.0)", ComparisonText.Differences(Report)[1][1]);
    }

    [Fact]
    public void The_file_has_its_layout()
    {
        var json = JsonNode.Parse(ComparisonJson.Text(Report))!;
        Assert.Equal(["first", "problems", "samples", "temperature", "objectives", "split"], Keys(json));
        Assert.Equal(["a", "b"], Keys(json["objectives"]!));
        var a = json["objectives"]!["a"]!;
        Assert.Equal(["seeds", "mean", "stderr", "difference"], Keys(a));
        string[] numbers = ["accuracy", "pass_at_k", "distinct_correct", "coverage", "entropy", "reward", "seconds"];
        Assert.Equal(["seed", "run", "best_step", "best_by", .. numbers], Keys(a["seeds"]![0]!));
        Assert.Equal(numbers, Keys(a["mean"]!));
        Assert.Equal(numbers, Keys(a["stderr"]!));
        Assert.Equal("""{"value":0.25,"low":0.25,"high":0.25}""", json["objectives"]!["b"]!["difference"]!["accuracy"]!.ToJsonString());
        Assert.Equal("""[1,"a/seed-1",20,0.25]""",
            new JsonArray([.. new[] { "seed", "run", "best_step", "accuracy" }.Select(key => a["seeds"]![0]![key]!.DeepClone())]).ToJsonString());
    }

    [Fact]
    public void The_page_stands_alone()
    {
        IReadOnlyList<(double, double)> curve = [(20, 0.4), (40, 0.5), (60, 0.45)];
        var curves = new Dictionary<string, IReadOnlyList<(double, double)>> { ["a"] = curve, ["b"] = curve };
        var html = ComparisonPage.Html(Report, new LearningCurves(curves, curves));
        var page = XDocument.Parse(html.Replace("<!DOCTYPE html>\n", "", StringComparison.Ordinal));
        var svg = XName.Get("svg", "http://www.w3.org/2000/svg");
        var picture = Assert.Single(page.Descendants(svg));
        Assert.Equal(6, picture.Elements(svg.Namespace + "polyline").Count()); // two objectives: pass@k, validation, entropy
        Assert.Equal(3, picture.Elements(svg.Namespace + "rect").Count()); // the ground and two bars
        Assert.Equal(3, page.Descendants("table").Count()); // means, differences over problems and over seeds
        Assert.DoesNotContain("http", html.Replace(svg.NamespaceName, "", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.DoesNotContain(page.Descendants(), e =>
            e.Name.LocalName is "script" or "link" or "img" or "a" || e.Attribute("src") is not null || e.Attribute("href") is not null);
        var (width, height) = ((double)picture.Attribute("width")!, (double)picture.Attribute("height")!);
        Assert.All(picture.Elements(svg.Namespace + "circle"), dot =>
            Assert.True((double)dot.Attribute("cx")! > 0 && (double)dot.Attribute("cx")! < width && (double)dot.Attribute("cy")! > 0 && (double)dot.Attribute("cy")! < height));
    }

    [Fact]
    public void A_page_without_curves_is_drawn_too() => Assert.Contains("</html>",
        ComparisonPage.Html(Report, new LearningCurves(new Dictionary<string, IReadOnlyList<(double, double)>>(), new Dictionary<string, IReadOnlyList<(double, double)>>())),
        StringComparison.Ordinal);

    private static IEnumerable<string> Keys(JsonNode node) => node.AsObject().Select(pair => pair.Key);
}
