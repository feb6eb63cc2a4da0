using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace FlowRL.Configuration;

/// <summary>
/// YAML to <see cref="YamlNode"/>s. Recipes need mappings, lists and scalars; anchors, aliases and tags are refused, and size and
/// depth are bounded, so no document costs more than its length.
/// </summary>
internal sealed class YamlReader
{
    internal const int MaxCharacters = 1 << 18;
    internal const int MaxDepth = 24;

    private readonly Parser _parser;
    private readonly YamlPlace? _fixedPlace;
    private readonly string _source;
    private readonly OptionsErrors _errors;

    private YamlReader(string text, string source, YamlPlace? fixedPlace, OptionsErrors errors)
    {
        _parser = new Parser(new StringReader(text));
        (_source, _fixedPlace, _errors) = (source, fixedPlace, errors);
    }

    /// <summary>Reads a whole document. Returns null, with the reason among the errors, when it cannot be read.</summary>
    public static YamlNode.Mapping? Document(string text, string source, OptionsErrors errors)
    {
        var whole = new YamlPlace(source, 0);
        var node = Read(text, source, null, "", errors);
        switch (node)
        {
            case null: return null;
            case YamlNode.Mapping mapping: return mapping with { Place = whole };
            case YamlNode.Scalar { IsNull: true }: return new YamlNode.Mapping(whole, []);
            default:
                errors.Add(node.Place, "", "a recipe is a list of keys with values, such as 'task: countdown'.");
                return null;
        }
    }

    /// <summary>Reads the value of a <c>--set</c> that is written as YAML.</summary>
    public static YamlNode? Value(string text, string path, OptionsErrors errors) =>
        Read(text, YamlPlace.Override.Source, YamlPlace.Override, path, errors);

    private static YamlNode? Read(string text, string source, YamlPlace? fixedPlace, string path, OptionsErrors errors)
    {
        var place = fixedPlace ?? new YamlPlace(source, 0);
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
            if (fixedPlace is not null)
                errors.Add(place, path, $"this is not YAML: {e.Message.TrimEnd('.')}{(text[0] is '[' or '{' ? OptionsErrors.QuotesFor(place, path) : "")}.");
            else if (TabbedLine(text, (int)e.Start.Line) is { } line)
                errors.Add(new YamlPlace(source, line), path, "a tab is in the indentation, and YAML indents with spaces; put spaces in its place.");
            else errors.Add(new YamlPlace(source, (int)e.Start.Line), path, $"this is not YAML: {e.Message.TrimEnd('.')}.");
            return null;
        }
        // How YamlDotNet ends where a list or a mapping in brackets runs into the next key.
        catch (InvalidOperationException)
        {
            var line = (int)(reader._parser.Current?.End.Line ?? 0);
            errors.Add(fixedPlace ?? new YamlPlace(source, line), path, "this is not YAML: a bracket or a brace is not closed.");
            return null;
        }
        catch (Refusal e)
        {
            errors.Add(e.Place, e.Path, e.Message);
            return null;
        }
    }

    /// <summary>The first line, from the place where reading ended, that is indented with a tab: the parser names the block that it is in.</summary>
    private static int? TabbedLine(string text, int from)
    {
        var lines = text.Split('\n');
        for (var line = Math.Max(from, 1); line <= lines.Length; line++)
        {
            var rest = lines[line - 1].AsSpan().TrimStart(" \t");
            if (lines[line - 1].AsSpan()[..^rest.Length].Contains('\t') && rest.Trim() is not ("" or ['#', ..])) return line;
        }
        return null;
    }

    private YamlNode ReadRoot(YamlPlace place, string path)
    {
        _parser.Consume<StreamStart>();
        if (_parser.TryConsume<StreamEnd>(out _)) return new YamlNode.Scalar(place, "", true);
        _parser.Consume<DocumentStart>();
        var root = ReadNode(path, 0);
        _parser.Consume<DocumentEnd>();
        if (_parser.Accept<DocumentStart>(out var second))
            throw new Refusal(Place(second), path, "a second document begins here; keep one.");
        return root;
    }

    private YamlNode ReadNode(string path, int depth)
    {
        var current = _parser.Current!;
        var place = Place(current);
        if (current is AnchorAlias) throw new Refusal(place, path, "aliases (*name) are not read; write the value out.");
        if (current is NodeEvent { Anchor.IsEmpty: false }) throw new Refusal(place, path, "anchors (&name) are not read; leave it out.");
        if (current is NodeEvent { Tag: { IsEmpty: false, IsNonSpecific: false } tag })
            throw new Refusal(place, path, $"tags ({OptionsErrors.Quote(tag.Value)}) are not read; leave it out.");
        if (depth > MaxDepth) throw new Refusal(place, path, $"is nested more than {MaxDepth} levels deep.");
        if (_parser.TryConsume<MappingStart>(out _)) return ReadMapping(place, path, depth);
        if (_parser.TryConsume<SequenceStart>(out _)) return ReadSequence(place, path, depth);
        var scalar = _parser.Consume<Scalar>();
        return new YamlNode.Scalar(place, scalar.Value, scalar.Style == ScalarStyle.Plain);
    }

    private YamlNode.Mapping ReadMapping(YamlPlace place, string path, int depth)
    {
        var entries = new Dictionary<string, YamlNode.Entry>();
        while (!_parser.TryConsume<MappingEnd>(out _))
        {
            var keyPlace = Place(_parser.Current!);
            if (ReadNode(path, depth + 1) is not YamlNode.Scalar key) throw new Refusal(keyPlace, path, "a key is a single word.");
            var keyPath = path == "" ? key.Text : $"{path}.{key.Text}";
            var entry = new YamlNode.Entry(keyPlace, key.Text, ReadNode(keyPath, depth + 1));
            if (!entries.TryAdd(key.Text, entry))
                _errors.Add(keyPlace, keyPath, $"is given twice; the first is in line {entries[key.Text].Place.Line}.");
        }
        return new YamlNode.Mapping(place, [.. entries.Values]);
    }

    private YamlNode.Sequence ReadSequence(YamlPlace place, string path, int depth)
    {
        var items = new List<YamlNode>();
        while (!_parser.TryConsume<SequenceEnd>(out _)) items.Add(ReadNode($"{path}[{items.Count}]", depth + 1));
        return new YamlNode.Sequence(place, items);
    }

    private YamlPlace Place(ParsingEvent parsed) => _fixedPlace ?? new YamlPlace(_source, (int)parsed.Start.Line);

    private sealed class Refusal(YamlPlace place, string path, string message) : Exception(message)
    {
        public YamlPlace Place { get; } = place;
        public string Path { get; } = path;
    }
}
