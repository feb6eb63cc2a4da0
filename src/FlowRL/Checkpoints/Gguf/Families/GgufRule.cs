using FlowRL.Models;

namespace FlowRL.Checkpoints.Gguf.Families;

/// <summary>One thing that a file says of a model: read into fields as <c>config.json</c> has them, written from a description.</summary>
internal abstract record GgufRule
{
    public abstract void Read(GgufReading reading);

    public abstract void Write(DecoderConfig config, GgufWriting writing);
}

/// <summary>A whole number under a key of the architecture.</summary>
/// <param name="Key">Behind the architecture's name.</param>
/// <param name="Field">What <c>config.json</c> calls it.</param>
/// <param name="Of">The number that a description has.</param>
internal sealed record WholeRule(string Key, string Field, Func<DecoderConfig, int> Of) : GgufRule
{
    /// <summary>Whether files may leave it out; the field is missing then too.</summary>
    public bool IsOptional { get; init; }

    public override void Read(GgufReading reading)
    {
        if (reading.Whole(Key) is { } number) reading.Set(Field, number, Key);
        else if (!IsOptional) reading.Missing(Key);
    }

    public override void Write(DecoderConfig config, GgufWriting writing) => writing.Add(Key, (uint)Of(config));
}

/// <summary>A number of four bytes under a key of the architecture.</summary>
/// <param name="Key">Behind the architecture's name.</param>
/// <param name="Field">What <c>config.json</c> calls it.</param>
/// <param name="Of">The number that a description has.</param>
internal sealed record NumberRule(string Key, string Field, Func<DecoderConfig, double> Of) : GgufRule
{
    /// <summary>Whether files may leave it out; the field is missing then too.</summary>
    public bool IsOptional { get; init; }

    public override void Read(GgufReading reading)
    {
        if (reading.Number(Key) is { } number) reading.Set(Field, number, Key);
        else if (!IsOptional) reading.Missing(Key);
    }

    public override void Write(DecoderConfig config, GgufWriting writing) => writing.Add(Key, (float)Of(config));
}

/// <summary>A truth that files tell by whether they hold a weight.</summary>
/// <param name="Field">What <c>config.json</c> calls it.</param>
/// <param name="Tensor">The weight.</param>
internal sealed record PresentRule(string Field, string Tensor) : GgufRule
{
    /// <summary>Whether the field is true where there is none.</summary>
    public bool IsTrueWithout { get; init; }

    public override void Read(GgufReading reading) => reading.Set(Field, reading.Shape(Tensor) is null == IsTrueWithout, Tensor);

    public override void Write(DecoderConfig config, GgufWriting writing) { }
}
