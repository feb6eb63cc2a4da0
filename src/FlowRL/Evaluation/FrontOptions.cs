using System.ComponentModel;
using System.Globalization;
using FlowRL.Configuration;
using FlowRL.Rollouts;

namespace FlowRL.Evaluation;

/// <summary>The settings at which accuracy is measured against variety: the same for every model, so that none gets the one that suits it.</summary>
public record FrontOptions : IValidated
{
    [Description("Temperatures of the front; each draws from the whole distribution.")]
    public IReadOnlyList<double> Temperatures { get; init; } = [0.4, 0.5, 0.6, 0.7, 0.8, 1, 1.2];

    [Description("Sample at temperature 0.6 with top_p 0.95 too, the FlowRL paper's setting: a point beside the curve.")]
    public bool Paper { get; init; } = true;

    public virtual IEnumerable<string> Validate()
    {
        if (Temperatures.Count < 2) yield return "temperatures: has fewer than two, and a front is a line; give at least two, such as [0.6, 1].";
        foreach (var temperature in Temperatures.Where(temperature => temperature is not (>= 0.01 and <= 10)))
            yield return FormattableString.Invariant($"temperatures: {temperature} is out of range; use numbers from 0.01 to 10.");
        if (Temperatures.Distinct().Count() < Temperatures.Count) yield return "temperatures: one stands twice; give different ones.";
    }

    /// <summary>Every setting: the temperatures in order, then the paper's.</summary>
    internal IReadOnlyList<FrontSetting> Settings() =>
        [.. Temperatures.Order().Select(temperature => new FrontSetting(temperature, 1)), .. Paper ? (FrontSetting[])[FrontSetting.OfThePaper] : []];
}

/// <summary>How the responses of one point are drawn.</summary>
/// <param name="Temperature">Above 0.</param>
/// <param name="TopP">1 draws from the whole distribution.</param>
internal readonly record struct FrontSetting(double Temperature, double TopP)
{
    /// <summary>Temperature 0.6 and top-p 0.95 (arXiv 2509.15207).</summary>
    public static FrontSetting OfThePaper { get; } = new(0.6, 0.95);

    /// <summary>Whether it is a point of the curve, rather than one beside it.</summary>
    public bool IsOfTheCurve => TopP >= 1;

    /// <summary>For people: <c>T 0.6</c>, <c>T 0.6, top-p 0.95</c>.</summary>
    public string Title => Write($"T {Temperature}") + (IsOfTheCurve ? "" : Write($", top-p {TopP}"));

    /// <summary>For files: <c>t0.6</c>, <c>t0.6-p0.95</c>.</summary>
    public string Name => Write($"t{Temperature}") + (IsOfTheCurve ? "" : Write($"-p{TopP}"));

    /// <summary>These options with temperature and top-p as here, and no other truncation.</summary>
    public SamplingOptions Apply(SamplingOptions sampling) => sampling with { Temperature = Temperature, TopP = TopP, TopK = 0, MinP = 0 };

    private static string Write(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
