namespace FlowRL.Data;

/// <summary>How the rows of a task's files become problems.</summary>
public interface IRowReader
{
    /// <summary>Prepares for the rows of a file.</summary>
    /// <param name="first">Its first row, from which the layout shows.</param>
    /// <exception cref="BadInputException">The rows have no layout that is known.</exception>
    void Open(DataRow first);

    /// <summary>What a row holds; null with a reason where it cannot be used.</summary>
    RowContent? Read(DataRow row, out string problem);
}
