namespace FlowRL.Rewards.Code;

/// <summary>A language that programs are run in.</summary>
public enum CodeLanguage
{
    /// <summary>Python, by the system's interpreter.</summary>
    Python,

    /// <summary>C#, compiled by Roslyn.</summary>
    CSharp,
}
