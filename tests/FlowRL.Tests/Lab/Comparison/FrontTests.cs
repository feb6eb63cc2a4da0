using System.Text.Json.Nodes;
using System.Xml.Linq;
using FlowRL.Configuration;
using FlowRL.Evaluation;
using FlowRL.Lab.Comparison;

namespace FlowRL.Tests.Lab.Comparison;

/// <summary>Fronts and claims of comparisons without training.</summary>
public sealed class FrontTests
{
    private const string Claims = "claims: {area: {objective: b, against: a}, right: {objective: b, against: a, measure: accuracy}}";

    private static readonly ComparisonReport Report = Comparisons.Report(Comparisons.Plan(Asking("out", Claims)));

    /// <summary>A comparison of a and b that measures fronts at temperatures 0.5 and 1 and at the paper's setting.</summary>
    internal static CompareRecipe Asking(string folder, string more = "") => OptionsFile.Parse<CompareRecipe>(
        $"base: mine\nseeds: [1, 2]\nevaluation: {{problems: 2, samples: 4, k: [1, 2], fronts: {{temperatures: [1, 0.5]}}}}\n" +
        $"objectives: {{a: {{}}, b: {{objective: grpo}}}}\n{more}", "compare.yaml", [$"folder={folder}"]);

    // The second problem is never solved. Of the first, a is right in 4, 2 and 3 of 4 samples, b in 4, 3 and 3; in 2 of 4 samples a solution of 4 is seen
    // with probability 1, of 3 too, of 2 with 5/6 and of 1 with 1/2.
    [Fact]
    public void Points_are_those_by_hand()
    {
        Assert.Equal(["a", "b", "base"], Report.Fronts!.Keys);
        var (a, b) = (Report.Fronts["a"], Report.Fronts["b"]);
        Assert.Equal([(0.5, 1), (1, 1), (0.6, 0.95)], a.Select(point => (point.Temperature, point.TopP)));
        Assert.Equal([0.5, 0.25, 0.375], a.Select(point => point.Accuracy));
        Assert.Equal([0.5, 0.5, 0.5], a.Select(point => Math.Round(point.DistinctCorrect, 12)));
        Assert.Equal([0.5, 0.375, 0.375], b.Select(point => point.Accuracy));
        Assert.Equal([5 / 6.0, 0.75, 2 / 3.0], b.Select(point => point.DistinctCorrect).Select(value => value), Close);
        Assert.Equal(5 / 12.0, a[1].PassAtK[2], 1e-12);
        // Of y and z, which the base never shows, b finds y twice at 0.5: 5/6 in 2 samples, on one problem of two; y and z once each at 1.
        Assert.Equal([5 / 12.0, 0.5], b.Take(2).Select(point => point.Novel!.Value), Close);
        Assert.Null(Report.Fronts["base"][0].Novel);
        Assert.Equal((0.5, 1.0), (a[0].Entropy, a[0].Variety.CommonestShare));
    }

    // a has the accuracies 0.25 to 0.5 with 0.5 different ones throughout; b has 0.375 to 0.5, falling from 5/6 at 0.5 to 3/4 at 0.375.
    [Fact]
    public void Areas_and_matched_points_are_those_by_hand()
    {
        var area = Report.FrontAreas!.Single(area => area is { Objective: "b", Against: "a" });
        Assert.Equal((0.375, 0.5), (area.From, area.To));
        Assert.Equal((3 / 4.0 + 5 / 6.0) / 2 - 0.5, area.Height!.Value, 1e-12);
        Assert.Equal(0.125 * area.Height.Value, area.Area!.Value, 1e-12);
        Assert.Equal(area.Area.Value, area.Area.OverSeeds!.Value, 1e-12); // both seeds are alike
        // A resample that holds the unsolved problem alone has no front: no interval, and nothing is said in its place.
        Assert.Null(area.Area.Low);
        Assert.Null(area.Area.PValue);

        var paper = Report.MatchedPoints!.Single(point => point is { Of: "a", Objective: "b", TopP: 0.95 });
        Assert.Equal((0.375, 0.5), (paper.Accuracy, Math.Round(paper.DistinctCorrect, 12)));
        Assert.Equal(0.75, paper.DistinctAtAccuracy!.Value, 1e-12);
        Assert.Equal(1.5, paper.DistinctRatio!.Value, 1e-12);
        Assert.Null(paper.AccuracyAtDistinct); // b never shows so few
        var one = Report.MatchedPoints!.Single(point => point is { Of: "a", Objective: "b", Temperature: 1 });
        Assert.Null(one.DistinctRatio); // b is never so often wrong
        Assert.DoesNotContain(Report.MatchedPoints!, point => point.Of == "b" || point.Objective == "a");
    }

    // Accuracy: 3/8 − 1/4 and so on, as the differences by hand: 1/4 on both problems, 3/8 and 1/8 by seed; t = 2, p = 1 − 2·atan(2)/π.
    [Fact]
    public void Claims_are_tested_over_problems_and_seeds_and_corrected()
    {
        var (area, right) = (Report.Claims!["area"], Report.Claims["right"]);
        Assert.Equal(1 - 2 * Math.Atan(2) / Math.PI, right.PValue!.Value, 1e-9);
        Assert.Equal(2 * right.PValue.Value, right.Adjusted, 1e-12);
        Assert.False(right.Holds);
        Assert.Equal((null, 1, false), (area.PValue, area.Adjusted, area.Holds));
        Assert.Equal(Report.FrontAreas![0].Area!.Value, area.Difference!.Value);
    }

    [Fact]
    public void A_claim_holds_where_problems_and_seeds_speak_for_it()
    {
        var recipe = Asking("out", Claims);
        var plan = Comparisons.Plan(recipe with { Seeds = [1, 2, 3, 4, 5, 6], Evaluation = recipe.Evaluation with { Problems = 40 } });
        RunTests Tests(PlannedRun run)
        {
            var b = run.Objective == "b" ? 1 : 0;
            TestedProblem Problem(int i, int setting) => new([1 + b + setting % 2 * (i % 2), .. Enumerable.Repeat(1, b + setting % 2)], 9);
            var asked = plan.Recipe.Tests.Asked();
            return RunTests.From(plan.Recipe.Tests, [.. asked.Select((test, setting) => new TestedRun(test.Options with { Samples = 8 }, 1, 1, 0.1, 0.1,
                [.. Enumerable.Range(0, 40).Select(i => Problem(i + (int)run.Seed % 3, setting))]))])!;
        }
        var report = ComparisonReport.Of([.. plan.All.Select(run => (run, Tests(run)))], plan.Recipe);
        Assert.True(report.Claims!["right"].Holds);
        Assert.Equal(2.0 / (Bootstrap.Resamples + 1) * 2, report.Claims["right"].Adjusted, 1e-9);
        Assert.Equal("yes", FrontText.Claims(report)[2][^1]);
        Assert.Null(report.Fronts!["b"][0].Novel); // tests without keys
    }

    [Fact]
    public void The_tables_read_as_people_say_it()
    {
        Assert.Equal(["accuracy / distinct", "T 0.5", "T 1", "T 0.6, top-p 0.95"], FrontText.Fronts(Report)[0]);
        Assert.Equal(["b", "50.0 / 0.83", "37.5 / 0.75", "37.5 / 0.67"], FrontText.Fronts(Report)[2]);
        Assert.Equal(["a, T 0.6, top-p 0.95 (37.5 / 0.50)", "b", "1.50", "1.50 to 1.50", "-", "-"],
            FrontText.Matched(Report).Single(row => row[0].StartsWith("a, T 0.6", StringComparison.Ordinal) && row[1] == "b"));
        Assert.Equal(["b", "a", "37.5 to 50.0", "+0.036", "+0.036 to +0.036", "+0.29"], FrontText.Areas(Report)[1]);
        Assert.Equal("The 2 claims were written down before test problems were sampled; everything else is exploratory.", FrontText.Standing(Report));
        Assert.Equal("No claims were written down before the test: every number is exploratory.", FrontText.Standing(Comparisons.Report(Comparisons.Plan("out"))));
        Assert.Equal("50.0 (0.0 to 100.0)", FrontText.Front(Report.Fronts!["a"])[1][1]);
    }

    [Fact]
    public void The_file_has_its_layout()
    {
        var json = JsonNode.Parse(ComparisonJson.Text(Report))!.AsObject();
        Assert.Equal(["first", "problems", "samples", "temperature", "objectives", "split", "fronts", "matched_points", "front_areas", "claims"],
            json.Select(pair => pair.Key));
        Assert.Equal(["temperature", "top_p", "accuracy", "distinct_correct", "pass_at_k", "coverage", "accuracy_interval", "distinct_interval", "variety", "novel", "entropy"],
            json["fronts"]!["b"]![0]!.AsObject().Select(pair => pair.Key));
        Assert.Equal("null", json["matched_points"]!.AsArray().First(point => (double)point!["temperature"]! == 1)!["distinct_ratio"]?.ToJsonString() ?? "null");
        Assert.Equal("FrontArea", (string)json["claims"]!["area"]!["measure"]!);
        Assert.Equal(["value", "low", "high", "over_seeds"], json["front_areas"]![0]!["area"]!.AsObject().Select(pair => pair.Key));
    }

    [Fact]
    public void The_page_draws_a_line_an_objective_and_a_ring_for_the_papers_setting()
    {
        var none = new Dictionary<string, IReadOnlyList<(double, double)>>();
        var page = XDocument.Parse(ComparisonPage.Html(Report, new LearningCurves(none, none)).Replace("<!DOCTYPE html>\n", "", StringComparison.Ordinal));
        var svg = XName.Get("svg", "http://www.w3.org/2000/svg").Namespace;
        Assert.Equal(2 + 3, page.Descendants(svg + "polyline").Count()); // pass@k of two objectives; three fronts
        Assert.Equal(3, page.Descendants(svg + "circle").Count(circle => (string?)circle.Attribute("fill") == "white"));
        Assert.Equal(7, page.Descendants("table").Count());
    }

    [Theory]
    [InlineData("claims: {x: {objective: c, against: a, measure: accuracy}}", "compare.yaml:5: claims.x.objective: 'c' is none of the objectives (a, b).")]
    [InlineData("claims: {x: {objective: a, against: a, measure: accuracy}}", "compare.yaml:5: claims.x.against: is 'a', as objective is; name two different ones.")]
    [InlineData("claims: {x: {objective: a, against: b}}\nevaluation: {problems: 2}", "front_area needs fronts; set evaluation.fronts, {} for the usual ones.")]
    [InlineData("evaluation: {fronts: {temperatures: [1]}}", "temperatures: has fewer than two, and a front is a line; give at least two, such as [0.6, 1].")]
    [InlineData("evaluation: {fronts: {temperatures: [1, 0]}}", "temperatures: 0 is out of range; use numbers from 0.01 to 10.")]
    [InlineData("evaluation: {fronts: {temperatures: [1, 1, 0.5]}}", "temperatures: one stands twice; give different ones.")]
    [InlineData("evaluation: {fronts: {samples: 8}}", "fronts.samples: 8 samples cannot hold the largest k, 64; use at least as many.")]
    [InlineData("evaluation: {fronts: {matched: [c]}}", "evaluation.fronts.matched: 'c' is none of the objectives (a, b).")]
    public void What_cannot_be_measured_is_refused(string text, string message)
    {
        var error = Assert.Throws<BadInputException>(() => OptionsFile.Parse<CompareRecipe>($"base: mine\nobjectives:\n  a: {{}}\n  b: {{objective: grpo}}\n{text}", "compare.yaml"));
        Assert.EndsWith(message, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_base_model_has_its_name_and_the_same_recipe_whichever_objective_is_first()
    {
        Assert.Contains("objectives.base: is the base model's own name where fronts are measured; choose another.", Assert.Throws<BadInputException>(() =>
            OptionsFile.Parse<CompareRecipe>("base: mine\nevaluation: {fronts: {}}\nobjectives: {base: {}}", "compare.yaml")).Message, StringComparison.Ordinal);
        ComparisonPlan Plan(string objectives) => Comparisons.Plan(OptionsFile.Parse<CompareRecipe>($"base: mine\nevaluation: {{fronts: {{}}}}\nobjectives: {objectives}", "c.yaml"));
        Assert.Equal(OptionsWriter.Write(Plan("{a: {}, b: {objective: grpo}}").Base!.Recipe), OptionsWriter.Write(Plan("{b: {objective: grpo}, a: {}}").Base!.Recipe));
    }

    private static readonly IEqualityComparer<double> Close = EqualityComparer<double>.Create((a, b) => Math.Abs(a - b) < 1e-12, _ => 0);
}
