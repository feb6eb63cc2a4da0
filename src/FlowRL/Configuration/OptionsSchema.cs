using System.Text.Json.Nodes;

namespace FlowRL.Configuration;

/// <summary>JSON schema (draft 2020-12) of a recipe, for completion and checks in editors.</summary>
public static class OptionsSchema
{
    private const string Draft = "https://json-schema.org/draft/2020-12/schema";

    /// <summary>Descriptions, ranges, defaults and enum values of <typeparamref name="T"/>; <c>oneOf</c> where it has variants.</summary>
    public static JsonObject For<T>(OptionVariants? variants = null) where T : class
    {
        var shape = OptionsShape.Of(typeof(T));
        var schema = Record(shape, shape.Create(), variants ?? OptionVariants.BuiltIn);
        schema.Insert(0, "$schema", Draft);
        schema.Insert(1, "title", OptionNames.Of(typeof(T).Name).Replace('_', ' '));
        return schema;
    }

    private static JsonObject Record(OptionsShape shape, object defaults, OptionVariants variants)
    {
        var properties = new JsonObject();
        foreach (var key in shape.Keys) properties[key.Name] = Key(key, defaults, variants);
        var schema = new JsonObject { ["type"] = "object", ["properties"] = properties, ["additionalProperties"] = false };
        var required = shape.Keys.Where(k => k.IsRequired).Select(k => JsonValue.Create(k.Name)).ToArray<JsonNode?>();
        if (required.Length > 0) schema["required"] = new JsonArray(required);
        return schema;
    }

    private static JsonObject Key(OptionKey key, object defaults, OptionVariants variants)
    {
        var value = key.IsRequired ? null : key.Get(defaults);
        var schema = Value(key.Value, value, variants);
        if (key.Property.IsDefined(typeof(AssembliesAttribute), false))
            schema = new JsonObject { ["anyOf"] = new JsonArray(new JsonObject { ["type"] = "string" }, schema) };
        if (key.Limits.Minimum is { } low) schema["minimum"] = Number(key, low);
        if (key.Limits.Maximum is { } high) schema["maximum"] = Number(key, high);
        if (key.IsNullable) schema = new JsonObject { ["anyOf"] = new JsonArray(schema, new JsonObject { ["type"] = "null" }) };
        if (key.Description != "") schema.Insert(0, "description", key.Description);
        if (!key.IsRequired && (key.Value.IsScalar || key.Value.Item is { IsScalar: true })) schema["default"] = Default(value, key.Value);
        return schema;
    }

    private static JsonObject Value(OptionValue type, object? current, OptionVariants variants) => type.Kind switch
    {
        RecipeValueKind.Boolean => new JsonObject { ["type"] = "boolean" },
        RecipeValueKind.Integer => new JsonObject { ["type"] = "integer" },
        RecipeValueKind.Number => new JsonObject { ["type"] = "number" },
        RecipeValueKind.Text => new JsonObject { ["type"] = "string" },
        RecipeValueKind.Choice => new JsonObject { ["enum"] = Strings(OptionNames.Choices(type.Type)) },
        RecipeValueKind.List => new JsonObject { ["type"] = "array", ["items"] = Value(type.Item!, null, variants) },
        RecipeValueKind.Record => Record(OptionsShape.Of(type.Type), current ?? OptionsShape.Of(type.Type).Create(), variants),
        RecipeValueKind.Map => new JsonObject { ["type"] = "object", ["additionalProperties"] = Value(type.Item!, null, variants) },
        RecipeValueKind.Patch => Patch(OptionsShape.Of(type.Patched), variants),
        _ => Variant(type.Type, variants),
    };

    // Every key may be left out: it may stand elsewhere.
    private static JsonObject Patch(OptionsShape shape, OptionVariants variants)
    {
        var schema = Record(shape, shape.Create(), variants);
        schema.Remove("required");
        return schema;
    }

    // A name alone stands for a record of that type with its defaults.
    private static JsonObject Variant(Type baseType, OptionVariants variants)
    {
        var named = variants.Of(baseType);
        var choices = new JsonArray(new JsonObject
        {
            ["enum"] = Strings(named.Where(v => OptionsShape.Of(v.Value).Keys.All(k => !k.IsRequired)).Select(v => v.Key)),
        });
        foreach (var (name, type) in named)
        {
            var schema = Record(OptionsShape.Of(type), OptionsShape.Of(type).Create(), variants);
            ((JsonObject)schema["properties"]!).Insert(0, OptionVariants.TypeKey, new JsonObject { ["const"] = name });
            var required = schema["required"] as JsonArray ?? [];
            required.Insert(0, OptionVariants.TypeKey);
            schema["required"] = required;
            choices.Add((JsonNode)schema);
        }
        return new JsonObject { ["oneOf"] = choices };
    }

    private static JsonNode? Default(object? value, OptionValue type) => value switch
    {
        null => null,
        bool b => b,
        int i => i,
        long l => l,
        double d => d,
        float f => f,
        Enum e => OptionNames.Of(e.ToString()),
        string s => s,
        System.Collections.IDictionary named => new JsonObject(named.Keys.Cast<string>().Select(name =>
            KeyValuePair.Create(name, Default(named[name], type.Item!)))),
        System.Collections.IEnumerable items => new JsonArray([.. items.Cast<object>().Select(i => Default(i, type.Item!))]),
        _ => throw new NotSupportedException($"{value.GetType()} has no default in a schema."),
    };

    private static JsonValue Number(OptionKey key, double value) =>
        key.Value.Kind == RecipeValueKind.Integer ? JsonValue.Create((long)value) : JsonValue.Create(value);

    private static JsonArray Strings(IEnumerable<string> values) => [.. values.Select(v => (JsonNode?)v)];
}
