namespace FlowRL.Numerics.Products;

/// <summary>
/// Products of matrices that fit into the first-level cache, four rows at a time. The left factor is read number by number through two
/// strides, so that a transposed matrix is the same matrix with the strides exchanged.
/// </summary>
internal static unsafe class SmallProduct<S, V>
    where S : struct, ISimd<V>
    where V : struct
{
    /// <summary>Rows of a tile.</summary>
    public const int Rows = 4;

    /// <summary>c (4, columns) = Σ a(r, k)·b(k, columns) over k below <paramref name="depth"/>, or += with <paramref name="adds"/>.</summary>
    /// <param name="depth">Terms of each sum.</param>
    /// <param name="columns">A multiple of the lanes.</param>
    /// <param name="a">a(r, k) stands at r·<paramref name="aRow"/> + k·<paramref name="aDepth"/>.</param>
    /// <param name="aRow">See <paramref name="a"/>.</param>
    /// <param name="aDepth">See <paramref name="a"/>.</param>
    /// <param name="b">Rows of numbers, <paramref name="bRow"/> apart.</param>
    /// <param name="bRow">See <paramref name="b"/>.</param>
    /// <param name="c">Four rows of numbers, <paramref name="cRow"/> apart.</param>
    /// <param name="cRow">See <paramref name="c"/>.</param>
    /// <param name="adds">Whether the product is added to what stands in c.</param>
    public static void Tile(int depth, int columns, float* a, int aRow, int aDepth, float* b, int bRow, float* c, int cRow, bool adds)
    {
        var j = 0;
        for (; j + 2 * S.Lanes <= columns; j += 2 * S.Lanes) Two(depth, a, aRow, aDepth, b + j, bRow, c + j, cRow, adds);
        for (; j < columns; j += S.Lanes) One(depth, a, aRow, aDepth, b + j, bRow, c + j, cRow, adds);
    }

    // Eight sums: as many as hide the latency of a multiply-add, and they fit sixteen registers with both columns and a factor.
    private static void Two(int depth, float* a, int aRow, int aDepth, float* b, int bRow, float* c, int cRow, bool adds)
    {
        float* c1 = c + cRow, c2 = c1 + cRow, c3 = c2 + cRow;
        float* a1 = a + aRow, a2 = a1 + aRow, a3 = a2 + aRow;
        V s00 = S.Broadcast(0), s01 = s00, s10 = s00, s11 = s00, s20 = s00, s21 = s00, s30 = s00, s31 = s00;
        if (adds)
        {
            (s00, s01, s10, s11) = (S.Load(c), S.Load(c + S.Lanes), S.Load(c1), S.Load(c1 + S.Lanes));
            (s20, s21, s30, s31) = (S.Load(c2), S.Load(c2 + S.Lanes), S.Load(c3), S.Load(c3 + S.Lanes));
        }
        for (long k = 0, at = 0; k < depth; k++, at += aDepth, b += bRow)
        {
            V x = S.Load(b), y = S.Load(b + S.Lanes);
            var w = S.Broadcast(a[at]);
            s00 = S.MultiplyAdd(w, x, s00);
            s01 = S.MultiplyAdd(w, y, s01);
            w = S.Broadcast(a1[at]);
            s10 = S.MultiplyAdd(w, x, s10);
            s11 = S.MultiplyAdd(w, y, s11);
            w = S.Broadcast(a2[at]);
            s20 = S.MultiplyAdd(w, x, s20);
            s21 = S.MultiplyAdd(w, y, s21);
            w = S.Broadcast(a3[at]);
            s30 = S.MultiplyAdd(w, x, s30);
            s31 = S.MultiplyAdd(w, y, s31);
        }
        S.Store(c, s00);
        S.Store(c + S.Lanes, s01);
        S.Store(c1, s10);
        S.Store(c1 + S.Lanes, s11);
        S.Store(c2, s20);
        S.Store(c2 + S.Lanes, s21);
        S.Store(c3, s30);
        S.Store(c3 + S.Lanes, s31);
    }

    private static void One(int depth, float* a, int aRow, int aDepth, float* b, int bRow, float* c, int cRow, bool adds)
    {
        float* c1 = c + cRow, c2 = c1 + cRow, c3 = c2 + cRow;
        float* a1 = a + aRow, a2 = a1 + aRow, a3 = a2 + aRow;
        V s0 = S.Broadcast(0), s1 = s0, s2 = s0, s3 = s0;
        if (adds) (s0, s1, s2, s3) = (S.Load(c), S.Load(c1), S.Load(c2), S.Load(c3));
        for (long k = 0, at = 0; k < depth; k++, at += aDepth, b += bRow)
        {
            var x = S.Load(b);
            s0 = S.MultiplyAdd(S.Broadcast(a[at]), x, s0);
            s1 = S.MultiplyAdd(S.Broadcast(a1[at]), x, s1);
            s2 = S.MultiplyAdd(S.Broadcast(a2[at]), x, s2);
            s3 = S.MultiplyAdd(S.Broadcast(a3[at]), x, s3);
        }
        S.Store(c, s0);
        S.Store(c1, s1);
        S.Store(c2, s2);
        S.Store(c3, s3);
    }
}
