namespace FlowRL.Objectives;

/// <summary>What one response is credited with.</summary>
/// <param name="Score">One number for the whole response: a (normalised) reward or advantage.</param>
/// <param name="TokenAdvantages">One number a response token. Sequence-level objectives repeat <paramref name="Score"/>.</param>
/// <param name="TokenReturns">Regression targets of a critic, one a response token; zeros where there is none.</param>
public sealed record Credit(float Score, float[] TokenAdvantages, float[] TokenReturns)
{
    /// <summary>The same credit for every one of <paramref name="length"/> tokens.</summary>
    public static Credit Uniform(double score, int length)
    {
        var advantages = new float[length];
        Array.Fill(advantages, (float)score);
        return new Credit((float)score, advantages, new float[length]);
    }
}
