namespace FlowRL.Rewards.Code;

/// <summary>Says whether what a program printed is right. Called from several threads at once; the output may be anything.</summary>
public interface IOutputJudge
{
    /// <param name="input">What the program read.</param>
    /// <param name="expected">One right output.</param>
    /// <param name="output">What it printed.</param>
    bool Accepts(string input, string expected, string output);
}
