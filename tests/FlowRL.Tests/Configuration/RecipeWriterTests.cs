using CsCheck;
using FlowRL.Configuration;

namespace FlowRL.Tests.Configuration;

public sealed class RecipeWriterTests
{
    private static readonly Gen<string> Texts = Gen.OneOf(
        Gen.String, Gen.Const("null"), Gen.Const("~"), Gen.Const("1e5"),
            Gen.Const("- a"), Gen.Const(" a: b #c"), Gen.Const("\u0085\u2028\uFEFF\uFFFE\t\r\n"))
        .Select(s => string.Concat(s.Where(c => !char.IsSurrogate(c))));

    private static readonly Gen<ToyAlgorithm> Algorithms =
        Gen.Select(Gen.Double[0, 100], Gen.Bool, Gen.Int, Gen.Int[0, 2]).Select((beta, flag, members, kind) =>
        (ToyAlgorithm)(kind == 0 ? new ToyFlow { Beta = beta, Normalised = flag }
            : kind == 1 ? new ToyGroup { Beta = beta, Members = members }
            : new ToyPlain { Beta = beta }));

    private static readonly Gen<ToyRecipe> Recipes =
        from algorithm in Algorithms
        from mixture in Algorithms.Array[0, 3]
        from numbers in Gen.Select(Gen.Int[1, int.MaxValue], Gen.Long[0, long.MaxValue], Gen.Double[0, 1],
            Gen.Float[-1e30f, 1e30f], Gen.Double[-1e300, 1e300])
        from texts in Texts.Array[3]
        from sizes in Gen.Int.Array[0, 3]
        from flag in Gen.Bool
        select new ToyRecipe
        {
            Algorithm = algorithm,
            Mixture = mixture,
            Steps = numbers.Item1,
            Seed = numbers.Item2,
            LearningRate = numbers.Item3,
            Decay = numbers.Item4,
            Limit = flag ? numbers.Item5 : null,
            Shuffle = flag,
            Mode = flag ? ToyMode.Cosine2 : ToyMode.ConstantRate,
            Name = texts[0] == "bad" ? "" : texts[0],
            Note = flag ? null : texts[1],
            Stops = [.. texts],
            Sizes = sizes,
            Extra = flag ? new ToyInner { Height = 2 } : null,
        };

    [Fact]
    public void What_is_written_reads_back_as_the_same_recipe() => Recipes.Sample(recipe =>
    {
        var read = Toy.Parse(OptionsWriter.Write(recipe));
        var aligned = read with { Mixture = recipe.Mixture, Stops = recipe.Stops, Sizes = recipe.Sizes };
        return aligned == recipe && read.Mixture.SequenceEqual(recipe.Mixture) && read.Stops.SequenceEqual(recipe.Stops)
            && read.Sizes.SequenceEqual(recipe.Sizes);
    });

    [Fact]
    public void Every_key_is_written() => Assert.Equal(
        """
        algorithm:
          type: group
          beta: 15
          members: 2
        steps: 100
        seed: 1
        learning_rate: 1.0e-06
        decay: 0.1
        shuffle: false
        mode: constant_rate
        name: toy
        limit: null
        note: "no"
        stops: ["a b", c]
        sizes: [1, 2]
        mixture:
          - type: plain
            beta: 0.5
        inner:
          width: 7
          height: 4
        extra: null

        """,
        OptionsWriter.Write(new ToyRecipe
        {
            Algorithm = new ToyGroup { Members = 2 },
            Note = "no",
            Stops = ["a b", "c"],
            Mixture = [new ToyPlain { Beta = 0.5 }],
        }));
}
