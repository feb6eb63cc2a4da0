namespace FlowRL.Tokenization.Templates.Jinja.Syntax;

/// <summary>Which expressions can be assigned to.</summary>
internal static class Assignment
{
    /// <exception cref="JinjaException">The target is no name, field of a namespace, or tuple of these.</exception>
    public static void Check(Expression target, Token at, TokenStream tokens)
    {
        switch (target)
        {
            case NamespaceReference:
            case Name name when ExpressionParser.Constant(name.Text) is null:
                break;
            case TupleDisplay tuple:
                foreach (var item in tuple.Items) Check(item, at, tokens);
                break;
            default:
                throw tokens.Wrong($"can't assign to '{target.Kind}'", at);
        }
    }

    /// <summary>The names that a target binds.</summary>
    public static IEnumerable<string> Names(Expression target) => target switch
    {
        Name name => [name.Text],
        TupleDisplay tuple => tuple.Items.SelectMany(Names),
        _ => [],
    };
}
