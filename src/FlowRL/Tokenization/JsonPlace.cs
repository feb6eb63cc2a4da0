using System.Globalization;
using System.Text.Json;
using FlowRL.Files;

namespace FlowRL.Tokenization;

/// <summary>A value in a JSON file together with where it stands, so that what is wrong with it can be said precisely.</summary>
internal readonly record struct JsonPlace(string File, string Path, JsonElement Value)
{
    /// <summary>Ids that a vocabulary may have: tables are as long as the highest, so a wild one is refused before one is made.</summary>
    public const int MostTokens = 2_000_000;

    private const string Advice = "fetch the file again, or give another tokenizer";

    /// <summary>Parses a whole file. The document is left to the collector: its values outlive this call.</summary>
    public static JsonPlace Parse(string file, byte[] content)
    {
        var text = JsonDamage.WithoutMark(content);
        if (JsonDamage.Of(text.Span) is { } damage) throw new BadInputException($"{file} {damage}; {Advice}.");
        try
        {
            return new JsonPlace(file, "", JsonDocument.Parse(text).RootElement);
        }
        catch (JsonException e)
        {
            throw new BadInputException(
                $"{file} is not valid JSON: it breaks at line {e.LineNumber + 1}, byte {e.BytePositionInLine + 1}; {Advice}.", e);
        }
    }

    public bool IsNull => Value.ValueKind is JsonValueKind.Null or JsonValueKind.Undefined;

    public JsonValueKind Kind => Value.ValueKind;

    /// <summary>A property of an object; of kind <see cref="JsonValueKind.Undefined"/> where it is missing.</summary>
    public JsonPlace this[string name]
    {
        get
        {
            if (Kind != JsonValueKind.Object)
                throw Expected("an object");
            var path = Path.Length == 0 ? name : $"{Path}.{name}";
            return new JsonPlace(File, path, Value.TryGetProperty(name, out var value) ? value : default);
        }
    }

    public string Text => Kind == JsonValueKind.String ? Value.GetString()! : throw Expected("a text");

    /// <summary>The text of a token: it is named by that, or by an object that holds it.</summary>
    public string TokenText => Kind == JsonValueKind.Object ? this["content"].Text : Text;

    public int Integer =>
        Kind == JsonValueKind.Number && Value.TryGetInt32(out var number) && number >= 0 ? number : throw Expected("a whole number >= 0");

    /// <summary>The id of a token.</summary>
    public int TokenId => Integer is var id && id < MostTokens ? id : throw Wrong($"is {id}, and the ids of a vocabulary are below {MostTokens}");

    /// <summary>The id of a token that an object has as the name of a property.</summary>
    public int KeyTokenId(string name) =>
        int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var id) && id < MostTokens
            ? id
            : throw Wrong($"has the key \"{name}\", an id below {MostTokens} is needed");

    /// <summary>true or false; <paramref name="absent"/> where the value is null or missing.</summary>
    public bool Flag(bool absent = false) => Kind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => IsNull ? absent : throw Expected("true or false"),
    };

    public IEnumerable<JsonPlace> Items()
    {
        if (Kind != JsonValueKind.Array)
            throw Expected("a list");
        var (file, path) = (File, Path);
        return Value.EnumerateArray().Select((value, i) => new JsonPlace(file, $"{path}[{i}]", value));
    }

    public IEnumerable<JsonProperty> Properties() =>
        Kind == JsonValueKind.Object ? Value.EnumerateObject() : throw Expected("an object");

    /// <summary>What is wrong at this place, as an exception to throw.</summary>
    public BadInputException Wrong(string what) => new($"{File}: {(Path.Length == 0 ? "the file" : Path)} {what}; {Advice}.");

    private BadInputException Expected(string what) => Wrong(
        Kind == JsonValueKind.Undefined ? $"is missing, {what} is needed" : $"is {Kind.ToString().ToLowerInvariant()}, {what} is needed");
}
