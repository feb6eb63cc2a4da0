using FlowRL.Checkpoints;
using FlowRL.Models;
using FlowRL.Models.Families;
using FlowRL.Tests.Support;
using FlowRL.Tokenization;
using static TorchSharp.torch;

namespace FlowRL.Tests.Models.Families;

/// <summary>A nimbus on disk with random weights, and what it computes, from the names and numbers of its files alone, in float64.</summary>
internal sealed class NimbusModel : IDisposable
{
    public const int Vocabulary = 142;
    private const int Width = 20, Hidden = 24, Layers = 2, Heads = 4, KeyHeads = 2, Head = 8;
    private const double Epsilon = 1e-5, Theta = 500, Scale = 3.5;
    private readonly TemporaryFolder _folder = new();
    private readonly Dictionary<string, (long[] Shape, float[] Values)> _weights = [];
    private readonly bool _isGelu;

    /// <param name="activation">As <c>config.json</c> says it: silu or gelu_pytorch_tanh.</param>
    public NimbusModel(string activation)
    {
        _isGelu = activation == "gelu_pytorch_tanh";
        Config =
            $$"""
            {
              "architectures": [
                "NimbusForCausalLM"
              ],
              "attention_dropout": 0.0,
              "bos_token_id": 1,
              "embedding_multiplier": 3.5,
              "eos_token_id": 2,
              "head_dim": 8,
              "hidden_act": "{{activation}}",
              "hidden_size": 20,
              "initializer_range": 0.02,
              "intermediate_size": 24,
              "max_position_embeddings": 64,
              "model_type": "nimbus",
              "num_attention_heads": 4,
              "num_hidden_layers": 2,
              "num_key_value_heads": 2,
              "pad_token_id": null,
              "rms_norm_eps": 1E-05,
              "rope_scaling": null,
              "rope_theta": 500.0,
              "tie_word_embeddings": false,
              "torch_dtype": "float32",
              "use_cache": true,
              "vocab_size": 142
            }

            """;
        MakeWeights();
        Directory.CreateDirectory(Path);
        _folder.Write("model/config.json", Config);
        using var scope = NewDisposeScope();
        SafetensorsWriter.Write(_folder.In("model", "model.safetensors"), [.. _weights.Select(w => (w.Key, tensor(w.Value.Values, w.Value.Shape)))]);
        ArithmeticVocabulary.Create().Save(Path);
    }

    public static ModelFamilies Families { get; } = new(typeof(Nimbus).Assembly);

    public string Config { get; }

    public string Path => _folder.In("model");

    public ModelOptions Options => new ModelOptions { Path = Path }.With(Families);

    public IEnumerable<string> Names => _weights.Keys;

    public long Parameters => _weights.Values.Sum(weight => (long)weight.Values.Length);

    public string In(string name) => _folder.In(name);

    public LanguageModel Load() => PretrainedModel.Load(Options);

    /// <summary>The logits after each token.</summary>
    public double[][] Logits(int[] ids)
    {
        var stream = ids.Select(id => Row("backbone.embedding.weight", id, Width).Select(x => x * Scale).ToArray()).ToArray();
        for (var layer = 0; layer < Layers; layer++)
        {
            var prefix = $"backbone.blocks.{layer}.";
            Add(stream, Attend(prefix, [.. stream.Select(x => Norm(x, $"{prefix}input_layernorm.weight"))]));
            Add(stream, [.. stream.Select(x => FeedForward(prefix, Norm(x, $"{prefix}post_attention_layernorm.weight")))]);
        }
        return [.. stream.Select(x => Multiply("lm_head", Norm(x, "backbone.last_norm.weight")))];
    }

    /// <summary>The natural logarithm of the probability of <paramref name="token"/>.</summary>
    public static double LogProb(double[] logits, int token) => logits[token] - Math.Log(logits.Sum(Math.Exp));

    public void Dispose() => _folder.Dispose();

    private void MakeWeights()
    {
        var random = new Random(11);
        void Add(string name, double center, double deviation, params long[] shape) => _weights.Add(name, (shape,
            [.. Enumerable.Range(0, (int)shape.Aggregate(1L, (a, b) => a * b)).Select(_ => (float)(center + deviation * (random.NextDouble() * 2 - 1)))]));
        Add("backbone.embedding.weight", 0, 0.3, Vocabulary, Width);
        for (var layer = 0; layer < Layers; layer++)
        {
            var prefix = $"backbone.blocks.{layer}.";
            Add($"{prefix}input_layernorm.weight", 1, 0.3, Width);
            Add($"{prefix}attention.q_proj.weight", 0, 0.5, Heads * Head, Width);
            Add($"{prefix}attention.k_proj.weight", 0, 0.5, KeyHeads * Head, Width);
            Add($"{prefix}attention.v_proj.weight", 0, 0.5, KeyHeads * Head, Width);
            Add($"{prefix}attention.o_proj.weight", 0, 0.4, Width, Heads * Head);
            Add($"{prefix}attention.q_norm.weight", 1, 0.3, Head);
            Add($"{prefix}attention.k_norm.weight", 1, 0.3, Head);
            Add($"{prefix}post_attention_layernorm.weight", 1, 0.3, Width);
            foreach (var part in new[] { "gate", "up" })
            {
                Add($"{prefix}feed.{part}.weight", 0, 0.5, Hidden, Width);
                Add($"{prefix}feed.{part}.bias", -0.3, 0.5, Hidden);
            }
            Add($"{prefix}feed.down.weight", 0, 0.5, Width, Hidden);
            Add($"{prefix}feed.down.bias", 0, 0.5, Width);
        }
        Add("backbone.last_norm.weight", 1, 0.3, Width);
        Add("lm_head.weight", 0, 0.5, Vocabulary, Width);
    }

    private double[][] Attend(string prefix, double[][] rows)
    {
        double[][] Heads_(string name, double[] x, string? norm, int position) => [.. Multiply($"{prefix}attention.{name}", x).Chunk(Head)
            .Select(head => norm is null ? head : Turn(Norm(head, $"{prefix}attention.{norm}.weight"), position))];
        var queries = rows.Select((x, t) => Heads_("q_proj", x, "q_norm", t)).ToArray();
        var keys = rows.Select((x, t) => Heads_("k_proj", x, "k_norm", t)).ToArray();
        var values = rows.Select((x, t) => Heads_("v_proj", x, null, t)).ToArray();
        return [.. rows.Select((_, t) => Multiply($"{prefix}attention.o_proj", [.. Enumerable.Range(0, Heads).SelectMany(h =>
        {
            var own = h / (Heads / KeyHeads);
            var weights = Enumerable.Range(0, t + 1).Select(s => Math.Exp(Dot(queries[t][h], keys[s][own]) / Math.Sqrt(Head))).ToArray();
            return Enumerable.Range(0, Head).Select(d => weights.Select((w, s) => w * values[s][own][d]).Sum() / weights.Sum());
        })]))];
    }

    private double[] FeedForward(string prefix, double[] x)
    {
        var (gate, up) = (Multiply($"{prefix}feed.gate", x), Multiply($"{prefix}feed.up", x));
        double Activation(double g) => _isGelu ? g / 2 * (1 + Math.Tanh(Math.Sqrt(2 / Math.PI) * (g + 0.044715 * g * g * g))) : g / (1 + Math.Exp(-g));
        return Multiply($"{prefix}feed.down", [.. gate.Zip(up, (g, u) => Activation(g) * u)]);
    }

    private double[] Norm(double[] x, string name)
    {
        var inverse = 1 / Math.Sqrt(x.Average(v => v * v) + Epsilon);
        return [.. x.Zip(_weights[name].Values, (v, w) => v * inverse * w)];
    }

    // Element i turns with i + half.
    private static double[] Turn(double[] head, int position)
    {
        var turned = new double[Head];
        for (var i = 0; i < Head / 2; i++)
        {
            var (sin, cos) = Math.SinCos(position * Math.Pow(Theta, -2.0 * i / Head));
            turned[i] = head[i] * cos - head[i + Head / 2] * sin;
            turned[i + Head / 2] = head[i + Head / 2] * cos + head[i] * sin;
        }
        return turned;
    }

    private double[] Multiply(string module, double[] x)
    {
        var rows = (int)_weights[$"{module}.weight"].Shape[0];
        var bias = _weights.TryGetValue($"{module}.bias", out var found) ? found.Values : new float[rows];
        return [.. Enumerable.Range(0, rows).Select(r => Dot(Row($"{module}.weight", r, x.Length), x) + bias[r])];
    }

    private double[] Row(string name, int row, int width) => [.. _weights[name].Values.Skip(row * width).Take(width).Select(x => (double)x)];

    private static double Dot(double[] a, double[] b) => a.Zip(b, (x, y) => x * y).Sum();

    private static void Add(double[][] rows, double[][] more)
    {
        for (var t = 0; t < rows.Length; t++)
        {
            for (var d = 0; d < rows[t].Length; d++) rows[t][d] += more[t][d];
        }
    }
}
