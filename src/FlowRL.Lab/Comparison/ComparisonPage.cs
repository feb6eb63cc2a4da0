using System.Net;
using System.Text;
using FlowRL.Evaluation;
using FlowRL.Lab.Plots;

namespace FlowRL.Lab.Comparison;

/// <summary>A comparison as one HTML page that needs nothing else: no script, no network.</summary>
public static class ComparisonPage
{
    private const int Columns = 2;

    private static readonly string[] Colors = ["#1f6fb4", "#c4541a", "#2d8a4e", "#7b4fa8", "#a8891f", "#b03060", "#3a8f9c", "#666666"];

    /// <summary>The page as text, well-formed as XML too.</summary>
    public static string Html(ComparisonReport report, LearningCurves curves)
    {
        var names = string.Join(", ", report.Objectives.Keys);
        var page = new StringBuilder("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\"/>\n")
            .Append("<title>").Append(Safe(names)).Append("</title>\n<style>body { font-family: sans-serif; margin: 2em; color: #222 } ")
            .Append("table { border-collapse: collapse; margin: 1em 0 } td, th { padding: 0.3em 0.8em; text-align: right; border-bottom: 1px solid #ddd } ")
            .Append("td:first-child, th:first-child { text-align: left }</style>\n</head>\n<body>\n<h1>").Append(Safe(names)).Append("</h1>\n")
            .Append(PlotPanel.Text($"<p>{report.Problems} {report.Split} problems, {report.Samples} samples each at temperature {report.Temperature:0.##}; "))
            .Append("means ± standard errors over seeds; percentages where shares are told. ").Append(Safe(ComparisonText.Tested(report))).Append("</p>\n");
        Sections(page, report, isOwn: true);
        foreach (var (name, test) in report.All.Skip(1))
        {
            page.Append("<h2>").Append(Safe(name)).Append("</h2>\n")
                .Append(PlotPanel.Text($"<p>{test.Problems} {test.Split} problems, {test.Samples} samples each at temperature {test.Temperature:0.##}.</p>\n"));
            Sections(page, test, isOwn: false);
        }
        page.Append("<p>").Append(Safe(FrontText.Standing(report))).Append("</p>\n");
        return page.Append(Picture(report, curves)).Append("</body>\n</html>\n").ToString();
    }

    private static void Sections(StringBuilder page, ComparisonReport report, bool isOwn)
    {
        Table(page, ComparisonText.Means(report));
        if (isOwn) Section(page, ComparisonText.Exact(report), "Exact distances from the target, every response counted; log Z as the objective learnt it.");
        Section(page, ComparisonText.Differences(report), "Differences on the same problems, with 95% intervals of the paired bootstrap over problems.");
        Section(page, ComparisonText.SeedDifferences(report), "The same over pairs of runs with equal seeds, with 95% intervals of Student's t.");
        Section(page, FrontText.Fronts(report), "Accuracy in percent and different right answers of the last checkpoints by temperature and top-p.");
        Section(page, FrontText.Matched(report), "What the other fronts have at single points, between their own points and nowhere beyond: different " +
            "right answers at the same accuracy, accuracy at the same variety. Intervals over problems, then over seeds.");
        Section(page, FrontText.Areas(report), "Areas between fronts over the accuracies that both reach.");
        Section(page, FrontText.Claims(report), "Primary claims. p is the larger of the bootstrap's over problems and the t-test's over seeds.");
    }

    private static void Section(StringBuilder page, IReadOnlyList<string[]> rows, string heading)
    {
        if (rows.Count == 0) return;
        page.Append("<p>").Append(Safe(heading)).Append("</p>\n");
        Table(page, rows);
    }

    private static void Table(StringBuilder page, IReadOnlyList<string[]> rows)
    {
        page.Append("<table>\n");
        foreach (var (i, row) in rows.Index())
        {
            var cell = i == 0 ? "th" : "td";
            page.Append("<tr>").AppendJoin("", row.Select(text => $"<{cell}>{Safe(text)}</{cell}>")).Append("</tr>\n");
        }
        page.Append("</table>\n");
    }

    private static string Picture(ComparisonReport report, LearningCurves curves)
    {
        List<string> names = [.. report.Objectives.Keys, .. report.Fronts?.Keys.Where(name => !report.Objectives.ContainsKey(name)) ?? []];
        var (width, top) = (Columns * PlotPanel.Width, 24 * (1 + (names.Count - 1) / 4));
        var svg = SvgPicture.Begin(width, top + (report.Fronts is null ? 2 : 3) * PlotPanel.Height);
        foreach (var (i, name) in names.Index())
        {
            var (x, y) = (PlotPanel.Left + i % 4 * ((width - PlotPanel.Left) / 4), 16 + i / 4 * 24);
            svg.Append(PlotPanel.Text($"<line x1=\"{x}\" y1=\"{y}\" x2=\"{x + 30}\" y2=\"{y}\" stroke=\"{Color(i)}\" stroke-width=\"2\"/>"))
                .Append(PlotPanel.Text($"<text x=\"{x + 36}\" y=\"{y + 4}\">{Safe(name)}</text>\n"));
        }
        var passes = report.Objectives.Keys.Select(name => (IReadOnlyList<(double X, double Y)>)
            [.. report.Objectives[name].Mean.PassAtK.OrderBy(pair => pair.Key).Select(pair => ((double)pair.Key, pair.Value ?? 0))]).ToList();
        var ks = passes[0].Select(point => point.X).ToList();
        var byK = new PlotAxis(ks[0], ks[^1], true, [.. ks.Select(k => (k, PlotPanel.Text($"{k:0}")))]);
        Lines(svg, "pass@k by k", passes, byK, Percent, 0, top);
        Bars(svg, report, PlotPanel.Width, top);
        Curves(svg, "validation accuracy by step", names, curves.ValidationAccuracy, Percent, 0, top + PlotPanel.Height);
        Curves(svg, "entropy by step, nats a token", names, curves.Entropy, Plain, PlotPanel.Width, top + PlotPanel.Height);
        if (report.Fronts is { } fronts) Fronts(svg, fronts, names, 0, top + 2 * PlotPanel.Height);
        return SvgPicture.End(svg);
    }

    // A line through the temperatures, with the intervals of each point; a ring is the paper's setting, which lies beside the line.
    private static void Fronts(StringBuilder svg, IReadOnlyDictionary<string, IReadOnlyList<FrontPoint>> fronts, List<string> names, int left, int top)
    {
        var points = fronts.Values.SelectMany(front => front).ToList();
        var panel = new PlotPanel("different right answers by accuracy",
            PlotAxis.Linear(points.SelectMany(point => (double[])[point.AccuracyInterval.Low, point.AccuracyInterval.High]), false, Percent),
            PlotAxis.Linear(points.SelectMany(point => (double[])[point.DistinctInterval.Low, point.DistinctInterval.High]), false, Plain));
        panel.Frame(svg, left, top);
        foreach (var (name, front) in fronts)
        {
            var color = Color(names.IndexOf(name));
            var curve = front.Where(point => point.TopP >= 1).Select(point => (point.Accuracy, point.DistinctCorrect));
            panel.Line(svg, new PlotLine(color, [.. curve]), left, top);
            foreach (var point in front)
            {
                panel.Cross(svg, color, (point.AccuracyInterval.Low, point.Accuracy, point.AccuracyInterval.High),
                    (point.DistinctInterval.Low, point.DistinctCorrect, point.DistinctInterval.High), left, top);
                if (point.TopP < 1) panel.Ring(svg, color, (point.Accuracy, point.DistinctCorrect), left, top);
            }
        }
    }

    private static void Curves(StringBuilder svg, string title, List<string> names,
        IReadOnlyDictionary<string, IReadOnlyList<(double X, double Y)>> curves, Func<double, string> label, int left, int top)
    {
        var lines = names.Select(name => curves.GetValueOrDefault(name) ?? []).ToList();
        Lines(svg, title, lines, PlotAxis.Linear(lines.SelectMany(line => line).Select(point => point.X), true, Plain), label, left, top);
    }

    private static void Lines(StringBuilder svg, string title, IReadOnlyList<IReadOnlyList<(double X, double Y)>> lines, PlotAxis x,
        Func<double, string> label, int left, int top)
    {
        var panel = new PlotPanel(title, x, PlotAxis.Linear(lines.SelectMany(line => line).Select(point => point.Y), false, label));
        panel.Frame(svg, left, top);
        foreach (var (i, points) in lines.Index())
            if (points.Count > 0) panel.Line(svg, new PlotLine(Color(i), points), left, top);
    }

    private static void Bars(StringBuilder svg, ComparisonReport report, int left, int top)
    {
        var objectives = report.Objectives.ToList();
        var values = objectives.Select(pair => (Mean: pair.Value.Mean.DistinctCorrect ?? 0, Error: pair.Value.StandardError.DistinctCorrect)).ToList();
        var panel = new PlotPanel($"different solutions in {ComparisonText.LargestK(report)} samples",
            new PlotAxis(0, objectives.Count, false, [.. objectives.Select((pair, i) => (i + 0.5, pair.Key))]),
            PlotAxis.Linear(values.Select(value => value.Mean + (value.Error ?? 0)), true, Plain));
        panel.Frame(svg, left, top);
        foreach (var (i, (mean, error)) in values.Index()) panel.Bar(svg, Color(i), (i + 0.2, i + 0.8), mean, error, left, top);
    }

    private static string Color(int i) => Colors[i % Colors.Length];

    private static string Percent(double share) => PlotPanel.Text($"{share * 100:0.##}%");

    private static string Plain(double value) => PlotPanel.Text($"{value:0.###}");

    private static string Safe(string text) => WebUtility.HtmlEncode(text);
}
