using FlowRL.Tokenization.Patterns;

namespace FlowRL.Tokenization.PreTokenizers;

/// <summary>
/// The step into bytes, with GPT-2's own splitting where <c>use_regex</c> asks for it. Pieces stay text here: the model writes them
/// in bytes. <c>trim_offsets</c> says where tokens lie in the text, which nobody asks for.
/// </summary>
internal sealed class ByteLevelPreTokenizer(bool addsPrefixSpace, bool splits) : PreTokenizer
{
    private static readonly SplitPreTokenizer Gpt2 = new(TextPattern.OfExpression(NamedExpressions.Gpt2), SplitBehavior.Isolated);

    public override bool IsByteLevel => true;

    public override void Split(ReadOnlySpan<char> text, bool isFirst, IPieceSink sink)
    {
        var piece = addsPrefixSpace && text[0] != ' ' ? string.Concat(" ", text) : text;
        if (splits)
            Gpt2.Split(piece, isFirst, sink);
        else
            sink.Take(piece, isFirst);
    }
}
