using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace FlowRL.Recipes;

/// <summary>
/// YAML to <see cref="RecipeNode"/>s. Recipes need mappings, lists and scalars; anchors, aliases and tags are refused, and size and
/// depth are bounded, so no document costs more than its length.
/// </summary>
internal sealed class YamlReader
{
    internal const int MaxCharacters = 1 << 18;
    internal const int MaxDepth = 24;

    private readonly Parser _parser;
    private readonly RecipePlace? _fixedPlace;
    private readonly string _source;
    private readonly RecipeErrors _errors;

    private YamlReader(string text, string source, RecipePlace? fixedPlace, RecipeErrors errors)
    {
        _parser = new Parser(new StringReader(text));
        (_source, _fixedPlace, _errors) = (source, fixedPlace, errors);
    }

    /// <summary>Reads a whole document. Returns null, with the reason among the errors, when it cannot be read.</summary>
    public static RecipeNode.Mapping? Document(string text, string source, RecipeErrors errors)
    {
        var whole = new RecipePlace(source, 0);
        var node = Read(text, source, null, "", errors);
        switch (node)
        {
            case null: return null;
            case RecipeNode.Mapping mapping: return mapping with { Place = whole };
            case RecipeNode.Scalar { IsNull: true }: return new RecipeNode.Mapping(whole, []);
            default:
                errors.Add(node.Place, "", "a recipe is a list of keys with values, such as 'task: countdown'.");
                return null;
        }
    }

    /// <summary>Reads the value of a <c>--set</c> that is written as YAML.</summary>
    public static RecipeNode? Value(string text, string path, RecipeErrors errors) =>
        Read(text, RecipePlace.Override.Source, RecipePlace.Override, path, errors);

    private static RecipeNode? Read(string text, string source, RecipePlace? fixedPlace, string path, RecipeErrors errors)
    {
        var place = fixedPlace ?? new RecipePlace(source, 0);
        if (text.Length > MaxCharacters)
        {
            errors.Add(place, path, $"is longer than the {MaxCharacters} characters that a recipe may have.");
            return null;
        }
        var reader = new YamlReader(text, source, fixedPlace, errors);
        try
        {
            return reader.ReadRoot(place, path);
        }
        catch (YamlException e)
        {
            errors.Add(fixedPlace ?? new RecipePlace(source, (int)e.Start.Line), path, $"this is not YAML: {e.Message.TrimEnd('.')}.");
            return null;
        }
        // How YamlDotNet ends where a list or a mapping in brackets runs into the next key.
        catch (InvalidOperationException)
        {
            var line = (int)(reader._parser.Current?.End.Line ?? 0);
            errors.Add(fixedPlace ?? new RecipePlace(source, line), path, "this is not YAML: a bracket or a brace is not closed.");
            return null;
        }
        catch (Refusal e)
        {
            errors.Add(e.Place, e.Path, e.Message);
            return null;
        }
    }

    private RecipeNode ReadRoot(RecipePlace place, string path)
    {
        _parser.Consume<StreamStart>();
        if (_parser.TryConsume<StreamEnd>(out _)) return new RecipeNode.Scalar(place, "", true);
        _parser.Consume<DocumentStart>();
        var root = ReadNode(path, 0);
        _parser.Consume<DocumentEnd>();
        if (_parser.Accept<DocumentStart>(out var second))
            throw new Refusal(Place(second), path, "a second document begins here; keep one.");
        return root;
    }

    private RecipeNode ReadNode(string path, int depth)
    {
        var current = _parser.Current!;
        var place = Place(current);
        if (current is AnchorAlias) throw new Refusal(place, path, "aliases (*name) are not read; write the value out.");
        if (current is NodeEvent { Anchor.IsEmpty: false }) throw new Refusal(place, path, "anchors (&name) are not read; leave it out.");
        if (current is NodeEvent { Tag: { IsEmpty: false, IsNonSpecific: false } tag })
            throw new Refusal(place, path, $"tags ({RecipeErrors.Quote(tag.Value)}) are not read; leave it out.");
        if (depth > MaxDepth) throw new Refusal(place, path, $"is nested more than {MaxDepth} levels deep.");
        if (_parser.TryConsume<MappingStart>(out _)) return ReadMapping(place, path, depth);
        if (_parser.TryConsume<SequenceStart>(out _)) return ReadSequence(place, path, depth);
        var scalar = _parser.Consume<Scalar>();
        return new RecipeNode.Scalar(place, scalar.Value, scalar.Style == ScalarStyle.Plain);
    }

    private RecipeNode.Mapping ReadMapping(RecipePlace place, string path, int depth)
    {
        var entries = new Dictionary<string, RecipeNode.Entry>();
        while (!_parser.TryConsume<MappingEnd>(out _))
        {
            var keyPlace = Place(_parser.Current!);
            if (ReadNode(path, depth + 1) is not RecipeNode.Scalar key) throw new Refusal(keyPlace, path, "a key is a single word.");
            var keyPath = path == "" ? key.Text : $"{path}.{key.Text}";
            var entry = new RecipeNode.Entry(keyPlace, key.Text, ReadNode(keyPath, depth + 1));
            if (!entries.TryAdd(key.Text, entry))
                _errors.Add(keyPlace, keyPath, $"is given twice; the first is in line {entries[key.Text].Place.Line}.");
        }
        return new RecipeNode.Mapping(place, [.. entries.Values]);
    }

    private RecipeNode.Sequence ReadSequence(RecipePlace place, string path, int depth)
    {
        var items = new List<RecipeNode>();
        while (!_parser.TryConsume<SequenceEnd>(out _)) items.Add(ReadNode($"{path}[{items.Count}]", depth + 1));
        return new RecipeNode.Sequence(place, items);
    }

    private RecipePlace Place(ParsingEvent parsed) => _fixedPlace ?? new RecipePlace(_source, (int)parsed.Start.Line);

    private sealed class Refusal(RecipePlace place, string path, string message) : Exception(message)
    {
        public RecipePlace Place { get; } = place;
        public string Path { get; } = path;
    }
}
