using FlowRL.Architecture;

namespace FlowRL.Tests.Architecture;

/// <summary>The repository's own source, read and understood once for all tests.</summary>
internal static class SurveyedSource
{
    private static readonly Lazy<Survey> Whole = new(() => Survey.OfRepository(Repository.Root));

    public static Survey Survey => Whole.Value;
}
