using System.Text.Json.Serialization;

namespace FlowRL.Evaluation;

/// <summary>
/// How different the texts of responses are, right or wrong: for tasks whose answers have no classes. Both measures see phrasing rather than thought.
/// </summary>
/// <param name="SelfBleu">Mean over problems of <see cref="FlowRL.Evaluation.SelfBleu"/>, in [0, 1]; null for one sample a problem.</param>
/// <param name="Vendi">Mean over problems of <see cref="NgramVendi"/>, from 1 to the texts looked at.</param>
public sealed record TextVariety(
    [property: JsonPropertyName("self_bleu")] double? SelfBleu,
    [property: JsonPropertyName("ngram_vendi")] double Vendi)
{
    /// <summary>Texts of a problem that are looked at, the first: the work grows with their third power.</summary>
    internal const int MostTexts = 64;

    /// <param name="problems">The texts of each; at least one of each.</param>
    internal static TextVariety Of(IReadOnlyList<IReadOnlyList<string>> problems)
    {
        var values = problems.AsParallel().AsOrdered().Select(texts => texts.Take(MostTexts).ToList())
            .Select(texts => (Bleu: FlowRL.Evaluation.SelfBleu.Of(texts), Vendi: NgramVendi.Of(texts))).ToList();
        var bleu = values.Average(value => value.Bleu);
        return new TextVariety(double.IsNaN(bleu) ? null : bleu, values.Average(value => value.Vendi));
    }
}
