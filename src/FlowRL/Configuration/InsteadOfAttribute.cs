namespace FlowRL.Configuration;

/// <summary>
/// Marks a number of a record that decides in place of another key where it is above 0, as epochs do in place of steps. Whoever writes both is refused,
/// unless the one that decides was given later, with <c>--set</c>; and a recipe that is written out has the one that decides alone.
/// </summary>
/// <param name="other">The other property's name.</param>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class InsteadOfAttribute(string other) : Attribute
{
    /// <summary>The other key, as a recipe has it.</summary>
    public string Other { get; } = OptionNames.Of(other);
}
