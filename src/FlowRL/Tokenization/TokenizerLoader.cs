namespace FlowRL.Tokenization;

/// <summary>Opens whatever tokenizer lies at a path.</summary>
internal static class TokenizerLoader
{
    /// <param name="path">A folder with tokenizer.json, tokenizer.model or a llama2.c vocabulary (tokenizer.bin, tok*.bin), or one of these files.</param>
    /// <exception cref="BadInputException">There is none, or it is damaged or of a kind that cannot be read.</exception>
    public static ITokenizer Load(string path)
    {
        var file = File.Exists(path) ? path : FindIn(path);
        return Path.GetExtension(file).Equals(".bin", StringComparison.OrdinalIgnoreCase)
            ? Llama2cTokenizer.Load(file)
            : PretrainedTokenizer.Load(file);
    }

    private static string FindIn(string folder)
    {
        if (!Directory.Exists(folder))
            throw new BadInputException($"There is no tokenizer at {folder}: the path does not exist; " +
                "give a model's folder or a tokenizer file.");
        string[] names = [TokenizerFiles.Tokenizer, TokenizerFiles.SentencePiece];
        if (names.Select(name => Path.Combine(folder, name)).FirstOrDefault(File.Exists) is { } file) return file;
        var vocabularies = Directory.GetFiles(folder, "tok*.bin").Order(StringComparer.Ordinal).ToList();
        return vocabularies switch
        {
            [var only] => only,
            [] => throw new BadInputException($"{folder} holds no tokenizer: neither tokenizer.json nor tokenizer.model nor tokenizer.bin nor " +
                "tok*.bin is there; a tokenizer in another form (vocab.json) must be saved as tokenizer.json first."),
            _ => throw new BadInputException($"{folder} holds several vocabularies " +
                $"({string.Join(", ", vocabularies.Select(Path.GetFileName))}); give the path of one."),
        };
    }
}
