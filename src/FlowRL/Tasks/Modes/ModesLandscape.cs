using FlowRL.Tokenization;

namespace FlowRL.Tasks.Modes;

/// <summary>The reward of one problem: the hills of its modes. Each is over before the next one's peak.</summary>
internal sealed class ModesLandscape
{
    private const int MaxTries = 100_000;
    private readonly int _width;

    private ModesLandscape(IReadOnlyList<Mode> modes, int width) => (Modes, _width) = (modes, width);

    /// <summary>From the highest to the lowest, each form for itself.</summary>
    public IReadOnlyList<Mode> Modes { get; }

    /// <summary>Draws the modes of problem <paramref name="problem"/>; their peaks fall evenly from 1 to the lowest.</summary>
    /// <exception cref="BadInputException">So many modes do not fit.</exception>
    public static ModesLandscape Draw(ModesOptions options, int problem)
    {
        var letters = LetterVocabulary.Letters(options.Letters);
        // Mode i has min(i, forms) peaks.
        int[] modes = [.. Enumerable.Range(0, options.Modes).SelectMany(mode => Enumerable.Repeat(mode, Math.Min(mode + 1, options.Forms)))];
        var centers = new List<string>();
        for (var attempt = 0; centers.Count < modes.Length; attempt++)
        {
            if (attempt == MaxTries)
            {
                throw new BadInputException(
                    $"task.modes: {modes.Length} peaks that are more than {options.Width} letters apart were not found among answers " +
                    $"of {options.Length} from {options.Letters} letters; ask for fewer, or lower task.width.");
            }
            var seed = Seeds.Derive((ulong)options.Seed, "mode", problem, attempt);
            // The empty answer lies on no mode.
            var length = options.VariableLength ? options.Width + Seeds.Below(seed, -1, options.Length - options.Width + 1) : options.Length;
            var center = string.Concat(Enumerable.Range(0, length).Select(i => letters[Seeds.Below(seed, i, letters.Length)]));
            if (centers.All(other => Mode.Distance(center, other) > options.Width)) centers.Add(center);
        }
        return new ModesLandscape(
            [.. centers.Select((center, i) => new Mode(center, Peak(modes[i], options), centers[Array.IndexOf(modes, modes[i])]))], options.Width);
    }

    /// <summary>What an answer earns, in [0, 1]: the peak of the mode it lies on, falling linearly with each wrong letter.</summary>
    public double Reward(string answer) =>
        Modes.Max(mode => mode.Peak * Math.Max(0, 1 - (double)Mode.Distance(answer, mode.Center) / _width));

    /// <summary>The mode whose peak the answer is; null for every other.</summary>
    public Mode? At(string answer) => Modes.FirstOrDefault(mode => mode.Center == answer);

    private static double Peak(int mode, ModesOptions options) =>
        options.Modes == 1 ? 1 : 1 - (1 - options.LowestPeak) * mode / (options.Modes - 1);
}

/// <summary>A hill of the reward.</summary>
/// <param name="Center">The answer at its peak.</param>
/// <param name="Peak">Its reward.</param>
/// <param name="Solution">The first of the peaks that are forms of one solution.</param>
internal sealed record Mode(string Center, double Peak, string Solution)
{
    /// <summary>Places at which two answers differ; what one has beyond the other's end counts too.</summary>
    public static int Distance(string a, string b)
    {
        var shorter = Math.Min(a.Length, b.Length);
        var distance = Math.Max(a.Length, b.Length) - shorter;
        for (var i = 0; i < shorter; i++) distance += a[i] == b[i] ? 0 : 1;
        return distance;
    }
}
