namespace FlowRL.Tasks.Synthesis;

/// <summary>What makes two correct programs different solutions.</summary>
public enum ProgramDifference
{
    /// <summary>Their tokens, own names and layout aside.</summary>
    Text,

    /// <summary>What they give for inputs of kinds that no problem has: empty, negative, repeated, long.</summary>
    Behaviour,
}
