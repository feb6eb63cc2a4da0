using System.Globalization;
using System.IO.Compression;
using CsCheck;
using FlowRL.Tokenization.Normalizers;

namespace FlowRL.Tests.Tokenization.Normalizers;

public sealed class CanonicalCompositionTests
{
    private static string Text(string points) => string.Concat(points.Split(' ')
        .Select(p => char.ConvertFromUtf32(int.Parse(p, NumberStyles.HexNumber, CultureInfo.InvariantCulture))));

    [Fact]
    public void Golden_texts_have_their_golden_form()
    {
        using var packed = new GZipStream(File.OpenRead(GoldenTokenizers.PathOf("nfc", "cases.tsv.gz")), CompressionMode.Decompress);
        using var reader = new StreamReader(packed);
        var count = 0;
        while (reader.ReadLine() is { } line)
        {
            var fields = line.Split('\t');
            var form = CanonicalComposition.Compose(Text(fields[0]));
            Assert.Equal(fields[1], string.Join(' ', form.EnumerateRunes().Select(r => $"{r.Value:X}")));
            count++;
        }
        Assert.Equal(10122, count);
    }

    [Fact]
    public void Composing_twice_changes_nothing() => PretrainedTokenizerTests.UnicodeText.Sample(text =>
        CanonicalComposition.Compose(CanonicalComposition.Compose(text)) == CanonicalComposition.Compose(text), iter: 3000);
}
