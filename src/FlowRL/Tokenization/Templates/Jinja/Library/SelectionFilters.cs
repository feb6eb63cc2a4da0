using System.Globalization;
using FlowRL.Tokenization.Templates.Jinja.Values;

namespace FlowRL.Tokenization.Templates.Jinja.Library;

/// <summary>Filters that ask every item for something. They do it as their items are asked for.</summary>
internal static class SelectionFilters
{
    public static FunctionTable Table { get; } = new()
    {
        { "map", "*", call => new IteratorValue(Map(call)) },
        { "select", "*", call => new IteratorValue(Select(call, takes: true, byAttribute: false)) },
        { "reject", "*", call => new IteratorValue(Select(call, takes: false, byAttribute: false)) },
        { "selectattr", "*", call => new IteratorValue(Select(call, takes: true, byAttribute: true)) },
        { "rejectattr", "*", call => new IteratorValue(Select(call, takes: false, byAttribute: true)) },
    };

    /// <summary>An attribute of an item, by names and indices with points between them.</summary>
    /// <param name="call">The call that asks.</param>
    /// <param name="attribute">The item itself where it is null or none.</param>
    /// <param name="item">Whose.</param>
    /// <param name="otherwise">What stands for an attribute that is missing.</param>
    public static Value AttributeOf(Invocation call, Value? attribute, Value item, Value? otherwise = null)
    {
        if (attribute is null or NoneValue) return item;
        if (attribute is not StringValue text) return Found(Access.Item(item, attribute, call.Interpreter));
        foreach (var part in text.Plain.Split('.'))
        {
            var key = part.Length < 10 && int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out var place) ? Value.Of(place) : Value.Of(part);
            item = Found(Access.Item(item, key, call.Interpreter));
        }
        return item;
        Value Found(Value value) => value is UndefinedValue && otherwise is not (null or NoneValue) ? otherwise : value;
    }

    /// <summary>The items of self, or what they have for the attribute that an argument names.</summary>
    public static IEnumerable<Value> AttributesOf(Invocation call, int argument) =>
        Iteration.Of(call.Self, call.Budget).Select(item => AttributeOf(call, call[argument], item));

    private static IEnumerable<Value> Map(Invocation call)
    {
        if (!call.Self.IsTrue) yield break;
        var (arguments, attribute) = (call.All, call.All.Find("attribute"));
        if (arguments.Positional.Count == 0 && attribute is not null)
        {
            var otherwise = arguments.Find("default");
            if (arguments.Named.FirstOrDefault(argument => argument.Name is not ("attribute" or "default")).Name is { } other)
                throw JinjaException.Type($"Unexpected keyword argument '{other}'");
            foreach (var item in Iteration.Of(call.Self, call.Budget)) yield return AttributeOf(call, attribute, item, otherwise);
            yield break;
        }
        if (arguments.Positional.Count == 0) throw JinjaException.Type("map requires a filter argument");
        var (name, rest) = (Representation.Of(arguments.Positional[0], call.Budget).Plain, arguments.From(1));
        foreach (var item in Iteration.Of(call.Self, call.Budget)) yield return call.Interpreter.ApplyFilter(name, item, rest, "");
    }

    private static IEnumerable<Value> Select(Invocation call, bool takes, bool byAttribute)
    {
        if (!call.Self.IsTrue) yield break;
        var (arguments, attribute) = (call.All, default(Value));
        if (byAttribute)
        {
            attribute = arguments.Positional.Count > 0 ? arguments.Positional[0] : throw JinjaException.Type("Missing parameter for attribute name");
            arguments = arguments.From(1);
        }
        var test = arguments.Positional.Count > 0 ? Representation.Of(arguments.Positional[0], call.Budget).Plain : null;
        var rest = arguments.From(1);
        foreach (var item in Iteration.Of(call.Self, call.Budget))
        {
            var tested = AttributeOf(call, attribute, item);
            if ((test is null ? tested.IsTrue : call.Interpreter.ApplyTest(test, tested, rest, "")) == takes) yield return item;
        }
    }
}
