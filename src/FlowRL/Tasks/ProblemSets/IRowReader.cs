using FlowRL.Data;
using FlowRL.Tokenization;

namespace FlowRL.Tasks.ProblemSets;

/// <summary>How the rows of a task's files become problems.</summary>
internal interface IRowReader
{
    /// <summary>Prepares for the rows of a file.</summary>
    /// <param name="first">Its first rows, one or more, from which the layout shows.</param>
    /// <exception cref="BadInputException">The rows have no layout that is known.</exception>
    void Open(IReadOnlyList<DataRow> first);

    /// <summary>What a row holds; null with a reason where it cannot be used.</summary>
    RowContent? Read(DataRow row, out string problem);
}

/// <summary>What a row says.</summary>
/// <param name="Prompt">What the model reads.</param>
/// <param name="Answer">What responses are checked against, in the task's notation.</param>
/// <param name="Id">What the row calls itself; null where it has no name.</param>
/// <param name="Solution">A worked solution; null where there is none.</param>
internal sealed record RowContent(Prompt Prompt, string Answer, string? Id, string? Solution);
