using System.Numerics;

namespace FlowRL.Tokenization.Templates.Jinja.Values;

/// <summary>What an expression gives: a value of Python's, as far as templates see one. All are immutable but namespaces and iterators.</summary>
internal abstract class Value
{
    /// <summary>Python's name of the type.</summary>
    public abstract string TypeName { get; }

    public virtual bool IsTrue => true;

    /// <summary>Where in the input the whole value stands; null for what the template made. What is printed of it is then the input's.</summary>
    public Origin? Origin { get; init; }

    public static Value Of(string plain) => new StringValue(TracedText.Of(plain));

    public static Value Of(TracedText text) => new StringValue(text);

    public static Value Of(BigInteger number) => new IntegerValue(number);

    public static Value Of(bool truth) => truth ? BooleanValue.True : BooleanValue.False;
}

internal sealed class NoneValue : Value
{
    private NoneValue() { }

    public static NoneValue Instance { get; } = new();

    public override string TypeName => "NoneType";

    public override bool IsTrue => false;
}

/// <summary>A number, truth values among them: in Python true is 1.</summary>
internal abstract class NumberValue : Value;

internal sealed class BooleanValue : NumberValue
{
    private BooleanValue(bool truth) => IsTrue = truth;

    public static BooleanValue True { get; } = new(true);

    public static BooleanValue False { get; } = new(false);

    public override string TypeName => "bool";

    public override bool IsTrue { get; }
}

internal sealed class IntegerValue(BigInteger number) : NumberValue
{
    public BigInteger Number { get; } = number;

    public override string TypeName => "int";

    public override bool IsTrue => !Number.IsZero;
}

internal sealed class FloatValue(double number) : NumberValue
{
    public double Number { get; } = number;

    public override string TypeName => "float";

    public override bool IsTrue => Number != 0;
}

/// <summary>A text. A safe one (the filter <c>safe</c> makes it) escapes what <c>+</c> adds to it.</summary>
internal sealed class StringValue(TracedText text, bool isSafe = false) : Value
{
    public TracedText Text { get; } = text;

    public bool IsSafe { get; } = isSafe;

    public string Plain => Text.Plain;

    public override string TypeName => IsSafe ? "Markup" : "str";

    public override bool IsTrue => Text.Plain.Length > 0;
}

/// <summary>What a missing name, field or item gives: it prints nothing, is false and iterates as empty; all else is an error.</summary>
internal sealed class UndefinedValue(string words, JinjaErrorKind kind = JinjaErrorKind.Undefined) : Value
{
    public override string TypeName => "Undefined";

    public override bool IsTrue => false;

    /// <summary>What using it says.</summary>
    public JinjaException Used() => new(kind, words);
}

/// <summary>A place to store in from inside of loops and macros: <c>namespace(...)</c>.</summary>
internal sealed class NamespaceValue(Dictionary<string, Value> fields) : Value
{
    public IReadOnlyDictionary<string, Value> Fields => fields;

    public override string TypeName => "TemplateNamespace";

    public void Set(string name, Value value) => fields[Checked(name)] = value;

    public static string Checked(string name) => !name.StartsWith('_') ? name : throw new JinjaException(JinjaErrorKind.Security,
        $"Chat templates cannot store underscore-prefixed attributes on a namespace, but got '{name}'. Please rename the attribute.");
}
