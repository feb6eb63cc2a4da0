namespace FlowRL.Tokenization.Templates.Jinja.Values;

/// <summary>The part of the input that wrote a character; what the template itself wrote has none.</summary>
/// <param name="Path">Where it stands, such as <c>messages/0/content</c>, or <c>messages/0/#key</c> for the name of a field.</param>
/// <param name="IsText">Whether it is a text's own character, and not a sign around values that were printed as JSON or as Python prints them.</param>
internal sealed record Origin(string Path, bool IsText);

/// <summary>A stretch of a text that one part of the input wrote, up to <paramref name="End"/> (UTF-16 units).</summary>
internal readonly record struct Run(int End, Origin? Origin);
