namespace FlowRL.Cli;

/// <summary>What the process returns.</summary>
internal static class ExitCodes
{
    public const int Done = 0;

    /// <summary>Something went wrong on the way, or the run was stopped.</summary>
    public const int Failed = 1;

    /// <summary>The command line, a recipe or a file was wrong; nothing was started.</summary>
    public const int BadInput = 2;
}
