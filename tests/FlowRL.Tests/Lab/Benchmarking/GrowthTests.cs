using System.Xml.Linq;
using CsCheck;
using FlowRL.Lab.Benchmarking;
using FlowRL.Tests.Cli;

namespace FlowRL.Tests.Lab.Benchmarking;

public sealed class GrowthTests
{
    [Fact]
    public void The_exponent_of_a_power_law_is_found() => Gen.Select(Gen.Double[-2, 3], Gen.Double[0.01, 100]).Sample((exponent, factor) =>
        Assert.Equal(exponent, PowerLaw.Exponent(new[] { 1.0, 2, 5, 40 }.Select(x => (x, factor * Math.Pow(x, exponent)))), 1e-9));

    [Fact]
    public void The_picture_has_a_panel_an_axis_and_a_straight_line_a_power_law()
    {
        var point = (double x) => new GrowthReport.Point(x, 3 * x, (long)(1000 * x), x * x, (long)(10 * x * x));
        var report = new GrowthReport(BenchReports.Example.Machine, [new("a < b", [point(1), point(4), point(16)]), .. BenchReports.Growth.Axes]);
        var svg = XDocument.Parse(GrowthPlot.Svg(report)).Root!;
        IEnumerable<XElement> All(string name) => svg.Elements(svg.Name.Namespace + name);
        Assert.Equal(["with a < b", "with vocabulary", "with sequences"], All("text").Select(text => text.Value).Where(text => text.StartsWith("with")));
        Assert.Equal(12, All("polyline").Count());
        foreach (var line in All("polyline").Take(4))
        {
            var places = line.Attribute("points")!.Value.Split(' ').Select(place => place.Split(',').Select(double.Parse).ToArray()).ToArray();
            Assert.Equal(places[0][1] + places[2][1], 2 * places[1][1], 0.25);
            Assert.True(places[2][1] < places[0][1], "what grows goes up");
        }
        // The scales fit: nothing is drawn outside.
        var (width, height) = ((int)svg.Attribute("width")!, (int)svg.Attribute("height")!);
        Assert.All(All("circle"), circle => Assert.True((double)circle.Attribute("cx")! is > 0 && (double)circle.Attribute("cx")! < width &&
            (double)circle.Attribute("cy")! > 0 && (double)circle.Attribute("cy")! < height));
    }
}
