using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace FlowRL.Configuration;

/// <summary>One key of a record, as its property declares it.</summary>
internal sealed class OptionKey
{
    private static readonly NullabilityInfoContext Nullability = new();

    public OptionKey(PropertyInfo property)
    {
        Property = property;
        Name = OptionNames.Of(property.Name);
        Value = OptionValue.Of(property.PropertyType);
        Description = property.GetCustomAttribute<DescriptionAttribute>()?.Description ?? "";
        IsRequired = property.IsDefined(typeof(RequiredMemberAttribute));
        lock (Nullability) IsNullable = Nullability.Create(property).WriteState == NullabilityState.Nullable;
        InsteadOf = property.GetCustomAttribute<InsteadOfAttribute>()?.Other;
        Limits = OptionLimits.Of(Value, property.GetCustomAttribute<RangeAttribute>());
    }

    public PropertyInfo Property { get; }

    /// <summary>The last part of the dotted key.</summary>
    public string Name { get; }

    public OptionValue Value { get; }
    public string Description { get; }

    /// <summary>Whether a recipe must give it.</summary>
    public bool IsRequired { get; }

    /// <summary>Whether <c>null</c> may be written.</summary>
    public bool IsNullable { get; }

    public OptionLimits Limits { get; }

    /// <summary>The key of the same record in whose place this one decides; null for most.</summary>
    public string? InsteadOf { get; }

    /// <summary>Whether it does, in <paramref name="record"/>.</summary>
    public bool Decides(object record) => InsteadOf is not null && Convert.ToDouble(Get(record), CultureInfo.InvariantCulture) > 0;

    public object? Get(object record) => Property.GetValue(record);

    public void Set(object record, object? value) => Property.SetValue(record, value);
}

internal enum RecipeValueKind { Boolean, Integer, Number, Text, Choice, List, Map, Record, Variant, Patch }

/// <summary>The type of a recipe's value, as a recipe sees it.</summary>
/// <param name="Kind">What may be written.</param>
/// <param name="Type">The .NET type, without <see cref="Nullable{T}"/>.</param>
/// <param name="Item">The type of the items of a list or map; null for everything else.</param>
internal sealed record OptionValue(RecipeValueKind Kind, Type Type, OptionValue? Item = null)
{
    /// <exception cref="NotSupportedException">A recipe has no notation for the type.</exception>
    public static OptionValue Of(Type type)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        if (type == typeof(bool)) return new(RecipeValueKind.Boolean, type);
        if (type == typeof(int) || type == typeof(long)) return new(RecipeValueKind.Integer, type);
        if (type == typeof(double) || type == typeof(float)) return new(RecipeValueKind.Number, type);
        if (type == typeof(string)) return new(RecipeValueKind.Text, type);
        if (type.IsEnum) return new(RecipeValueKind.Choice, type);
        if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IReadOnlyList<>))
            return new(RecipeValueKind.List, type, Of(type.GetGenericArguments()[0]));
        if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IReadOnlyDictionary<,>) && type.GetGenericArguments()[0] == typeof(string))
            return new(RecipeValueKind.Map, type, Of(type.GetGenericArguments()[1]));
        if (typeof(OptionsPatch).IsAssignableFrom(type)) return new(RecipeValueKind.Patch, type);
        if (type is { IsClass: true, IsAbstract: true }) return new(RecipeValueKind.Variant, type);
        if (type.IsClass && type.GetConstructor(Type.EmptyTypes) is not null) return new(RecipeValueKind.Record, type);
        throw new NotSupportedException(
            $"A recipe cannot hold {type}: " +
            "use numbers, text, enums, IReadOnlyList, IReadOnlyDictionary by name, OptionsPatch or records with settable properties.");
    }

    public bool IsScalar => Kind < RecipeValueKind.List;

    /// <summary>The recipe whose keys a patch holds.</summary>
    public Type Patched => Type.GetGenericArguments()[0];

    /// <summary>What an error message asks for.</summary>
    public string Needed => Kind switch
    {
        RecipeValueKind.Boolean => "true or false",
        RecipeValueKind.Integer => "a whole number",
        RecipeValueKind.Number => "a number",
        RecipeValueKind.Text => "text",
        RecipeValueKind.Choice => $"one of {OptionNames.List(OptionNames.Choices(Type))}",
        RecipeValueKind.List => "a list in square brackets",
        RecipeValueKind.Record => "keys below it",
        RecipeValueKind.Map => "names below it",
        RecipeValueKind.Patch => $"keys of a {OptionNames.Of(Patched.Name).Replace('_', ' ')} below it",
        _ => $"a '{OptionVariants.TypeKey}'",
    };
}
