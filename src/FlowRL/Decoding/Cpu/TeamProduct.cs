using FlowRL.Models;
using FlowRL.Numerics;
using FlowRL.Numerics.Products;
using FlowRL.Numerics.Threads;

namespace FlowRL.Decoding.Cpu;

/// <summary>Rows times a matrix: a piece of a product that a team computes.</summary>
/// <param name="input">Rows of as many numbers as the matrix has inputs.</param>
/// <param name="rows">How many.</param>
/// <param name="matrix">The matrix.</param>
/// <param name="output">As many rows.</param>
internal readonly unsafe struct ProductPiece<S, V, W>(float* input, int rows, PackedMatrix<S, V, W> matrix, float* output)
    where S : struct, ISimd<V>
    where V : struct
    where W : struct, IStorage
{
    public float* Input => input;

    public int Rows => rows;

    public PackedMatrix<S, V, W> Matrix => matrix;

    public float* Output => output;
}

/// <summary>Products whose panels the members of a team take one after the other. Nobody waits at the end.</summary>
internal static unsafe class TeamProduct<S, V, W>
    where S : struct, ISimd<V>
    where V : struct
    where W : struct, IStorage
{
    /// <summary>Hands the sums to an epilogue.</summary>
    /// <param name="pieces">The products.</param>
    /// <param name="strides">Numbers from one row to the next.</param>
    /// <param name="following">What is read afterwards: its first panel is asked for at the end.</param>
    /// <param name="partial">(rows, panel) working memory of this member.</param>
    /// <param name="team">Who shares the panels.</param>
    /// <param name="rank">Which of them this is.</param>
    public static void Run<E>(ReadOnlySpan<ProductPiece<S, V, W>> pieces, (int Input, int Output) strides, PackedMatrix<S, V, W> following, float* partial,
        Team team, int rank)
        where E : struct, IEpilogue<S, V>
    {
        var (index, passed) = (0, 0); // which piece, and the panels of those before it
        for (var item = rank; ;)
        {
            while (index < pieces.Length && item - passed >= pieces[index].Matrix.Panels) passed += pieces[index++].Matrix.Panels;
            if (index == pieces.Length) return;
            ref readonly var piece = ref pieces[index];
            var after = team.Claim();
            var next = after - passed < piece.Matrix.Panels ? piece.Matrix.Panel(after - passed)
                : index + 1 < pieces.Length ? pieces[index + 1].Matrix.Panel(0) : following.Panel(rank);
            MatrixProduct<S, V, W>.Panel<E>(
                piece.Input, strides.Input, piece.Rows, piece.Matrix, item - passed, next, piece.Output, strides.Output, partial);
            item = after;
        }
    }

    /// <summary>The same for gates and ups.</summary>
    public static void RunGated(GateActivation activation, ReadOnlySpan<ProductPiece<S, V, W>> pieces, (int Input, int Output) strides,
        PackedMatrix<S, V, W> following, float* partial, Team team, int rank)
    {
        switch (activation)
        {
            case GateActivation.Silu:
                Run<Gated<S, V, Silu<S, V>>>(pieces, strides, following, partial, team, rank);
                break;
            case GateActivation.GeluTanh:
                Run<Gated<S, V, GeluTanh<S, V>>>(pieces, strides, following, partial, team, rank);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(activation), activation, "No kernel computes this gate.");
        }
    }
}
