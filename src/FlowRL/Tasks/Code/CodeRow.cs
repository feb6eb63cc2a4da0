namespace FlowRL.Tasks.Code;

/// <summary>A row of programming problems.</summary>
/// <param name="Text">What is asked, or code to continue.</param>
/// <param name="Problem">What decides.</param>
/// <param name="Id">What the row calls itself.</param>
/// <param name="Solution">A program that is right; null where the row has none.</param>
public sealed record CodeRow(string Text, CodeProblem Problem, string? Id, string? Solution);
