using System.Buffers.Binary;
using FlowRL.Files;
using FlowRL.Models;
using Microsoft.Win32.SafeHandles;
using static TorchSharp.torch;

namespace FlowRL.Checkpoints;

/// <summary>
/// A model in llama2.c's legacy format: 7 int32 (width, feed-forward width, layers, heads, key-value heads, vocabulary, context; a
/// negative vocabulary means an output head of its own), then float32 tensors, all layers of one kind together. Tensors are handed out
/// under Hugging Face's names. Reading is safe from several threads.
/// </summary>
/// <remarks>
/// llama2.c rotates neighbouring elements (2i, 2i+1) of a head, Hugging Face elements (i, i + d/2). The rows of the query and key
/// projections are therefore reordered within each head, even ones first: the same numbers come out under the other rotation.
/// </remarks>
public sealed class Llama2cFile : IWeightSource
{
    private const int HeaderBytes = 7 * sizeof(int);

    // "ak42": the first word of llama2.c's versioned formats.
    private const int VersionedMagic = 0x616b3432;

    private readonly SafeFileHandle _file;
    private readonly string _path;
    private readonly Dictionary<string, Llama2cTensor> _tensors;

    private Llama2cFile(string path, SafeFileHandle file, DecoderConfig config, Dictionary<string, Llama2cTensor> tensors) =>
        (_path, _file, Config, _tensors) = (path, file, config, tensors);

    /// <summary>
    /// The shape, as a <c>llama</c>. Sequences begin with id 1; generation ends at id 1 too, as in llama2.c, or at id 2.
    /// </summary>
    public DecoderConfig Config { get; }

    public IReadOnlyCollection<string> Names => _tensors.Keys;

    /// <exception cref="BadInputException">The file is missing, of another format, or not as long as its header says.</exception>
    public static Llama2cFile Open(string path)
    {
        var file = InputFile.Open(path, "a llama2.c model");
        try
        {
            var size = RandomAccess.GetLength(file);
            var config = ReadConfig(file, path);
            var tensors = Llama2cLayout.Of(config, HeaderBytes, out var expected);
            if (size != expected)
                throw new BadInputException(
                    $"{path} is {size} bytes long; its header needs {expected}. " +
                    "Copy or download it again, or export it in the legacy format.");
            return new Llama2cFile(path, file, config, tensors);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    public Tensor Read(string name)
    {
        if (!_tensors.TryGetValue(name, out var place))
            throw new BadInputException($"{_path} holds no tensor '{name}'. A llama2.c model has the tensors of Hugging Face's llama.");
        MachineMemory.Require($"{_path}: '{name}'", [new("the tensor", place.Shape.Aggregate((long)sizeof(float), (bytes, size) => bytes * size))],
            "take a smaller model");
        try
        {
            var tensor = TensorBytes.Read(_file, place.Offset, place.Shape, ScalarType.Float32);
            if (place.RotatedHeads == 0) return tensor;
            using (tensor) return EvenRowsFirst(tensor, place.RotatedHeads);
        }
        catch (EndOfStreamException e)
        {
            throw new BadInputException($"{_path} was cut off while '{name}' was read. Copy or download it again.", e);
        }
    }

    public void Dispose() => _file.Dispose();

    private static Tensor EvenRowsFirst(Tensor projection, int heads)
    {
        using var scope = NewDisposeScope();
        var (rows, width) = (projection.shape[0], projection.shape[1]);
        return projection
            .view(heads, rows / heads / 2, 2, width)   // (H, pairs, even | odd, D)
            .transpose(1, 2)                           // (H, even | odd, pairs, D)
            .reshape(rows, width)
            .MoveToOuterDisposeScope();
    }

    private static DecoderConfig ReadConfig(SafeFileHandle file, string path)
    {
        Span<byte> header = stackalloc byte[HeaderBytes];
        if (RandomAccess.Read(file, header, 0) < HeaderBytes)
            throw new BadInputException($"{path} ends inside its header of {HeaderBytes} bytes. Copy or download it again.");
        var words = new int[7];
        for (var i = 0; i < words.Length; i++) words[i] = BinaryPrimitives.ReadInt32LittleEndian(header[(4 * i)..]);
        if (words[0] == VersionedMagic)
            throw new BadInputException($"{path} is in a versioned format of llama2.c. Export it with '--version 0', the legacy format.");
        var (width, heads, vocabulary) = (words[0], words[3], Math.Abs((long)words[5]));
        var config = new DecoderConfig
        {
            ModelType = "llama",
            Width = width,
            FeedForwardWidth = words[1],
            Layers = words[2],
            Heads = heads,
            KeyValueHeads = words[4],
            HeadWidth = heads > 0 ? width / heads : 0,
            VocabularySize = (int)Math.Min(vocabulary, int.MaxValue),
            ContextLength = words[6],
            NormEpsilon = 1e-5f,
            RopeTheta = 10000,
            TiedEmbeddings = words[5] > 0,
            BeginOfSequenceId = 1,
            EndOfSequenceIds = [1, 2],
        };
        var problems = DecoderConfigRules.Problems(config).ToList();
        if (heads > 0 && width % heads != 0) problems.Add($"hidden_size is {width}, no multiple of num_attention_heads {heads}");
        return problems.Count == 0 ? config : throw new BadInputException(
            $"{path} is no llama2.c model, or damaged: {string.Join("; ", problems)}. Copy or download it again.");
    }
}

/// <summary>Where a tensor lies; <paramref name="RotatedHeads"/> is the number of heads whose rows are in rotated pairs, or 0.</summary>
internal sealed record Llama2cTensor(long Offset, long[] Shape, int RotatedHeads);

/// <summary>The order of tensors in llama2.c's legacy format, under Hugging Face's names.</summary>
internal static class Llama2cLayout
{
    /// <summary>Every tensor's place, from <paramref name="start"/> on, and the length that the file must have.</summary>
    public static Dictionary<string, Llama2cTensor> Of(DecoderConfig config, long start, out Int128 fileBytes)
    {
        var layout = new WeightLayout(config);
        var tensors = new Dictionary<string, Llama2cTensor>(StringComparer.Ordinal);
        // Nothing is read at an offset unless the file is as long as the exact sum says, so a wrapped offset is never used.
        Int128 offset = start;
        void Add(WeightShape weight, int rotatedHeads = 0)
        {
            tensors.Add(weight.Name, new Llama2cTensor(unchecked((long)offset), weight.Shape, rotatedHeads));
            offset += weight.Shape.Aggregate((Int128)sizeof(float), (product, dimension) => product * dimension);
        }
        void AddLayers(Func<LayerLayout, WeightShape> weight, int rotatedHeads = 0)
        {
            foreach (var layer in layout.Layers) Add(weight(layer), rotatedHeads);
        }
        Add(layout.Embedding);
        AddLayers(layer => layer.InputNorm!);
        AddLayers(layer => layer[Projection.QProj].Matrix, config.Heads);
        AddLayers(layer => layer[Projection.KProj].Matrix, config.KeyValueHeads);
        AddLayers(layer => layer[Projection.VProj].Matrix);
        AddLayers(layer => layer[Projection.OProj].Matrix);
        AddLayers(layer => layer.PostNorm!);
        AddLayers(layer => layer[Projection.GateProj].Matrix);
        AddLayers(layer => layer[Projection.DownProj].Matrix);
        AddLayers(layer => layer[Projection.UpProj].Matrix);
        Add(layout.FinalNorm);
        // Two tables of rotations that newer readers compute themselves: (context, half a head), cosine and sine.
        offset += (Int128)config.ContextLength * config.HeadWidth * sizeof(float);
        if (layout.Head is { } head) Add(head);
        fileBytes = offset;
        return tensors;
    }
}
