namespace FlowRL.Training;

/// <summary>A prompt and the tokens that follow it; a policy is scored on the latter.</summary>
public sealed record TokenSequence(int[] Prompt, int[] Response)
{
    /// <summary>What the model reads after the prompt: the last response token is only predicted.</summary>
    public int[] Continuation => Response[..^1];

    /// <summary>Tokens that the model reads.</summary>
    public int Length => Prompt.Length + Response.Length - 1;
}
