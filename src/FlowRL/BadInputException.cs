namespace FlowRL;

/// <summary>
/// Something the user gave is wrong: a recipe, a path, a damaged file. The message is a sentence with what, where, and what to do;
/// the command line prints it and exits with 2.
/// </summary>
public sealed class BadInputException : Exception
{
    public BadInputException(string message) : base(message) { }

    public BadInputException(string message, Exception inner) : base(message, inner) { }
}
