using FlowRL.Architecture;

// Prints which folder uses which and at how many lines, and draws it; the argument is the repository's root. 1 where the law is broken.
var survey = Survey.OfRepository(args[0]);
var edges = FolderGraph.EdgesOf(survey);
foreach (var edge in edges) Console.WriteLine($"{edge.From} -> {edge.To} {edge.Count}");

File.WriteAllText(Path.Combine(args[0], "docs", "architecture.svg"), Picture.Of(edges));

IReadOnlyList<string> complaints = [.. survey.Unknown, .. FolderLaw.BreaksOf(survey)];
foreach (var complaint in complaints) Console.Error.WriteLine(complaint);
return complaints.Count == 0 ? 0 : 1;
