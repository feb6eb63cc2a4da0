using FlowRL.Checkpoints;
using FlowRL.Decoding;
using FlowRL.Models;
using FlowRL.Models.Attention;
using FlowRL.Tests.Support;
using static TorchSharp.torch;

namespace FlowRL.Tests.Models.Families;

/// <summary>Every family against the numbers of the reference.</summary>
public sealed class GoldenFamilyTests
{
    private const int Prefill = 24;

    public static TheoryData<string> Names => [.. GoldenFamily.Names];

    public static TheoryData<string> Older =>
        [.. Directory.EnumerateDirectories(GoldenFiles.Path("families", "older")).Select(folder => Path.GetFileName(folder)!).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Logits_are_the_references(string name)
    {
        var family = new GoldenFamily(name);
        using var model = family.Load();
        Assert.InRange(family.Difference(model), 0, family.LogitTolerance);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Layers_that_are_computed_again_and_tensor_operations_give_the_same(string name)
    {
        var family = new GoldenFamily(name);
        using var model = family.Load();
        using var scope = NewDisposeScope();
        using var pack = new PackedSequences(family.Ids(), CPU);
        using var attention = new PackedAttention(pack);
        model.RecomputesLayers = true;
        var logits = model.Logits(model.Hidden(pack.Ids, attention));
        Assert.InRange(GoldenFamily.Difference(logits, family.Golden("logits").view(logits.shape)), 0, family.LogitTolerance);
        model.RecomputesLayers = false;
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Prefill_and_single_tokens_through_the_cache_give_what_a_whole_pass_gives(string name)
    {
        var family = new GoldenFamily(name);
        using var model = family.Load();
        using var golden = family.Golden("logits");
        using var engine = new TensorEngine(model);
        var ids = family.Ids();
        var largest = 0.0;
        void Compare(ReadOnlySpan<float> logits, int row, int position)
        {
            using var expected = golden[row, position].contiguous();
            var numbers = expected.data<float>().ToArray();
            for (var i = 0; i < numbers.Length; i++) lock (golden) largest = Math.Max(largest, Math.Abs(numbers[i] - logits[i]));
        }
        engine.Open(ids.Length, Prefill, ids[0].Length - Prefill);
        engine.Start([.. ids.Select((row, index) => new PromptStart(row[..Prefill], [index]))], (row, logits) => Compare(logits, row, Prefill - 1));
        for (var position = Prefill; position < ids[0].Length; position++)
        {
            var at = position;
            engine.Advance([0, 1], [ids[0][position], ids[1][position]], (row, logits) => Compare(logits, row, at));
        }
        engine.Close();
        Assert.InRange(largest, 1e-9, family.LogitTolerance);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void The_loss_and_its_gradients_are_the_references(string name)
    {
        var file = Path.Combine(SharedModels.PathOf("families"), name, "gradients.safetensors");
        var family = new GoldenFamily(name);
        using var model = family.Load();
        using var scope = NewDisposeScope();
        var loss = GoldenLoss.Of(model, family.Ids());
        Assert.Equal(family.Golden("loss").item<float>(), loss.item<float>(), 1e-5);
        loss.backward();
        using var gradients = SafetensorsFile.Open(file);
        Assert.Equal(gradients.Names.Order(StringComparer.Ordinal), model.Weights.Select(pair => pair.Key).Order(StringComparer.Ordinal));
        foreach (var (weight, value) in model.Weights)
        {
            using var expected = gradients.Read(weight);
            var largest = expected.abs().max().item<float>();
            var difference = value.grad is { } gradient ? GoldenFamily.Difference(gradient, expected) : largest; // an expert that no token chose has none
            Assert.True(difference <= Math.Max(family.GradientTolerance, 1e-4) * largest, $"{weight}: {difference} of {largest}");
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_saved_model_has_the_same_names_and_bytes_and_reads_back_the_same(string name)
    {
        var family = new GoldenFamily(name);
        using var folder = new TemporaryFolder();
        using var model = new LanguageModel(family.Load(), new IdTokenizer(128));
        DecoderConfigJson.Write(folder.In("config.json"), model.Decoder.Config);
        WeightFolder.Write(folder.Path, [.. model.Decoder.Weights.Select(pair => (pair.Key, pair.Value))]);
        using var saved = SafetensorsFile.Open(folder.In("model.safetensors"));
        using var original = SafetensorsFile.Open(Path.Combine(family.Folder, "model.safetensors"));
        Assert.Equal(original.Names.Order(StringComparer.Ordinal), saved.Names.Order(StringComparer.Ordinal));
        foreach (var weight in original.Names)
        {
            using var expected = original.Read(weight);
            using var actual = saved.Read(weight);
            Assert.True(expected.dtype == actual.dtype && expected.Equals(actual), weight);
        }
        using var again = family.Load(DecoderConfigJson.Read(folder.Path));
        using var scope = NewDisposeScope();
        Assert.True(family.Logits(model.Decoder).Equals(family.Logits(again)));
    }

    [Theory]
    [MemberData(nameof(Older))]
    public void Older_files_say_the_same_model(string name)
    {
        var family = new GoldenFamily(name);
        using var newer = family.Load();
        using var older = family.Load(DecoderConfigJson.Read(GoldenFiles.Path("families", "older", name)));
        using var scope = NewDisposeScope();
        Assert.True(family.Logits(newer).Equals(family.Logits(older)));
    }
}
