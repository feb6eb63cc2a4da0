namespace FlowRL.Rewards.Code;

/// <summary>Runs programs of one language against tests. Thread-safe.</summary>
public interface ICodeVerifier
{
    /// <param name="program">The program; it may be anything.</param>
    /// <param name="tests">What it is to do.</param>
    /// <param name="cancellation">Checked between tests.</param>
    CodeVerdict Verify(string program, CodeTests tests, CancellationToken cancellation);
}
