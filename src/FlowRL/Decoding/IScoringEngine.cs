namespace FlowRL.Decoding;

/// <summary>Computes log-probabilities of given responses, without gradient.</summary>
public interface IScoringEngine
{
    /// <summary>One array a response with the log-probability of each of its tokens.</summary>
    /// <param name="prompts">The prompt of each response; equal prompts that follow one another are computed once.</param>
    /// <param name="responses">At least one token each.</param>
    /// <param name="temperature">Divides the logits; above 0.</param>
    /// <param name="tokenBudget">Tokens whose keys and values are held at once.</param>
    /// <param name="cancellation">Checked between parts of the budget's size.</param>
    float[][] Score(
        IReadOnlyList<int[]> prompts, IReadOnlyList<int[]> responses, double temperature, int tokenBudget, CancellationToken cancellation);
}
