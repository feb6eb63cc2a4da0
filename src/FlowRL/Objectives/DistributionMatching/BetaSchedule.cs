namespace FlowRL.Objectives.DistributionMatching;

/// <summary>
/// β over the run. A sharply peaked target loses modes that on-policy samples never see again; raising β from a small value keeps them.
/// </summary>
/// <param name="Kind">The way from start to end.</param>
/// <param name="Start">β at the first step; not used by the constant schedule.</param>
/// <param name="End">β from <paramref name="AnnealShare"/> on.</param>
/// <param name="AnnealShare">Share of the run, in (0, 1], over which β changes.</param>
internal sealed record BetaSchedule(BetaScheduleKind Kind, double Start, double End, double AnnealShare)
{
    internal const string StartDescription = "β at the first step of a linear or cosine schedule; 1.5 unless given.";
    internal const string AnnealShareDescription = "Share of the run over which a linear or cosine schedule moves β; 0.6 unless given.";

    private const double DefaultStart = 1.5, DefaultAnnealShare = 0.6;

    /// <summary>The schedule that a recipe's keys ask for, null where one is not given.</summary>
    public static BetaSchedule Of(BetaScheduleKind kind, double? start, double end, double? annealShare) =>
        new(kind, start ?? DefaultStart, end, annealShare ?? DefaultAnnealShare);

    /// <summary>The keys that are given and have no effect, with what takes it from them and what to do.</summary>
    public static IEnumerable<(string Key, string Cause, string Remedy)> Inert(BetaScheduleKind kind, double? start, double? annealShare)
    {
        if (kind != BetaScheduleKind.Constant) yield break;
        if (start is not null) yield return ("beta_start", "beta_schedule: constant", "choose linear or cosine");
        if (annealShare is not null) yield return ("beta_anneal_share", "beta_schedule: constant", "choose linear or cosine");
    }

    /// <summary>β when the share <paramref name="progress"/> of the run is done.</summary>
    public double At(double progress)
    {
        var way = Math.Clamp(progress / AnnealShare, 0, 1);
        return Kind switch
        {
            BetaScheduleKind.Linear => Start + (End - Start) * way,
            BetaScheduleKind.Cosine => Start + (End - Start) * (1 - Math.Cos(Math.PI * way)) / 2,
            _ => End,
        };
    }
}

/// <summary>How β reaches its final value.</summary>
public enum BetaScheduleKind
{
    /// <summary>β from the first step.</summary>
    Constant,

    /// <summary>A straight line.</summary>
    Linear,

    /// <summary>Half a cosine: slow at both ends.</summary>
    Cosine,
}
