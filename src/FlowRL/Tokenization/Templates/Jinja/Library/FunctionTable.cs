using System.Collections;
using FlowRL.Tokenization.Templates.Jinja.Values;

namespace FlowRL.Tokenization.Templates.Jinja.Library;

/// <summary>A filter, test, method or global function.</summary>
/// <param name="Name">As errors call it.</param>
/// <param name="Parameters">Their names; null where it takes whatever it is given.</param>
/// <param name="Required">How many of them must be given.</param>
/// <param name="Body">What it does.</param>
internal sealed record LibraryFunction(string Name, string[]? Parameters, int Required, Func<Invocation, Value> Body)
{
    public Value Invoke(Interpreter interpreter, Value self, Arguments arguments) => Body(new Invocation(interpreter, this, self, arguments));
}

/// <summary>Functions by name.</summary>
internal sealed class FunctionTable : IEnumerable<LibraryFunction>
{
    private readonly Dictionary<string, LibraryFunction> _byName = [];

    /// <param name="names">One or several, with blanks between them.</param>
    /// <param name="parameters">Names with blanks between them, each with a question mark where it may be left out; a star for any.</param>
    /// <param name="body">What it does.</param>
    public void Add(string names, string parameters, Func<Invocation, Value> body)
    {
        var all = parameters.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        string[]? bare = parameters == "*" ? null : [.. all.Select(p => p.TrimEnd('?'))];
        foreach (var name in names.Split(' '))
            _byName.Add(name, new LibraryFunction(name, bare, all.Count(p => !p.EndsWith('?')), body));
    }

    public void Add(FunctionTable other)
    {
        foreach (var (name, function) in other._byName)
            _byName.Add(name, function);
    }

    public bool Has(string name) => _byName.ContainsKey(name);

    public LibraryFunction? Find(string name) => _byName.GetValueOrDefault(name);

    public IEnumerator<LibraryFunction> GetEnumerator() => _byName.Values.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
