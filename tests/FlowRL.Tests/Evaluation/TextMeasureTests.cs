using CsCheck;
using FlowRL.Evaluation;

namespace FlowRL.Tests.Evaluation;

/// <summary>Measures of texts that have no classes.</summary>
public sealed class TextMeasureTests
{
    private static readonly Gen<string[]> Texts = Gen.Int[0, 3].Array[0, 8].Select(words => string.Join(' ', words.Select(word => $"w{word}"))).Array[1, 8];

    [Fact]
    public void Words_are_runs_of_letters_and_digits_and_every_other_mark() =>
        Assert.Equal(["8", "/", "2", "=", "4", ";", "naïve", "x1", "."], TextWords.Of("8/2=4; naïve\tx1."));

    [Fact]
    public void Equal_texts_are_one_and_texts_without_a_common_word_as_many_as_they_are() => Gen.Select(Texts, Gen.Int[1, 8]).Sample((texts, copies) =>
    {
        var same = Enumerable.Repeat(texts[0], copies).ToList();
        Assert.Equal(1, NgramVendi.Of(same), 1e-9);
        if (copies > 1) Assert.Equal(1, SelfBleu.Of(same), 1e-9);
        var apart = Enumerable.Range(0, copies).Select(i => string.Join(' ', Enumerable.Range(0, 1 + i).Select(j => $"a{i}b{j}"))).ToList();
        Assert.Equal(copies, NgramVendi.Of(apart), 1e-9);
        if (copies > 1) Assert.Equal(0, SelfBleu.Of(apart));
    }, iter: 50);

    [Fact]
    public void The_order_of_texts_changes_nothing_and_bounds_hold() => Texts.Sample(texts =>
    {
        Assert.InRange(NgramVendi.Of(texts), 1 - 1e-9, texts.Length + 1e-9);
        Assert.Equal(NgramVendi.Of(texts), NgramVendi.Of([.. texts.Reverse()]), 1e-9);
        if (texts.Length < 2) return;
        Assert.InRange(SelfBleu.Of(texts), 0, 1 + 1e-9);
        Assert.Equal(SelfBleu.Of(texts), SelfBleu.Of([.. texts.Reverse()]), 1e-9);
    }, iter: 50);

    // "a b" and "a c": words have the cosine 1/2, pairs 0, so K has 1/4 beside its diagonal and K/2 the eigenvalues (1 ± 1/4)/2.
    [Fact]
    public void The_vendi_score_of_two_texts_by_hand() => Assert.Equal(
        Math.Exp(-(0.625 * Math.Log(0.625) + 0.375 * Math.Log(0.375))), NgramVendi.Of(["a b", "a c"]), 1e-12);

    // Of "a b c" two of three words are in "a b d", one of two pairs, and of one triple none, which counts 0.1: (2/3 · 1/2 · 0.1)^(1/3), both ways.
    [Fact]
    public void Self_bleu_of_two_texts_by_hand()
    {
        Assert.Equal(Math.Pow(2 / 3.0 * 0.5 * 0.1, 1 / 3.0), SelfBleu.Of(["a b c", "a b d"]), 1e-12);
        // "a" against "a a": precision 1, shorter than its reference, e^(1 − 2/1); "a a" against "a": one of two words, no pair of one, 0.1.
        Assert.Equal((Math.Exp(-1) + Math.Sqrt(0.5 * 0.1)) / 2, SelfBleu.Of(["a", "a a"]), 1e-12);
    }

    [Fact]
    public void Texts_without_words_are_alike()
    {
        Assert.Equal(1, NgramVendi.Of(["", " "]), 1e-12);
        Assert.Equal((1, 0), (SelfBleu.Of(["", " "]), SelfBleu.Of(["", "a"])));
        Assert.True(double.IsNaN(SelfBleu.Of(["a"])));
        Assert.True(double.IsNaN(NgramVendi.Of([])));
    }

    [Fact]
    public void Of_many_texts_the_first_are_looked_at()
    {
        var texts = Enumerable.Range(0, TextVariety.MostTexts + 40).Select(i => $"t{i}").ToList();
        var variety = TextVariety.Of([texts, ["a", "a"]]);
        Assert.Equal((TextVariety.MostTexts + 1) / 2.0, variety.Vendi, 1e-9);
        Assert.Equal(0.5, variety.SelfBleu!.Value, 1e-12);
        Assert.Null(TextVariety.Of([["a"]]).SelfBleu);
    }

    [Fact]
    public void Eigenvalues_are_those_of_a_rotated_diagonal() => Gen.Select(Gen.Double[-2, 2].Array[2, 12], Gen.ULong).Sample((values, seed) =>
    {
        var n = values.Length;
        var matrix = new double[n, n];
        for (var i = 0; i < n; i++) matrix[i, i] = values[i];
        for (var turn = 0; turn < 3 * n; turn++)
        {
            var (p, angle) = (Seeds.Below(seed, turn, n - 1), 6 * Seeds.Uniform(seed + 1, turn));
            var (c, s, q) = (Math.Cos(angle), Math.Sin(angle), p + 1);
            for (var i = 0; i < n; i++) (matrix[i, p], matrix[i, q]) = (c * matrix[i, p] - s * matrix[i, q], s * matrix[i, p] + c * matrix[i, q]);
            for (var i = 0; i < n; i++) (matrix[p, i], matrix[q, i]) = (c * matrix[p, i] - s * matrix[q, i], s * matrix[p, i] + c * matrix[q, i]);
        }
        Assert.All(values.Order().Zip(SymmetricEigenvalues.Of(matrix).Order()), pair => Assert.Equal(pair.First, pair.Second, 1e-9));
    }, iter: 50);
}
