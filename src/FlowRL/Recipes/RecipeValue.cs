namespace FlowRL.Recipes;

internal enum RecipeValueKind { Boolean, Integer, Number, Text, Choice, List, Record, Variant }

/// <summary>The type of a recipe's value, as a recipe sees it.</summary>
/// <param name="Kind">What may be written.</param>
/// <param name="Type">The .NET type, without <see cref="Nullable{T}"/>.</param>
/// <param name="Item">The type of a list's items; null for everything else.</param>
internal sealed record RecipeValue(RecipeValueKind Kind, Type Type, RecipeValue? Item = null)
{
    /// <exception cref="NotSupportedException">A recipe has no notation for the type.</exception>
    public static RecipeValue Of(Type type)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        if (type == typeof(bool)) return new(RecipeValueKind.Boolean, type);
        if (type == typeof(int) || type == typeof(long)) return new(RecipeValueKind.Integer, type);
        if (type == typeof(double) || type == typeof(float)) return new(RecipeValueKind.Number, type);
        if (type == typeof(string)) return new(RecipeValueKind.Text, type);
        if (type.IsEnum) return new(RecipeValueKind.Choice, type);
        if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IReadOnlyList<>))
            return new(RecipeValueKind.List, type, Of(type.GetGenericArguments()[0]));
        if (type is { IsClass: true, IsAbstract: true }) return new(RecipeValueKind.Variant, type);
        if (type.IsClass && type.GetConstructor(Type.EmptyTypes) is not null) return new(RecipeValueKind.Record, type);
        throw new NotSupportedException(
            $"A recipe cannot hold {type}: use numbers, text, enums, IReadOnlyList or records with settable properties.");
    }

    public bool IsScalar => Kind is not (RecipeValueKind.List or RecipeValueKind.Record or RecipeValueKind.Variant);

    /// <summary>What an error message asks for.</summary>
    public string Needed => Kind switch
    {
        RecipeValueKind.Boolean => "true or false",
        RecipeValueKind.Integer => "a whole number",
        RecipeValueKind.Number => "a number",
        RecipeValueKind.Text => "text",
        RecipeValueKind.Choice => $"one of {RecipeNames.List(RecipeNames.Choices(Type))}",
        RecipeValueKind.List => "a list in square brackets",
        RecipeValueKind.Record => "keys below it",
        _ => $"a '{RecipeVariants.TypeKey}'",
    };
}
