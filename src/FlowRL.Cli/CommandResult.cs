using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace FlowRL.Cli;

/// <summary>What a command found: for programs with <c>--json</c>, for people without.</summary>
/// <param name="Json">One object.</param>
/// <param name="Text">Lines for people, without the last line's end; empty when everything was printed on the way.</param>
internal sealed record CommandResult(JsonObject Json, string Text)
{
    private static readonly JsonSerializerOptions Options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower) },
    };

    public static CommandResult Of<T>(T value, string text) => new((JsonObject)JsonSerializer.SerializeToNode(value, Options)!, text);

    /// <summary>The object on one line.</summary>
    public static string Line(JsonObject json) => json.ToJsonString(Options);
}

/// <summary>What the process returns.</summary>
internal static class ExitCodes
{
    public const int Done = 0;

    /// <summary>Something went wrong on the way, or the run was stopped.</summary>
    public const int Failed = 1;

    /// <summary>The command line, a recipe or a file was wrong; nothing was started.</summary>
    public const int BadInput = 2;
}
