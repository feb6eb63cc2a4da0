using System.Buffers.Binary;
using System.Text;
using System.Text.Unicode;

namespace FlowRL.Tokenization.SentencePiece;

/// <summary>Reads a protocol buffer field by field. Lengths are checked against what is there, and nothing is copied but texts.</summary>
/// <param name="path">For messages.</param>
/// <param name="content">One message.</param>
/// <param name="offset">Where it begins in the file.</param>
internal sealed class ProtobufReader(string path, ReadOnlyMemory<byte> content, int offset = 0)
{
    private int _at;

    public IEnumerable<Field> Fields()
    {
        for (_at = 0; _at < content.Length;)
        {
            var start = _at;
            var key = Variable();
            var (number, wire) = ((int)(key >> 3), (int)(key & 7));
            if (number == 0 || key > uint.MaxValue) throw Damaged("there is no such field");
            switch (wire)
            {
                case 0:
                    yield return new Field(this, number, wire, (long)Variable(), default, start);
                    break;
                case 1 or 5:
                    yield return new Field(this, number, wire, 0, Take(wire == 1 ? 8UL : 4UL), start);
                    break;
                case 2:
                    yield return new Field(this, number, wire, 0, Take(Variable()), start);
                    break;
                default:
                    throw Damaged($"a field is of wire type {wire}");
            }
        }
    }

    /// <summary>What is wrong at this place.</summary>
    public BadInputException Damaged(string what) => Damaged(_at, what);

    private BadInputException Damaged(int at, string what) =>
        new($"{path} is not a whole SentencePiece model: at byte {offset + at} {what}; fetch the file again, or give another tokenizer.");

    private ulong Variable()
    {
        var value = 0UL;
        for (var shift = 0; shift < 64; shift += 7)
        {
            if (_at >= content.Length) throw Damaged("it ends within a number");
            var part = content.Span[_at++];
            value |= (ulong)(part & 0x7F) << shift;
            if (part < 0x80) return value;
        }
        throw Damaged("a number is too long");
    }

    private ReadOnlyMemory<byte> Take(ulong length)
    {
        if (length > (ulong)(content.Length - _at)) throw Damaged($"a field would have {length} bytes, and {content.Length - _at} are left");
        var taken = content.Slice(_at, (int)length);
        _at += (int)length;
        return taken;
    }

    /// <summary>One field; asking for a type that it is not of throws.</summary>
    public readonly record struct Field(ProtobufReader Reader, int Number, int Wire, long Value, ReadOnlyMemory<byte> Part, int Start)
    {
        public int Integer() => Wire == 0 && Value is >= int.MinValue and <= int.MaxValue ? (int)Value : throw WrongType();

        public float Float() => Wire == 5 ? BinaryPrimitives.ReadSingleLittleEndian(Part.Span) : throw WrongType();

        public ReadOnlyMemory<byte> Content() => Wire == 2 ? Part : throw WrongType();

        public string Text() => Utf8.IsValid(Content().Span) ? Encoding.UTF8.GetString(Part.Span) : throw Damaged($"field {Number} is not UTF-8");

        public ProtobufReader Message() => new(Reader.Path, Content(), Reader.Offset + Reader._at - Part.Length);

        public BadInputException Damaged(string what) => Reader.Damaged(Start, what);

        private BadInputException WrongType() => Damaged($"field {Number} is of another type than it should be");
    }

    private string Path => path;

    private int Offset => offset;
}
