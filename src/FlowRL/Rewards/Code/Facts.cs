using System.Text.Json;

namespace FlowRL.Rewards.Code;

/// <summary>The lines of our Python that are meant for this process.</summary>
internal static class Facts
{
    /// <summary>A line's facts as texts; empty for anything else, whatever a program may have written.</summary>
    public static string[] Of(string? line)
    {
        if (line is null || !line.StartsWith('#')) return [];
        try
        {
            return JsonSerializer.Deserialize<JsonElement[]>(line[1..]) is { } facts ? [.. facts.Select(fact => fact.ToString())] : [];
        }
        catch (Exception forged) when (forged is JsonException or InvalidOperationException)
        {
            return []; // also for half a surrogate pair
        }
    }
}
