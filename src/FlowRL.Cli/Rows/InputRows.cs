using FlowRL.Data;

namespace FlowRL.Cli.Rows;

/// <summary>Rows of a file that a command was given.</summary>
internal static class InputRows
{
    /// <summary>What stands for standard input.</summary>
    public const string Standard = "-";

    /// <param name="file">A data file, or <see cref="Standard"/> for JSON lines from standard input.</param>
    /// <param name="damaged">Told of each row that is not read: place and reason.</param>
    /// <exception cref="BadInputException">The file is missing, of another format, or damaged as a whole.</exception>
    public static IEnumerable<DataRow> Read(string file, Action<string, string> damaged) =>
        file == Standard ? DataReader.ReadLines(Console.OpenStandardInput(), Standard, damaged) : DataReader.Read(file, damaged);

    /// <summary>The same where each row counts.</summary>
    /// <exception cref="BadInputException">A row is damaged; the message says where.</exception>
    public static IEnumerable<DataRow> ReadAll(string file) => Read(file, Refuse);

    private static void Refuse(string place, string reason) => throw new BadInputException($"{place}: {reason}; correct the line.");
}
