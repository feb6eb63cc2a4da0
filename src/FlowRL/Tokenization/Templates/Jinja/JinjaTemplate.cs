using FlowRL.Tokenization.Templates.Jinja.Library;
using FlowRL.Tokenization.Templates.Jinja.Syntax;
using FlowRL.Tokenization.Templates.Jinja.Values;

namespace FlowRL.Tokenization.Templates.Jinja;

/// <summary>What a template gave.</summary>
/// <param name="Text">Each character with the part of the input that wrote it.</param>
/// <param name="Generated">What stands in <c>{% generation %}</c>, in UTF-16 units.</param>
internal sealed record RenderedText(TracedText Text, IReadOnlyList<(int Start, int End)> Generated);

/// <summary>
/// A template of the part of Jinja2 that chat templates are written in, with the values and errors that Python's gives for it, as
/// transformers sets it up: blocks' white space is trimmed, what changes values or reaches Python is refused. Two things are more: of every
/// character of the output it is known who wrote it, and steps, memory and depth are bounded, so that nobody has to have read the template.
/// </summary>
internal sealed class JinjaTemplate
{
    private readonly IReadOnlyList<Statement> _body;
    private readonly JinjaLimits _limits;

    private JinjaTemplate(IReadOnlyList<Statement> body, JinjaLimits limits) => (_body, _limits) = (body, limits);

    /// <exception cref="JinjaException">The source is no template.</exception>
    public static JinjaTemplate Parse(string source, JinjaLimits? limits = null) =>
        new(StatementParser.Parse(source, limits ?? new JinjaLimits()), limits ?? new JinjaLimits());

    /// <param name="variables">What it is given, built with the budget that it is handed.</param>
    /// <param name="now">What <c>strftime_now</c> writes; null where that is not to be defined.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="JinjaException">What the template does is an error, or more than the limits allow; with the place.</exception>
    public RenderedText Render(
        Func<Budget, IEnumerable<(string Name, Value Value)>> variables, DateTime? now = null, CancellationToken cancellation = default)
    {
        var interpreter = new Interpreter(new Budget(_limits, cancellation));
        try
        {
            var scope = new Scope(Globals.Scope(interpreter, now));
            foreach (var (name, value) in variables(interpreter.Budget))
                scope.Set(name, value);
            return interpreter.Render(_body, scope);
        }
        catch (JinjaException e)
        {
            throw e.Standing(interpreter.At);
        }
    }
}
