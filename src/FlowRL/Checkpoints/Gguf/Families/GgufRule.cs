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
/// <param name="Of">The number that a description has; null where it has none, which is not written.</param>
internal sealed record NumberRule(string Key, string Field, Func<DecoderConfig, double?> Of) : GgufRule
{
    /// <summary>Whether files may leave it out; the field is missing then too.</summary>
    public bool IsOptional { get; init; }

    public override void Read(GgufReading reading)
    {
        if (reading.Number(Key) is { } number) reading.Set(Field, number, Key);
        else if (!IsOptional) reading.Missing(Key);
    }

    public override void Write(DecoderConfig config, GgufWriting writing)
    {
        if (Of(config) is { } number) writing.Add(Key, (float)number);
    }
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

/// <summary>What every model of an architecture is, and files have no key for.</summary>
/// <param name="Field">What <c>config.json</c> calls it.</param>
/// <param name="Of">The value, by the fields that were read before.</param>
internal sealed record ImpliedRule(string Field, Func<GgufReading, object?> Of) : GgufRule
{
    public override void Read(GgufReading reading) => reading.Set(Field, Of(reading), null);

    public override void Write(DecoderConfig config, GgufWriting writing) { }
}

/// <summary>A field that the family's files call otherwise than most do.</summary>
/// <param name="Field">What the rule before called it.</param>
/// <param name="Own">What this family calls it.</param>
internal sealed record RenamedRule(string Field, string Own) : GgufRule
{
    public override void Read(GgufReading reading) => reading.Rename(Field, Own);

    public override void Write(DecoderConfig config, GgufWriting writing) { }
}

/// <summary>Keys that say nothing about what models of this family compute: those of parts that they do not have.</summary>
internal sealed record PassedRule(params string[] Keys) : GgufRule
{
    public override void Read(GgufReading reading)
    {
        foreach (var key in Keys) reading.Pass(key);
    }

    public override void Write(DecoderConfig config, GgufWriting writing) { }
}
