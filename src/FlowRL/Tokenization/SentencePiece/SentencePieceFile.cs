namespace FlowRL.Tokenization.SentencePiece;

/// <summary>What a piece of a SentencePiece vocabulary is for; the numbers are those of the files.</summary>
internal enum PieceKind
{
    Normal = 1,
    Unknown = 2,
    Control = 3,
    UserDefined = 4,
    Unused = 5,
    Byte = 6,
}

/// <summary>How SentencePiece writes a text in its pieces; the numbers are those of the files.</summary>
internal enum PieceModel
{
    Unigram = 1,
    Bpe = 2,
    Word = 3,
    Character = 4,
}

internal sealed record Piece(string Text, float Score, PieceKind Kind);

/// <summary>A SentencePiece <c>tokenizer.model</c>: a protocol buffer with the pieces, and how a text is written in them.</summary>
internal sealed record SentencePieceFile
{
    /// <summary>For messages.</summary>
    public required string Path { get; init; }

    /// <summary>The position is the id.</summary>
    public required IReadOnlyList<Piece> Pieces { get; init; }

    public PieceModel Model { get; init; } = PieceModel.Unigram;

    /// <summary>Whether characters without a piece become the pieces of their bytes.</summary>
    public bool FallsBackOnBytes { get; init; }

    /// <summary>What the unknown piece shows as.</summary>
    public string UnknownSurface { get; init; } = " \u2047 ";

    public int? BeginId { get; init; } = 1;

    public int? EndId { get; init; } = 2;

    /// <summary>The compiled table of replacements that comes before everything else; empty for none.</summary>
    public ReadOnlyMemory<byte> CharacterMap { get; init; }

    /// <summary>Whether a space is put before a text.</summary>
    public bool AddsSpacePrefix { get; init; } = true;

    /// <summary>Whether spaces at the ends and next to others are left out.</summary>
    public bool RemovesExtraSpaces { get; init; } = true;

    public bool EscapesSpaces { get; init; } = true;

    public bool PutsSpacesBehind { get; init; }

    /// <param name="path">For messages.</param>
    /// <param name="content">The file.</param>
    /// <exception cref="BadInputException">It is damaged; memory is never more than a few times the file.</exception>
    public static SentencePieceFile Read(string path, ReadOnlyMemory<byte> content)
    {
        if (content.Length == 0) throw new BadInputException($"{path} is empty; fetch the file again, or give another tokenizer.");
        var pieces = new List<Piece>();
        var file = new SentencePieceFile { Path = path, Pieces = pieces };
        foreach (var field in new ProtobufReader(path, content).Fields())
        {
            if (field.Number == 1) pieces.Add(ReadPiece(field.Message(), pieces.Count));
            else if (field.Number == 2) file = file.WithTrainer(field.Message());
            else if (field.Number == 3) file = file.WithNormalizer(field.Message());
            if (pieces.Count > JsonPlace.MostTokens) throw field.Damaged($"it has more than {JsonPlace.MostTokens} pieces");
        }
        if (pieces.Count == 0)
            throw new BadInputException($"{path} is no SentencePiece model: it holds no pieces; fetch the file again, or give another tokenizer.");
        return file with { BeginId = file.IfThere(file.BeginId), EndId = file.IfThere(file.EndId) };
    }

    /// <summary>The first piece for what has none; null where there is no such piece.</summary>
    public int? UnknownId => Pieces.Index().Where(piece => piece.Item.Kind == PieceKind.Unknown).Select(piece => (int?)piece.Index).FirstOrDefault();

    /// <summary>The pieces that texts are written in, by theirs.</summary>
    public Dictionary<string, (int Id, float Score)> Ordinary() => Pieces.Index().Where(piece => piece.Item.Kind == PieceKind.Normal)
        .ToDictionary(piece => piece.Item.Text, piece => (piece.Index, piece.Item.Score));

    /// <summary>The same file again, without what only a trainer reads.</summary>
    public byte[] ToBytes()
    {
        var writer = new ProtobufWriter();
        foreach (var piece in Pieces)
            writer.Message(1, inner => inner.Text(1, piece.Text).Float(2, piece.Score).Integer(3, (int)piece.Kind));
        writer.Message(2, inner => inner.Integer(3, (int)Model).Flag(35, FallsBackOnBytes).Flag(24, PutsSpacesBehind)
            .Integer(40, UnknownId ?? -1).Integer(41, BeginId ?? -1).Integer(42, EndId ?? -1)
            .Text(44, UnknownSurface));
        writer.Message(3, inner => inner.Bytes(2, CharacterMap.Span).Flag(3, AddsSpacePrefix).Flag(4, RemovesExtraSpaces).Flag(5, EscapesSpaces));
        return writer.ToArray();
    }

    private static Piece ReadPiece(ProtobufReader message, int id)
    {
        var piece = new Piece("", 0, PieceKind.Normal);
        foreach (var field in message.Fields())
        {
            piece = field.Number switch
            {
                1 => piece with { Text = field.Text() },
                2 => piece with { Score = field.Float() },
                3 when Enum.IsDefined((PieceKind)field.Integer()) => piece with { Kind = (PieceKind)field.Integer() },
                3 => throw field.Damaged($"piece {id} is of kind {field.Integer()}, which is not known"),
                _ => piece,
            };
        }
        if (piece.Text.Length == 0) throw message.Damaged($"piece {id} has no text");
        return float.IsFinite(piece.Score) ? piece : throw message.Damaged($"piece {id} has a score that is no finite number");
    }

    private SentencePieceFile WithTrainer(ProtobufReader message)
    {
        var file = this;
        foreach (var field in message.Fields())
        {
            file = field.Number switch
            {
                3 when Enum.IsDefined((PieceModel)field.Integer()) => file with { Model = (PieceModel)field.Integer() },
                3 => throw field.Damaged($"the model is of type {field.Integer()}, which is not known"),
                24 => file with { PutsSpacesBehind = field.Integer() != 0 },
                35 => file with { FallsBackOnBytes = field.Integer() != 0 },
                41 => file with { BeginId = field.Integer() },
                42 => file with { EndId = field.Integer() },
                44 => file with { UnknownSurface = field.Text() },
                _ => file,
            };
        }
        return file;
    }

    private SentencePieceFile WithNormalizer(ProtobufReader message)
    {
        var file = this;
        foreach (var field in message.Fields())
        {
            file = field.Number switch
            {
                2 => file with { CharacterMap = field.Content() },
                3 => file with { AddsSpacePrefix = field.Integer() != 0 },
                4 => file with { RemovesExtraSpaces = field.Integer() != 0 },
                5 => file with { EscapesSpaces = field.Integer() != 0 },
                _ => file,
            };
        }
        return file;
    }

    private int? IfThere(int? id) => id is { } at && at >= 0 && at < Pieces.Count && Pieces[at].Kind == PieceKind.Control ? at : null;
}
