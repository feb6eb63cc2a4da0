using CsCheck;
using FlowRL.Checkpoints;
using FlowRL.Tests.Support;
using TorchSharp;
using static TorchSharp.torch;

namespace FlowRL.Tests.Checkpoints;

public sealed class Llama2cFileTests : IDisposable
{
    private static readonly string Stories = GoldenFiles.Path("stories260K", "stories260K.bin");
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_header_gives_the_shape()
    {
        using var file = Llama2cFile.Open(GoldenFiles.Path("babyllama", "model5000.bin"));
        var config = file.Config;
        Assert.Equal(
            ("llama", 105, 128, 352, 5, 8, 4, 16, 256, true),
            (config.ModelType, config.VocabularySize, config.Width, config.FeedForwardWidth, config.Layers, config.Heads,
                config.KeyValueHeads, config.HeadWidth, config.ContextLength, config.TiedEmbeddings));
        Assert.Equal((1e-5f, 10000.0), (config.NormEpsilon, config.RopeTheta));
        Assert.Equal(2 + 5 * 9, file.Names.Count);
        Assert.DoesNotContain("lm_head.weight", file.Names);
    }

    [Fact]
    public void Tensors_lie_where_the_format_says()
    {
        using var scope = NewDisposeScope();
        using var file = Llama2cFile.Open(Stories);
        // Element offsets by hand: 64 wide, 172 feed-forward, 5 layers, 8 and 4 heads of 8, 512 ids.
        const int queries = 512 * 64 + 5 * 64, keys = queries + 5 * 64 * 64, values = keys + 5 * 32 * 64, output = values + 5 * 32 * 64;
        const int norms = output + 5 * 64 * 64, gate = norms + 5 * 64, down = gate + 5 * 172 * 64, up = down + 5 * 172 * 64;
        Assert.Equal(Raw(0, 512 * 64), Values(file.Read("model.embed_tokens.weight")));
        Assert.Equal(Raw(512 * 64 + 64, 64), Values(file.Read("model.layers.1.input_layernorm.weight")));
        Assert.Equal(Raw(values + 32 * 64, 32 * 64), Values(file.Read("model.layers.1.self_attn.v_proj.weight")));
        Assert.Equal(Raw(output, 64 * 64), Values(file.Read("model.layers.0.self_attn.o_proj.weight")));
        Assert.Equal(Raw(norms, 64), Values(file.Read("model.layers.0.post_attention_layernorm.weight")));
        Assert.Equal(Raw(gate, 172 * 64), Values(file.Read("model.layers.0.mlp.gate_proj.weight")));
        Assert.Equal(Raw(down, 172 * 64), Values(file.Read("model.layers.0.mlp.down_proj.weight")));
        Assert.Equal(Raw(up + 4 * 172 * 64, 172 * 64), Values(file.Read("model.layers.4.mlp.up_proj.weight")));
        Assert.Equal(Raw(up + 5 * 172 * 64, 64), Values(file.Read("model.norm.weight")));
    }

    [Fact]
    public void Attention_scores_are_the_same_under_both_rotations()
    {
        using var scope = NewDisposeScope();
        using var file = Llama2cFile.Open(Stories);
        const int width = 64, head = 8, queries = 512 * 64 + 5 * 64, keys = queries + 5 * 64 * 64;
        var query = Values(file.Read("model.layers.2.self_attn.q_proj.weight"));
        var key = Values(file.Read("model.layers.2.self_attn.k_proj.weight"));
        var (rawQuery, rawKey) = (Raw(queries + 2 * 64 * 64, 64 * 64), Raw(keys + 2 * 32 * 64, 32 * 64));
        Gen.Select(Gen.Double[-1, 1].Array[width], Gen.Double[-1, 1].Array[width], Gen.Int[0, 511], Gen.Int[0, 511], Gen.Int[0, 7])
            .Sample((x, y, p, q, h) =>
            {
                var neighbours = Score(Rotate(Project(rawQuery, x, h), p, i => (2 * i, 2 * i + 1)),
                    Rotate(Project(rawKey, y, h / 2), q, i => (2 * i, 2 * i + 1)));
                var halves = Score(Rotate(Project(query, x, h), p, i => (i, i + head / 2)),
                    Rotate(Project(key, y, h / 2), q, i => (i, i + head / 2)));
                return Math.Abs(neighbours - halves) < 1e-9;
            }, iter: 200);

        static double[] Project(float[] weight, double[] x, int h) =>
            [.. Enumerable.Range(h * head, head).Select(row => Enumerable.Range(0, width).Sum(c => weight[row * width + c] * x[c]))];

        static double[] Rotate(double[] v, int position, Func<int, (int, int)> pair)
        {
            var rotated = new double[head];
            for (var i = 0; i < head / 2; i++)
            {
                var (a, b) = pair(i);
                var (sin, cos) = Math.SinCos(position * Math.Pow(10000, -2.0 * i / head));
                (rotated[a], rotated[b]) = (v[a] * cos - v[b] * sin, v[a] * sin + v[b] * cos);
            }
            return rotated;
        }

        static double Score(double[] a, double[] b) => a.Zip(b, (u, v) => u * v).Sum();
    }

    [Fact]
    public void A_negative_vocabulary_means_an_output_head_of_its_own()
    {
        using var scope = NewDisposeScope();
        var bytes = File.ReadAllBytes(Stories);
        BitConverter.GetBytes(-512).CopyTo(bytes, 20);
        var head = Enumerable.Range(0, 512 * 64).SelectMany(i => BitConverter.GetBytes((float)i));
        using var file = Llama2cFile.Open(_folder.Write("untied.bin", [.. bytes, .. head]));
        Assert.False(file.Config.TiedEmbeddings);
        Assert.Equal(Enumerable.Range(0, 512 * 64).Select(i => (float)i), Values(file.Read("lm_head.weight")));
    }

    [Fact]
    public void A_wrong_length_is_named_with_the_right_one()
    {
        var whole = File.ReadAllBytes(Stories);
        const string advice = "Copy or download it again, or export it in the legacy format.";
        var path = _folder.Write("m.bin", whole[..1000]);
        Assert.Equal($"{path} is 1000 bytes long; its header needs 1056540. {advice}", Message(path));
        _folder.Write("m.bin", [.. whole, 0]);
        Assert.Equal($"{path} is 1056541 bytes long; its header needs 1056540. {advice}", Message(path));
        _folder.Write("m.bin", whole[..27]);
        Assert.Equal($"{path} ends inside its header of 28 bytes. Copy or download it again.", Message(path));
        _folder.Write("m.bin", [0x32, 0x34, 0x6b, 0x61, .. whole[4..]]);
        Assert.Equal($"{path} is in a versioned format of llama2.c. Export it with '--version 0', the legacy format.", Message(path));
    }

    [Fact]
    public void A_random_header_is_refused()
    {
        var path = _folder.In("random.bin");
        Gen.Byte.Array[40].Sample(bytes =>
        {
            File.WriteAllBytes(path, bytes);
            Assert.Throws<BadInputException>(() => Llama2cFile.Open(path).Dispose());
        }, iter: 500, threads: 1);
        Gen.Int[int.MinValue, int.MaxValue].Select(Gen.Int[1, 64], (a, b) => b % 3 == 0 ? a : b).Array[7].Sample(words =>
        {
            File.WriteAllBytes(path, [.. words.SelectMany(BitConverter.GetBytes)]);
            Assert.Throws<BadInputException>(() => Llama2cFile.Open(path).Dispose());
        }, iter: 500, threads: 1);
    }

    [Fact]
    public void Reading_leaves_no_tensor_behind()
    {
        DisposeScopeManager.Statistics.Reset();
        using (var file = Llama2cFile.Open(Stories))
            foreach (var name in file.Names) file.Read(name).Dispose();
        Assert.Equal(0, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }

    private static string Message(string path) => Assert.Throws<BadInputException>(() => Llama2cFile.Open(path).Dispose()).Message;

    private static float[] Values(Tensor tensor) => tensor.data<float>().ToArray();

    private static float[] Raw(int start, int count)
    {
        var bytes = File.ReadAllBytes(Stories).AsSpan(28 + 4 * start, 4 * count);
        return System.Runtime.InteropServices.MemoryMarshal.Cast<byte, float>(bytes).ToArray();
    }
}
