using TorchSharp;
using static TorchSharp.torch;

namespace FlowRL.Numerics;

/// <summary>
/// Numbers for tensor operations. TorchSharp's implicit conversion makes a native scalar whose only reference is gone before the native
/// call has read it: when the garbage collector runs in between, the finalizer frees it, and libtorch fails with "Expected false to be
/// true" or computes with another number. A scalar from here stays referenced over the next thousand conversions of its thread, and is
/// then freed at once. In this repository BannedSymbols.txt bans the conversion and everything in TorchSharp that makes such a scalar inside:
/// x + y among them, whose hidden factor of 1 is one. Write <c>x * Scalars.Of(2)</c> for x * 2, and <c>x.Plus(y)</c> for x + y.
/// </summary>
public static class Scalars
{
    private const int Kept = 1024;

    [ThreadStatic]
    private static Ring? _ring;

    /// <summary>A scalar to pass to one operation; do not keep it.</summary>
    public static Scalar Of(double value) => (_ring ??= new Ring()).Keep(value.ToScalar());

    /// <inheritdoc cref="Of(double)"/>
    public static Scalar Of(long value) => (_ring ??= new Ring()).Keep(value.ToScalar());

    /// <summary>x + y.</summary>
    public static Tensor Plus(this Tensor x, Tensor y) => x.add(y, Of(1L));

    /// <summary>x + y, in the memory of x.</summary>
    public static Tensor PlusInPlace(this Tensor x, Tensor y) => x.add_(y, Of(1L));

    /// <summary>x + y for a number y, in the memory of x.</summary>
    public static Tensor PlusInPlace(this Tensor x, double y) => x.add_(Of(y), Of(1L));

    /// <summary>x².</summary>
    public static Tensor Squared(this Tensor x) => x * x;

    private sealed class Ring
    {
        private readonly Scalar?[] _scalars = new Scalar?[Kept];
        private int _next;

        public Scalar Keep(Scalar scalar)
        {
            _scalars[_next]?.Dispose();
            _scalars[_next] = scalar;
            _next = (_next + 1) % Kept;
            return scalar;
        }
    }
}
