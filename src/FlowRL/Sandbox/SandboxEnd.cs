namespace FlowRL.Sandbox;

/// <summary>Why a sandboxed process is no more.</summary>
public enum SandboxEnd
{
    /// <summary>It ended by itself, or was not needed any longer.</summary>
    Itself,

    /// <summary>It used up its processor or clock time.</summary>
    Time,

    /// <summary>It used up its memory.</summary>
    Memory,

    /// <summary>It said more than it may.</summary>
    Output,
}
