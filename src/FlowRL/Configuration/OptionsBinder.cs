using System.Collections;
using System.Globalization;
using System.Reflection;

namespace FlowRL.Configuration;

/// <summary>
/// Turns what was written into a typed record. Keys that are not given keep the default of the record that holds them, which may differ
/// from the default of their own type. Nothing stops at the first error.
/// </summary>
internal sealed class OptionsBinder(OptionVariants variants, OptionsErrors errors)
{
    private readonly List<string> _badPaths = [];
    private KeySuggestion? _suggestion;

    /// <summary>The record, to be used only if no error was added.</summary>
    public object Bind(YamlNode.Mapping node, Type type)
    {
        var root = OptionsShape.Of(type);
        _suggestion = new KeySuggestion(root, node, variants);
        var record = Record(node, root, root.Create(), "");
        new OptionsValidator(errors, _badPaths).Check(record, node);
        return record;
    }

    private object Record(YamlNode.Mapping node, OptionsShape shape, object record, string path)
    {
        foreach (var entry in node.Entries)
        {
            var entryPath = Join(path, entry.Key);
            if (shape.Find(entry.Key) is { } key) Key(key, entry, record, entryPath);
            else if (!(entry.Key == OptionVariants.TypeKey && shape.Type.IsDefined(typeof(VariantAttribute), false)))
                Fail(entry.Place, entryPath, $"no such key{_suggestion!.For(entry.Key, path, shape)}");
        }
        foreach (var key in shape.Keys.Where(k => k.IsRequired && node.Find(k.Name) is null))
            Fail(node.Place, Join(path, key.Name), $"is missing; give {Needed(key.Value)}.");
        return record;
    }

    private void Key(OptionKey key, YamlNode.Entry entry, object record, string path)
    {
        if (entry.Value is YamlNode.Scalar { IsNull: true })
        {
            if (key.IsNullable) key.Set(record, null);
            else Fail(entry.Place, path, $"has no value; give {Needed(key.Value)}, or leave the key out.");
        }
        else if (Value(entry.Value, key.Value, key.Get(record), path) is { } value && Within(key.Limits, value, entry.Value.Place, path))
        {
            key.Set(record, value);
        }
    }

    private object? Value(YamlNode node, OptionValue type, object? current, string path) => (type.Kind, node) switch
    {
        (RecipeValueKind.Variant, YamlNode.Scalar or YamlNode.Mapping) => Variant(node, type.Type, current, path),
        (RecipeValueKind.Record, YamlNode.Mapping mapping) => Record(mapping, OptionsShape.Of(type.Type), Start(type.Type, current), path),
        (RecipeValueKind.List, YamlNode.Sequence sequence) => Items(sequence, type.Item!, path),
        (RecipeValueKind.Map, YamlNode.Mapping mapping) => Named(mapping, type, path),
        (RecipeValueKind.Patch, YamlNode.Mapping mapping) => Patch(type.Type, mapping),
        (_, YamlNode.Scalar scalar) when type.IsScalar => Scalar(scalar, type, path),
        _ => Fail(node.Place, path, $"needs {Needed(type)}, not {Describe(node)}" +
            $"{(type.Kind == RecipeValueKind.Text && node is not YamlNode.Scalar ? OptionsErrors.QuotesFor(node.Place, path) : "")}."),
    };

    private object? Scalar(YamlNode.Scalar scalar, OptionValue type, string path)
    {
        var value = OptionScalars.Read(scalar.Text, type, out var problem);
        return value ?? Fail(scalar.Place, path, problem);
    }

    private object? Items(YamlNode.Sequence sequence, OptionValue type, string path)
    {
        var items = (IList)Activator.CreateInstance(typeof(List<>).MakeGenericType(type.Type))!;
        var complete = true;
        for (var i = 0; i < sequence.Items.Count; i++)
        {
            var itemPath = string.Create(CultureInfo.InvariantCulture, $"{path}[{i}]");
            if (Value(sequence.Items[i], type, null, itemPath) is { } item) items.Add(item);
            else complete = false;
        }
        return complete ? items : null;
    }

    // An ordered dictionary: the order in which things are written is the order in which they are used.
    private object? Named(YamlNode.Mapping mapping, OptionValue type, string path)
    {
        var named = (IDictionary)Activator.CreateInstance(typeof(OrderedDictionary<,>).MakeGenericType(typeof(string), type.Item!.Type))!;
        var complete = true;
        foreach (var entry in mapping.Entries)
        {
            if (Value(entry.Value, type.Item, null, Join(path, entry.Key)) is { } item) named.Add(entry.Key, item);
            else complete = false;
        }
        return complete ? named : null;
    }

    private static object Patch(Type type, YamlNode.Mapping written) =>
        Activator.CreateInstance(type, BindingFlags.Instance | BindingFlags.NonPublic, null, [written], null)!;

    private object? Variant(YamlNode node, Type baseType, object? current, string path)
    {
        var mapping = node as YamlNode.Mapping;
        var written = mapping is null ? node : mapping.Find(OptionVariants.TypeKey)?.Value;
        var named = variants.Of(baseType);
        var type = current?.GetType();
        if (written is YamlNode.Scalar { IsNull: false } name)
        {
            if (!named.TryGetValue(name.Text, out type))
                return Fail(name.Place, path, $"{OptionsErrors.Quote(name.Text)} is not one of {OptionNames.List(named.Keys)}" +
                    OptionNames.DidYouMean(name.Text, named.Keys));
        }
        else if (written is not null || type is null)
        {
            return Fail(written?.Place ?? node.Place, path, $"needs a '{OptionVariants.TypeKey}': one of {OptionNames.List(named.Keys)}.");
        }
        return Record(mapping ?? new YamlNode.Mapping(node.Place, []), OptionsShape.Of(type), Start(type, current), path);
    }

    private bool Within(OptionLimits limits, object value, YamlPlace place, string path)
    {
        if (limits.IsNone || value is IList) return true;
        if (limits.Allow(Convert.ToDouble(value, CultureInfo.InvariantCulture))) return true;
        Fail(place, path, string.Create(CultureInfo.InvariantCulture, $"{value} is out of range; use a number {Bounds(limits)}."));
        return false;
    }

    private static string Bounds(OptionLimits limits) => limits switch
    {
        { Minimum: { } low, Maximum: null } => $"of {YamlNumbers.Write(low)} or more",
        { Minimum: null, Maximum: { } high } => $"of {YamlNumbers.Write(high)} or less",
        _ => limits.ToString(),
    };

    private string Needed(OptionValue type) =>
        type.Kind == RecipeValueKind.Variant ? $"one of {OptionNames.List(variants.Of(type.Type).Keys)}" : type.Needed;

    private static object Start(Type type, object? current) =>
        current?.GetType() == type ? OptionsShape.Of(type).Copy(current) : OptionsShape.Of(type).Create();

    private static string Describe(YamlNode node) => node switch
    {
        YamlNode.Scalar scalar => OptionsErrors.Quote(scalar.Text),
        YamlNode.Sequence => "a list",
        _ => "keys below it",
    };

    internal static string Join(string path, string key) => path == "" ? key : $"{path}.{key}";

    private object? Fail(YamlPlace place, string path, string problem)
    {
        _badPaths.Add(path);
        errors.Add(place, path, problem);
        return null;
    }
}
