using FlowRL.Tokenization.Templates.Jinja.Values;

namespace FlowRL.Tokenization.Templates.Jinja;

/// <summary>Puts a call's arguments into a macro's parameters.</summary>
internal static class MacroArguments
{
    /// <summary>The scope in which the macro's body runs.</summary>
    public static Scope Bind(MacroValue macro, Arguments arguments, Interpreter interpreter)
    {
        var (definition, scope) = (macro.Definition, new Scope(macro.Closure));
        var named = arguments.Named.ToList();
        for (var i = 0; i < definition.Parameters.Count; i++)
        {
            var (name, otherwise) = definition.Parameters[i];
            var given = named.FindIndex(argument => argument.Name == name);
            scope.Set(name, i < arguments.Positional.Count ? arguments.Positional[i]
                : given >= 0 ? named[given].Value
                : otherwise is not null ? interpreter.Evaluate(otherwise, scope)
                : new UndefinedValue($"parameter '{name}' was not provided"));
            if (i >= arguments.Positional.Count && given >= 0) named.RemoveAt(given);
        }
        if (definition.Special.Contains("caller"))
        {
            var caller = named.FindIndex(argument => argument.Name == "caller");
            scope.Set("caller", caller >= 0 ? named[caller].Value : new UndefinedValue("No caller defined"));
            if (caller >= 0) named.RemoveAt(caller);
        }
        if (definition.Special.Contains("kwargs"))
            scope.Set("kwargs", DictionaryValue.From(named.Select(argument => (Value.Of(argument.Name), argument.Value)), interpreter.Budget));
        else if (named.Count > 0)
            throw JinjaException.Type($"macro '{definition.Name}' takes no keyword argument '{named[0].Name}'");
        if (definition.Special.Contains("varargs"))
            scope.Set("varargs", new TupleValue([.. arguments.Positional.Skip(definition.Parameters.Count)]));
        else if (arguments.Positional.Count > definition.Parameters.Count)
            throw JinjaException.Type($"macro '{definition.Name}' takes not more than {definition.Parameters.Count} argument(s)");
        return scope;
    }
}
