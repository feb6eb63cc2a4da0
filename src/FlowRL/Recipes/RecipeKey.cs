using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace FlowRL.Recipes;

/// <summary>One key of a record, as its property declares it.</summary>
internal sealed class RecipeKey
{
    private static readonly NullabilityInfoContext Nullability = new();

    public RecipeKey(PropertyInfo property)
    {
        Property = property;
        Name = RecipeNames.Of(property.Name);
        Value = RecipeValue.Of(property.PropertyType);
        Description = property.GetCustomAttribute<DescriptionAttribute>()?.Description ?? "";
        IsRequired = property.IsDefined(typeof(RequiredMemberAttribute));
        lock (Nullability) IsNullable = Nullability.Create(property).WriteState == NullabilityState.Nullable;
        Limits = RecipeLimits.Of(Value, property.GetCustomAttribute<RangeAttribute>());
    }

    public PropertyInfo Property { get; }

    /// <summary>The last part of the dotted key.</summary>
    public string Name { get; }

    public RecipeValue Value { get; }
    public string Description { get; }

    /// <summary>Whether a recipe must give it.</summary>
    public bool IsRequired { get; }

    /// <summary>Whether <c>null</c> may be written.</summary>
    public bool IsNullable { get; }

    public RecipeLimits Limits { get; }

    public object? Get(object record) => Property.GetValue(record);

    public void Set(object record, object? value) => Property.SetValue(record, value);
}
