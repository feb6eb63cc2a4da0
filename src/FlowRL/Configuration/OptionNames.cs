using System.Text.Json;

namespace FlowRL.Configuration;

/// <summary>How .NET names are written in recipes: <c>LearningRate</c> is <c>learning_rate</c>.</summary>
internal static class OptionNames
{
    public static string Of(string identifier) => JsonNamingPolicy.SnakeCaseLower.ConvertName(identifier);

    /// <summary>The names of an enum, in order of declaration.</summary>
    public static IReadOnlyList<string> Choices(Type type) => [.. Enum.GetNames(type).Select(Of)];

    public static object Choice(Type type, string name) =>
        Enum.Parse(type, Enum.GetNames(type).Single(n => Of(n) == name));

    public static string List(IEnumerable<string> names) => string.Join(", ", names.Select(n => $"'{n}'"));

    /// <summary>The end of an error message about a wrong name: what was probably meant.</summary>
    public static string DidYouMean(string name, IEnumerable<string> candidates) =>
        Spelling.Nearest(name, candidates) is { } nearest ? $"; did you mean '{nearest}'?" : ".";
}
