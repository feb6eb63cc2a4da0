namespace FlowRL.Architecture;

/// <summary>A folder of the source.</summary>
/// <param name="Name">The folder's name below src/FlowRL, or the project's below src; FlowRL are the library's files that lie in no folder.</param>
/// <param name="Purpose">What it is, in the few words that its box in the picture has room for.</param>
public sealed record Room(string Name, string Purpose);

/// <summary>The order of the folders of src, which nothing else states: each may use those before it and none of those after it.</summary>
public static class House
{
    /// <summary>The project of the library, and its ground: the files that lie in no folder.</summary>
    public const string Library = "FlowRL";

    /// <summary>The projects of src in the order in which they are compiled.</summary>
    public static IReadOnlyList<string> Projects { get; } = [Library, "FlowRL.Lab", "FlowRL.CSharp", "FlowRL.Cli"];

    /// <summary>From the ground up. A new folder of src/FlowRL is listed here, above all that it uses, and at the same place of README's map.</summary>
    public static IReadOnlyList<Room> Rooms { get; } =
    [
        new(Library, "bad input and named seeds"),
        new("Files", "bytes to a disk and back"),
        new("Configuration", "typed options from YAML"),
        new("Hub", "models and data by name"),
        new("Numerics", "vectors, threads, products"),
        new("Tokenization", "text and ids, chat templates"),
        new("Models", "decoder, adapters, heads"),
        new("Checkpoints", "weights in files and folders"),
        new("Data", "rows from files"),
        new("Sandbox", "where strange programs run"),
        new("Verifiers", "whether an answer is right"),
        new("Tasks", "problems, verdicts, rewards"),
        new("Decoding", "what computes the tokens"),
        new("Rollouts", "sampling, batch by batch"),
        new("Rewards", "scores beside sampling"),
        new("Objectives", "each a loss and its options"),
        new("Evaluation", "accuracy, pass@k, distances"),
        new("Telemetry", "metrics, samples, progress"),
        new("Training", "the step and the loop"),
        new("Recipes", "what a run is made of"),
        new("Runs", "where a run is composed"),
        new("FlowRL.Lab", "comparisons and benchmarks"),
        new("FlowRL.Cli", "the tool: a command a file"),
    ];

    /// <summary>Runs inside of sandboxes, where nothing else of this house is: it uses no room, and none uses it.</summary>
    public static Room Apart { get; } = new("FlowRL.CSharp", "runs C# in a sandbox");

    /// <summary>The room that a file belongs to.</summary>
    /// <param name="path">From the repository's root, with slashes: src/FlowRL/Data/CsvRows.cs.</param>
    public static string RoomOf(string path) => path.Split('/') is ["src", Library, var folder, _, ..] ? folder : path.Split('/')[1];

    /// <summary>Where a room lies, from the repository's root.</summary>
    public static string FolderOf(string room) =>
        room.StartsWith(Library, StringComparison.Ordinal) ? $"src/{room}" : $"src/{Library}/{room}";

    /// <summary>The room whose namespace this is, or lies in; null for what is not of this house.</summary>
    public static string? RoomOfNamespace(string name) => name.Split('.') switch
    {
        [Library] => Library,
        [Library, var next, ..] => Projects.Contains($"{Library}.{next}") ? $"{Library}.{next}" : next,
        _ => null,
    };

    /// <summary>The room's place in the order, 0 on the ground; below 0 for a room that is not listed.</summary>
    public static int FloorOf(string room) => Rooms.Select(one => one.Name).ToList().IndexOf(room);
}
