using System.Text.RegularExpressions;

namespace FlowRL.Hub;

/// <summary>
/// Which files of a repository are fetched: those that are read here, each weight once. Never pickles, and never programs.
/// </summary>
internal static partial class WantedFiles
{
    public const string Config = "config.json";
    public const string AdapterConfig = "adapter_config.json";
    public const string AdapterWeights = "adapter_model.safetensors";
    public const string Weights = "model.safetensors";
    public const string Index = "model.safetensors.index.json";
    public const string Gguf = ".gguf";

    private const int Shown = 8;

    /// <summary>Files of a tokenizer, of which every model has at least one.</summary>
    public static IReadOnlyList<string> Vocabularies { get; } = ["tokenizer.json", "tokenizer.model", "tekken.json", "vocab.json"];

    /// <summary>What is read beside the weights; where one is missing, other tools are told so in the cache.</summary>
    public static IReadOnlyList<string> Small { get; } =
    [
        Config, AdapterConfig, Index, "generation_config.json", .. Vocabularies, "tokenizer_config.json", "special_tokens_map.json", "added_tokens.json",
        "merges.txt", "chat_template.jinja", "chat_template.json",
    ];

    private static readonly string[] Pickles = [".bin", ".pt", ".pth", ".ckpt", ".pkl"];
    private static readonly string[] Rows = [".jsonl", ".ndjson", ".json", ".csv", ".tsv"];

    /// <summary>The files that are fetched, smaller ones first, so that weights are there only where all else is.</summary>
    /// <exception cref="BadInputException">There is nothing that can be read, or a choice to be made.</exception>
    public static IReadOnlyList<HubFile> Of(HubListing listing, HubName name, RepositoryKind kind)
    {
        var wanted = name.File is not null ? [Named(listing, name, kind)] : kind == RepositoryKind.Model ? OfModel(listing, name) : OfDataset(listing, name);
        return [.. wanted.OrderBy(file => IsWeights(file.Name)).ThenBy(file => file.Size ?? 0).ThenBy(file => file.Name, StringComparer.Ordinal)];
    }

    private static HubFile Named(HubListing listing, HubName name, RepositoryKind kind)
    {
        var isRead = kind == RepositoryKind.Model ? IsGguf(name.File!) : IsRows(name.File!);
        if (!isRead)
        {
            throw new BadInputException(kind == RepositoryKind.Model
                ? $"{name}: of single files only a model's .gguf is fetched; leave out ':{name.File}' for the whole model."
                : $"{name}: of single files only rows are fetched: {string.Join(", ", Rows)} (these also .gz) or .parquet.");
        }
        var others = listing.Files.Where(file => kind == RepositoryKind.Model ? IsGguf(file.Name) : IsRows(file.Name));
        return listing.Files.FirstOrDefault(file => file.Name == name.File)
            ?? throw new BadInputException($"{name}: the repository has no file '{name.File}'{Some(others)}.");
    }

    private static List<HubFile> OfModel(HubListing listing, HubName name)
    {
        var files = listing.Files.ToDictionary(file => file.Name, StringComparer.Ordinal);
        var small = listing.Files.Where(file => Small.Contains(file.Name) || Templates().IsMatch(file.Name)).ToList();
        if (files.ContainsKey(AdapterConfig) && files.TryGetValue(AdapterWeights, out var adapter))
            return [.. small.Where(file => file.Name is not Index), adapter];
        if (files.TryGetValue(Weights, out var whole)) return [.. small.Where(file => file.Name is not (Index or AdapterConfig)), whole];
        var shards = listing.Files.Where(file => Shards().IsMatch(file.Name)).ToList();
        if (files.ContainsKey(Index) && shards.Count > 0) return [.. small.Where(file => file.Name is not AdapterConfig), .. shards];
        var ggufs = listing.Files.Where(file => IsGguf(file.Name)).ToList();
        return ggufs.Count == 1 ? ggufs : throw (ggufs.Count > 1
            ? new BadInputException($"{name}: holds {ggufs.Count} .gguf files, and one of them is the model; name it, as in " +
                $"'{name}:{ggufs[0].Name}'{Some(ggufs)}.")
            : Unreadable(listing, name));
    }

    private static BadInputException Unreadable(HubListing listing, HubName name)
    {
        var pickle = listing.Files.FirstOrDefault(file => Pickles.Any(ending => file.Name.EndsWith(ending, StringComparison.OrdinalIgnoreCase)));
        return new BadInputException(pickle is null
            ? $"{name}: holds no model that can be read here: neither {Weights}, nor {Index} with its files, nor a .gguf file."
            : $"{name}: its weights are pickles ('{pickle.Name}'), which can run code when they are read, and nothing of the kind is fetched; choose a " +
                "repository or a revision with safetensors files.");
    }

    private static List<HubFile> OfDataset(HubListing listing, HubName name)
    {
        var rows = listing.Files.Where(file => IsRows(file.Name) && !IsAbout(file.Name)).ToList();
        return rows.Count > 0 ? rows : throw new BadInputException(
            $"{name}: holds no rows that can be read here: {string.Join(", ", Rows)} (these also .gz) or .parquet.");
    }

    public static bool IsGguf(string name) => name.EndsWith(Gguf, StringComparison.Ordinal);

    public static bool IsRows(string name)
    {
        var lower = name.ToLowerInvariant();
        var plain = lower.EndsWith(".gz", StringComparison.Ordinal) ? lower[..^3] : lower;
        return Rows.Any(ending => plain.EndsWith(ending, StringComparison.Ordinal)) || lower.EndsWith(".parquet", StringComparison.Ordinal);
    }

    public static bool IsWeights(string name) => name.EndsWith(".safetensors", StringComparison.Ordinal) || IsGguf(name);

    /// <summary>What describes a data set, or is none of its own.</summary>
    private static bool IsAbout(string name) => name.Split('/').Any(part => part[0] == '.')
        || name is "dataset_infos.json" or "dataset_info.json" or "state.json" or "config.json" or "metadata.json";

    private static string Some(IEnumerable<HubFile> files)
    {
        var names = files.Select(file => file.Name).ToList();
        return names.Count == 0 ? "" : $"; there are {string.Join(", ", names.Take(Shown))}{(names.Count > Shown ? $" and {names.Count - Shown} more" : "")}";
    }

    [GeneratedRegex(@"\Aadditional_chat_templates/[^/]+\.jinja\z")]
    private static partial Regex Templates();

    // model-00001-of-00002.safetensors, and model.safetensors-00001-of-00002.safetensors
    [GeneratedRegex(@"\Amodel[^/]*-[0-9]+-of-[0-9]+\.safetensors\z")]
    private static partial Regex Shards();
}
