using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace FlowRL.Hub;

/// <summary>
/// The sum by which a hub knows a file's bytes, and a cache their file: SHA-256 for large ones, for others Git's, which is SHA-1 over the size and
/// the bytes.
/// </summary>
/// <param name="Hex">In lower case: 64 or 40 digits.</param>
internal sealed partial record BlobSum(string Hex)
{
    private const int GitDigits = 40;

    /// <summary>From an entity tag, or a field of a listing; null for what is no sum.</summary>
    public static BlobSum? Parse(string? text)
    {
        if (text is null) return null;
        var hex = (text.StartsWith("W/", StringComparison.Ordinal) ? text[2..] : text).Trim('"');
        return Digits().IsMatch(hex) ? new BlobSum(hex) : null;
    }

    /// <summary>A hash that gets a file's bytes.</summary>
    /// <param name="size">How many there will be.</param>
    public IncrementalHash Begin(long size)
    {
        if (Hex.Length != GitDigits) return IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA1); // Git's choice
        hash.AppendData(Encoding.ASCII.GetBytes(FormattableString.Invariant($"blob {size}\0")));
        return hash;
    }

    public bool Fits(IncrementalHash hash) => Convert.ToHexStringLower(hash.GetHashAndReset()) == Hex;

    [GeneratedRegex(@"\A(?:[0-9a-f]{40}|[0-9a-f]{64})\z")]
    private static partial Regex Digits();
}
