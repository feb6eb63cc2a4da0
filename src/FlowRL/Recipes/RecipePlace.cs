namespace FlowRL.Recipes;

/// <summary>Where a value was written: a line of a file (from 1; 0 when the file as a whole is meant) or a <c>--set</c>.</summary>
internal readonly record struct RecipePlace(string Source, int Line)
{
    public static RecipePlace Override { get; } = new("--set", -1);

    /// <summary>The beginning of an error message: <c>recipe.yaml:7: </c>, <c>recipe.yaml: </c> or <c>--set </c>.</summary>
    public override string ToString() => Line switch
    {
        < 0 => $"{Source} ",
        0 => $"{Source}: ",
        _ => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{Source}:{Line}: "),
    };
}
