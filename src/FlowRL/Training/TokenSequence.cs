namespace FlowRL.Training;

/// <summary>A prompt and the tokens that follow it; a policy is scored on the latter.</summary>
public sealed record TokenSequence(int[] Prompt, int[] Response)
{
    /// <summary>What the model reads: the last response token is only predicted.</summary>
    public int[] Input => [.. Prompt, .. Response.AsSpan(0, Response.Length - 1)];

    /// <summary>Tokens of <see cref="Input"/>.</summary>
    public int Length => Prompt.Length + Response.Length - 1;
}
