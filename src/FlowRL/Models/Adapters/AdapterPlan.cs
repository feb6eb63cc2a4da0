using System.Text.RegularExpressions;
using FlowRL.Configuration;

namespace FlowRL.Models.Adapters;

/// <summary>Which matrices of a model have an adapter, and of which rank and scale: what options mean for a description.</summary>
internal sealed class AdapterPlan
{
    private static readonly Dictionary<string, Projection> Known =
        Enum.GetValues<Projection>().ToDictionary(name => OptionNames.Of(name.ToString()), StringComparer.Ordinal);

    private readonly Dictionary<string, PlannedAdapter> _adapters = new(StringComparer.Ordinal);

    /// <exception cref="BadInputException">A matrix that is asked for is not there, or is called otherwise than files of adapters can say.</exception>
    public AdapterPlan(DecoderConfig config, LoraOptions options)
    {
        var targets = new SortedSet<Projection>();
        var layers = new WeightLayout(config).Layers.Select(layer => layer.Modules.ToList()).ToList();
        foreach (var target in options.TargetModules) targets.UnionWith(Meant(target, config, options, layers));
        Options = options with { TargetModules = [.. targets] };
        foreach (var (matrix, _) in layers.SelectMany(layer => layer).Where(module => NameOf(module.Matrix) is { } name && targets.Contains(name)))
        {
            var rank = (int)Pattern(options.RankPattern, matrix.Module, options.Rank);
            var alpha = Pattern(options.AlphaPattern, matrix.Module, options.Alpha);
            _adapters.Add(matrix.Module, new PlannedAdapter(matrix, rank, alpha / (options.RankStabilized ? Math.Sqrt(rank) : rank)));
        }
    }

    /// <summary>The options with the matrices under the names that the family gives them.</summary>
    public LoraOptions Options { get; }

    /// <summary>In the order of layers, and of options within a layer.</summary>
    public IEnumerable<PlannedAdapter> Adapters => _adapters.Values;

    /// <summary>The adapter of a module by its whole name; null where it has none.</summary>
    public PlannedAdapter? Find(string module) => _adapters.GetValueOrDefault(module);

    /// <summary>The names of the modules that do what <paramref name="target"/> says, or are called so.</summary>
    private static HashSet<Projection> Meant(
        Projection target, DecoderConfig config, LoraOptions options, List<List<(ProjectionLayout Matrix, IReadOnlyList<Projection> Roles)>> layers)
    {
        var word = OptionNames.Of(target.ToString());
        var named = layers.SelectMany(layer => layer).Where(module => NameOf(module.Matrix) == target || module.Roles.Contains(target)).ToList();
        if (named.Count == 0)
        {
            throw new BadInputException($"model.lora.target_modules: models of the family '{config.ModelType}' have no matrix '{word}' that can be adapted; " +
                $"leave it out (they have {string.Join(", ", Names(layers))}).");
        }
        foreach (var (matrix, roles) in named)
        {
            if (NameOf(matrix) is not { } name)
            {
                throw new BadInputException($"model.lora.target_modules: '{word}' is called '{ShortName(matrix, config)}' in models of the family " +
                    $"'{config.ModelType}', which cannot be adapted; leave it out, or set rank to 0.");
            }
            if (name == target || options.TargetModules.Contains(name)) continue;
            if (roles.Except(options.TargetModules).ToList() is { Count: > 0 } others)
            {
                throw new BadInputException($"model.lora.target_modules: in models of the family '{config.ModelType}' '{word}' is a part of " +
                    $"'{OptionNames.Of(name.ToString())}', which is adapted as a whole; name " +
                    $"{string.Join(" and ", others.Select(role => OptionNames.Of(role.ToString())))} too, or leave it out.");
            }
        }
        return [.. named.Select(module => NameOf(module.Matrix)!.Value)];
    }

    private static IEnumerable<string> Names(List<List<(ProjectionLayout Matrix, IReadOnlyList<Projection> Roles)>> layers) =>
        layers.SelectMany(layer => layer).Select(module => NameOf(module.Matrix)).OfType<Projection>().Distinct().Order()
            .Select(name => OptionNames.Of(name.ToString()));

    /// <summary>What files of adapters call the matrix: the end of its name, where that is one of <see cref="Projection"/>.</summary>
    private static Projection? NameOf(ProjectionLayout matrix) =>
        Known.TryGetValue(matrix.Module[(matrix.Module.LastIndexOf('.') + 1)..], out var name) ? name : null;

    private static string ShortName(ProjectionLayout matrix, DecoderConfig config)
    {
        var inLayer = matrix.Module[config.Names.Layers.Length..];
        return inLayer[(inLayer.IndexOf('.') + 1)..];
    }

    /// <summary>The value of the first pattern that the end of a module's name fits, as PEFT takes it.</summary>
    private static double Pattern(IReadOnlyList<AdapterPattern> patterns, string module, double otherwise) =>
        patterns.FirstOrDefault(pattern => pattern.Fits(module))?.Value ?? otherwise;
}

/// <summary>One adapter: the matrix, the rank of its product, and what that is multiplied by.</summary>
internal sealed record PlannedAdapter(ProjectionLayout Matrix, int Rank, double Scale);

/// <summary>A rank or an alpha for the modules whose names end with what a regular expression describes.</summary>
/// <param name="Key">The expression, as the file has it.</param>
/// <param name="Value">Of those modules.</param>
internal sealed record AdapterPattern(string Key, double Value)
{
    // Takes time in proportion to the name, whatever the file says; expressions that this way of matching cannot take are refused in reading.
    private Regex? _expression;

    /// <exception cref="ArgumentException">The expression is none, or asks for more than a pass over the name.</exception>
    public bool Fits(string module)
    {
        try
        {
            return (_expression ??= new Regex($@"^(.*\.)?({Key})$", RegexOptions.NonBacktracking | RegexOptions.CultureInvariant)).IsMatch(module);
        }
        catch (NotSupportedException unsupported)
        {
            throw new ArgumentException(unsupported.Message, unsupported);
        }
    }

    public bool Equals(AdapterPattern? other) => other is not null && Key == other.Key && Value.Equals(other.Value);

    public override int GetHashCode() => HashCode.Combine(Key, Value);
}
