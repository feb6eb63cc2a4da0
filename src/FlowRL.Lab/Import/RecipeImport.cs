namespace FlowRL.Lab.Import;

/// <summary>Recipes from the settings of other trainers.</summary>
public static class RecipeImport
{
    private static readonly IReadOnlyList<OtherTrainer> Known = [new TrlTrainer(), new VerlTrainer()];

    /// <summary>The trainers that are known, such as <c>verl</c>.</summary>
    public static IReadOnlyList<string> Trainers { get; } = [.. Known.Select(trainer => trainer.Name)];

    /// <summary>A recipe with the settings of all files; of what two say, the later counts. Nothing in the files is run.</summary>
    /// <param name="trainer">One of <see cref="Trainers"/>.</param>
    /// <param name="paths">Files of YAML, or shell scripts that start a training.</param>
    /// <param name="home">What <c>~</c> and <c>$HOME</c> stand for in them.</param>
    /// <exception cref="BadInputException">A file cannot be read, or says nothing that a recipe could hold.</exception>
    public static ConversionReport Of(string trainer, IReadOnlyList<string> paths, string home) => Find(trainer).Import(paths, home);

    /// <summary>The keys of a trainer and what they are here, as a table in Markdown.</summary>
    public static string Keys(string trainer) => Find(trainer).Keys.Markdown(Find(trainer).Title);

    internal static OtherTrainer Find(string trainer) => Known.FirstOrDefault(one => one.Name == trainer)
        ?? throw new BadInputException($"'{trainer}' is not known; there are {string.Join(" and ", Trainers)}.");
}
