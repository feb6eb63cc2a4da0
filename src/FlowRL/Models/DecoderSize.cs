namespace FlowRL.Models;

/// <summary>How many numbers a decoder's weights are, from its shape alone: for what is to be known before memory is asked for.</summary>
/// <param name="Matrices">Numbers of matrices and biases, held in the model's type; tied heads once.</param>
/// <param name="Norms">Numbers of norms, held in fp32.</param>
internal readonly record struct DecoderSize(long Matrices, long Norms)
{
    public long Parameters => Matrices + Norms;

    public static DecoderSize Of(DecoderConfig config)
    {
        var layer = Enum.GetValues<Projection>().Select(projection => ProjectionShape.Of(config, projection))
            .Sum(shape => shape.Outputs * shape.Inputs + (shape.HasBias ? shape.Outputs : 0));
        var norms = 2L * config.Width + (config.QueryKeyNorm ? 2L * config.HeadWidth : 0);
        return new DecoderSize(
            (config.TiedEmbeddings ? 1L : 2L) * config.VocabularySize * config.Width + config.Layers * layer, config.Layers * norms + config.Width);
    }

    /// <summary>Bytes of all weights where matrices and biases take <paramref name="bytesPerNumber"/> each.</summary>
    public long Bytes(int bytesPerNumber) => Matrices * bytesPerNumber + Norms * sizeof(float);
}
