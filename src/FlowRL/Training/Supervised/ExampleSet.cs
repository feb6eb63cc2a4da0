using System.Globalization;
using System.Security.Cryptography;
using System.Runtime.InteropServices;
using FlowRL.Models;
using FlowRL.Tasks;
using FlowRL.Tasks.ProblemSets;

namespace FlowRL.Training.Supervised;

/// <summary>The examples of a run as token ids.</summary>
internal sealed class ExampleSet
{
    private readonly DataReport _cut = new();
    private readonly ExampleOptions _options;
    private readonly DataReport _report;

    /// <param name="files">As they are written.</param>
    /// <param name="options">From which they were read.</param>
    /// <param name="model">Whose tokens; borrowed.</param>
    /// <param name="limit">Tokens of the longest, as <see cref="Limit"/> gives it.</param>
    /// <exception cref="BadInputException">An example cannot be rendered or is too long, and the options refuse that.</exception>
    public ExampleSet(ExampleFiles files, ExampleOptions options, LanguageModel model, int limit)
    {
        (_options, _report, Longest) = (options, files.Report, limit);
        var encoder = new ExampleEncoder(model, options.Loss, limit, cuts: options.Long == LongExamples.Cut);
        if (files[Split.Train].Concat(files[Split.Validation]).Any(example => example.Written is WrittenExample.Conversation))
            _ = LanguageModel.Template(model.Tokenizer, model.Path); // rather than refusing each row for it
        Train = Encoded(files[Split.Train], encoder);
        Validation = Encoded(files[Split.Validation], encoder);
    }

    public IReadOnlyList<TokenSequence> Train { get; }

    public IReadOnlyList<TokenSequence> Validation { get; }

    /// <summary>Tokens that an example may have.</summary>
    public int Longest { get; }

    /// <summary>What was left out and cut, and what there is.</summary>
    public IEnumerable<string> Notes
    {
        get
        {
            foreach (var line in _report.Lines()) yield return line;
            foreach (var (reason, places) in _cut.Places)
                yield return string.Create(CultureInfo.InvariantCulture, $"{_cut.LeftOut[reason]} {reason}: {places}");
            long all = Train.Sum(one => (long)one.Length + 1), taught = Train.Sum(one => (long)one.TaughtTokens);
            yield return string.Create(CultureInfo.InvariantCulture, $"{Train.Count:N0} examples, {all:N0} tokens, of which {taught:N0} are taught") +
                (Validation.Count == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $"; {Validation.Count:N0} for validation"));
        }
    }

    /// <summary>A sum over all training examples: which tokens, and which of them are taught.</summary>
    public string Sum()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var one in Train)
        {
            hash.AppendData(MemoryMarshal.AsBytes<int>([one.Prompt.Length, one.Response.Length]));
            hash.AppendData(MemoryMarshal.AsBytes<int>(one.Prompt));
            hash.AppendData(MemoryMarshal.AsBytes<int>(one.Response));
            hash.AppendData(MemoryMarshal.AsBytes<bool>(one.Taught ?? []));
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    /// <summary>Tokens that an example may have.</summary>
    /// <param name="options">What is asked for.</param>
    /// <param name="context">Of the model.</param>
    /// <param name="pack">Tokens of a pack; null where nothing is packed.</param>
    /// <exception cref="BadInputException">More are asked for than the model reads.</exception>
    public static int Limit(ExampleOptions options, int context, int? pack)
    {
        if (options.MaxTokens > context)
            throw new BadInputException($"data.max_tokens: {options.MaxTokens} is more than the model's context of {context} tokens; lower it.");
        return options.MaxTokens > 0 ? options.MaxTokens : Math.Min(context, pack ?? context);
    }

    private List<TokenSequence> Encoded(IReadOnlyList<PlacedExample> examples, ExampleEncoder encoder)
    {
        var sequences = new List<TokenSequence>(examples.Count);
        foreach (var (example, encoded) in examples.AsParallel().AsOrdered().Select(example => (example, encoder.Encode(example.Written))).AsSequential())
        {
            if (encoded.IsCut) _cut.Leave($"cut to {Longest} tokens (data.max_tokens)", example.Place);
            if (encoded.Sequence is { } sequence) sequences.Add(sequence);
            else Leave(example.Place, encoded);
        }
        return sequences;
    }

    private void Leave(string place, EncodedExample encoded)
    {
        if (encoded.IsDamaged && _options.Damaged == DamagedRows.Refuse)
            throw new BadInputException($"{place}: {encoded.Problem}; correct the row, or set data.damaged to skip.");
        if (!encoded.IsDamaged && _options.Long == LongExamples.Refuse)
            throw new BadInputException($"{place}: has {encoded.Tokens} tokens, more than {Longest}; raise data.max_tokens, or set data.long to cut or skip.");
        _report.Leave(encoded.Problem!, place);
    }
}
