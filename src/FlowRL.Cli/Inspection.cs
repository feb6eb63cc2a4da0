using FlowRL.Checkpoints;
using FlowRL.Checkpoints.Gguf;
using FlowRL.Models;
using FlowRL.Runs;
using FlowRL.Telemetry;

namespace FlowRL.Cli;

/// <summary>What lies at a path, as far as its files say without building the model.</summary>
internal sealed record Inspection
{
    /// <summary>run, checkpoint, model.</summary>
    public required string Kind { get; init; }
    public required string Path { get; init; }

    /// <summary>The last step that a run logged or a checkpoint was saved after; null for a plain model.</summary>
    public int? LastStep { get; init; }

    /// <summary>Steps of the checkpoints of a run.</summary>
    public IReadOnlyList<int> Checkpoints { get; init; } = [];

    /// <summary>The last metrics that a run logged.</summary>
    public IReadOnlyDictionary<string, double> LastMetrics { get; init; } = new Dictionary<string, double>();
    public DecoderConfig? Config { get; init; }

    /// <summary>Null for a whole model.</summary>
    public InspectedAdapter? Adapter { get; init; }
    /// <summary>What is damaged in files that a run can do without; each is a sentence.</summary>
    public IReadOnlyList<string> Damage { get; init; } = [];
    public long Parameters { get; init; }
    public IReadOnlyList<InspectedTensor> Tensors { get; init; } = [];

    /// <exception cref="BadInputException">Nothing that this tool knows lies there.</exception>
    public static Inspection Of(string path, CancellationToken cancellation)
    {
        path = ModelPlace.Resolve(path);
        if (File.Exists(System.IO.Path.Combine(path, RunFiles.Recipe))) return Run(path, cancellation);
        return Model(path, cancellation);
    }

    private static Inspection Run(string path, CancellationToken cancellation)
    {
        var checkpoints = CheckpointStore.All(System.IO.Path.Combine(path, RunFiles.Checkpoints));
        var log = System.IO.Path.Combine(path, RunFiles.Metrics);
        var last = File.Exists(log) ? MetricsLog.Read(log).LastOrDefault() : default;
        var model = checkpoints is [.., var newest] ? Model(newest.Folder, cancellation) : new Inspection { Kind = "model", Path = path };
        return model with
        {
            Kind = "run",
            Path = path,
            LastStep = last.Metrics is null ? null : last.Step,
            LastMetrics = last.Metrics ?? new Dictionary<string, double>(),
            Checkpoints = [.. checkpoints.Select(c => c.Step)],
            Damage = RunDamage.Of(path),
        };
    }

    private static Inspection Model(string path, CancellationToken cancellation)
    {
        var checkpoint = File.Exists(System.IO.Path.Combine(path, Checkpoint.RecordName)) ? Checkpoint.Open(path) : null;
        checkpoint?.VerifyModel(cancellation);
        var config = System.IO.Path.Combine(path, DecoderConfigJson.FileName);
        var adapter = AdapterFolder.Holds(path) ? AdapterConfigJson.Read(path) : null;
        if (GgufFile.Is(path)) return Gguf(path);
        using var weights = System.IO.Path.GetExtension(path) == ".bin" ? Llama2cFile.Open(path)
            : adapter is null ? WeightFolder.Open(path) : SafetensorsFile.Open(System.IO.Path.Combine(path, AdapterFolder.WeightsName));
        var tensors = weights.Names.Order(StringComparer.Ordinal).Select(name => Describe(path, weights, name, cancellation)).ToArray();
        return new Inspection
        {
            Kind = checkpoint is null ? "model" : "checkpoint",
            Path = path,
            LastStep = checkpoint?.Step,
            Config = weights is Llama2cFile file ? file.Config : File.Exists(config) ? DecoderConfigJson.Read(config) : null,
            Adapter = adapter is { Options: var o } ? new InspectedAdapter(adapter.BaseModel, o.Rank, o.Alpha, [.. o.ModuleNames]) : null,
            Parameters = tensors.Sum(t => t.Shape.Aggregate(1L, (product, size) => product * size)),
            Tensors = tensors,
        };
    }

    /// <summary>As stored: names, types and shapes are the file's own.</summary>
    private static Inspection Gguf(string path)
    {
        using var file = GgufFile.Open(path);
        var tensors = file.Header.Tensors.Select(tensor => new InspectedTensor(tensor.Name, tensor.Format.Name, tensor.Shape)).ToArray();
        return new Inspection
        {
            Kind = "model",
            Path = path,
            Config = GgufModel.Config(file),
            Parameters = file.Header.Tensors.Sum(tensor => tensor.Count),
            Tensors = tensors,
        };
    }

    private static InspectedTensor Describe(string path, IWeightSource weights, string name, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        using var tensor = weights.Read(name);
        FiniteWeights.Require(path, name, tensor);
        return new InspectedTensor(name, tensor.dtype.ToString().ToUpperInvariant(), [.. tensor.shape]);
    }
}

/// <summary>Adapters in place of a whole model.</summary>
internal sealed record InspectedAdapter(string? BaseModel, int Rank, double Alpha, IReadOnlyList<string> TargetModules);

/// <summary>One stored tensor.</summary>
internal sealed record InspectedTensor(string Name, string Type, IReadOnlyList<long> Shape);
