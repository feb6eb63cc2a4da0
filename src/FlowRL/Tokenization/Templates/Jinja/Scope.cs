using FlowRL.Tokenization.Templates.Jinja.Values;

namespace FlowRL.Tokenization.Templates.Jinja;

/// <summary>Names and what they stand for, over those of the scope around it.</summary>
internal sealed class Scope(Scope? around = null)
{
    /// <summary>A name that no template can write: what a filter block hands to its filter.</summary>
    public const string Captured = "{captured}";

    private readonly Dictionary<string, Value> _names = [];

    private Scope? Around { get; } = around;

    public Value? Find(string name)
    {
        for (var scope = this; scope is not null; scope = scope.Around)
        {
            if (scope._names.TryGetValue(name, out var value)) return value;
        }
        return null;
    }

    public Scope Set(string name, Value value)
    {
        _names[name] = value;
        return this;
    }
}
