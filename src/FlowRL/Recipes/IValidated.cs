namespace FlowRL.Recipes;

/// <summary>Options whose fields constrain each other. Ranges of single fields are attributes; this is for the rest.</summary>
public interface IValidated
{
    /// <summary>One sentence an error, each beginning with the key it is about (dotted, relative to this record) and a colon.</summary>
    IEnumerable<string> Validate();
}
