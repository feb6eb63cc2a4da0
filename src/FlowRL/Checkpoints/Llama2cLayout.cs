using FlowRL.Models;

namespace FlowRL.Checkpoints;

/// <summary>Where a tensor lies; <paramref name="RotatedHeads"/> is the number of heads whose rows are in rotated pairs, or 0.</summary>
internal sealed record Llama2cTensor(long Offset, long[] Shape, int RotatedHeads);

/// <summary>The order of tensors in llama2.c's legacy format, under Hugging Face's names.</summary>
internal static class Llama2cLayout
{
    /// <summary>Every tensor's place, from <paramref name="start"/> on, and the length that the file must have.</summary>
    public static Dictionary<string, Llama2cTensor> Of(DecoderConfig config, long start, out Int128 fileBytes)
    {
        long width = config.Width, wide = config.FeedForwardWidth, keyWidth = (long)config.KeyValueHeads * config.HeadWidth;
        var tensors = new Dictionary<string, Llama2cTensor>(StringComparer.Ordinal);
        // Nothing is read at an offset unless the file is as long as the exact sum says, so a wrapped offset is never used.
        Int128 offset = start;
        void Add(string name, long[] shape, int rotatedHeads = 0)
        {
            tensors.Add(name, new Llama2cTensor(unchecked((long)offset), shape, rotatedHeads));
            offset += shape.Aggregate((Int128)sizeof(float), (product, dimension) => product * dimension);
        }
        void AddLayers(string name, long[] shape, int rotatedHeads = 0)
        {
            for (var layer = 0; layer < config.Layers; layer++) Add($"model.layers.{layer}.{name}.weight", shape, rotatedHeads);
        }
        Add("model.embed_tokens.weight", [config.VocabularySize, width]);
        AddLayers("input_layernorm", [width]);
        AddLayers("self_attn.q_proj", [width, width], config.Heads);
        AddLayers("self_attn.k_proj", [keyWidth, width], config.KeyValueHeads);
        AddLayers("self_attn.v_proj", [keyWidth, width]);
        AddLayers("self_attn.o_proj", [width, width]);
        AddLayers("post_attention_layernorm", [width]);
        AddLayers("mlp.gate_proj", [wide, width]);
        AddLayers("mlp.down_proj", [width, wide]);
        AddLayers("mlp.up_proj", [wide, width]);
        Add("model.norm.weight", [width]);
        // Two tables of rotations that newer readers compute themselves: (context, half a head), cosine and sine.
        offset += (Int128)config.ContextLength * config.HeadWidth * sizeof(float);
        if (!config.TiedEmbeddings) Add("lm_head.weight", [config.VocabularySize, width]);
        fileBytes = offset;
        return tensors;
    }
}
