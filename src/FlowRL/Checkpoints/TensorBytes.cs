using Microsoft.Win32.SafeHandles;
using static TorchSharp.torch;

namespace FlowRL.Checkpoints;

/// <summary>Moves bytes between files and tensor memory without a buffer between them.</summary>
internal static class TensorBytes
{
    // A span holds less than 2 GiB, so larger tensors pass in pieces; small ones, so that tests pass the seams too.
    private const long PieceBytes = 4L << 20;

    /// <summary>A new CPU tensor filled with the file's bytes from <paramref name="offset"/> on; the caller owns it.</summary>
    /// <exception cref="EndOfStreamException">The file is shorter than the tensor.</exception>
    public static Tensor Read(SafeFileHandle file, long offset, ReadOnlySpan<long> shape, ScalarType type)
    {
        var tensor = empty(shape, dtype: type, device: CPU);
        try
        {
            ForEachPiece(tensor, bytes =>
            {
                while (!bytes.IsEmpty)
                {
                    var count = RandomAccess.Read(file, bytes, offset);
                    if (count == 0) throw new EndOfStreamException($"The file ends at byte {offset}.");
                    offset += count;
                    bytes = bytes[count..];
                }
            });
            return tensor;
        }
        catch
        {
            tensor.Dispose();
            throw;
        }
    }

    /// <summary>Writes the tensor's elements in row-major order, whatever its device and strides.</summary>
    public static void Write(Stream stream, Tensor tensor)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        ForEachPiece(tensor.detach().cpu().contiguous(), bytes => stream.Write(bytes));
    }

    private delegate void PieceAction(Span<byte> bytes);

    private static void ForEachPiece(Tensor contiguous, PieceAction action)
    {
        var count = contiguous.numel();
        if (count == 0) return;
        using var flat = contiguous.view(-1);
        var step = PieceBytes / contiguous.element_size();
        for (long start = 0; start < count; start += step)
        {
            using var piece = flat.narrow(0, start, Math.Min(step, count - start));
            action(piece.bytes);
        }
    }
}
