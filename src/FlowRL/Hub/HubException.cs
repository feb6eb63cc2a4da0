namespace FlowRL.Hub;

/// <summary>A hub could not be reached, or did not keep to what it said, although the input was right. The message is a sentence for the user.</summary>
public sealed class HubException : Exception
{
    internal HubException(string message, Exception? inner = null) : base(message, inner) { }
}

/// <summary>What another try may mend.</summary>
/// <param name="clause">What happened, as the end of a sentence that begins with the hub.</param>
/// <param name="inner">Its cause.</param>
internal sealed class PassingException(string clause, Exception? inner = null) : Exception(clause, inner)
{
    /// <summary>How long the hub asks to wait; null where it does not say.</summary>
    public TimeSpan? After { get; init; }

    /// <summary>Whether no connection came about.</summary>
    public bool IsUnreachable { get; init; }
}
