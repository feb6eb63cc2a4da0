namespace FlowRL.Evaluation;

/// <summary>Eigenvalues of a small symmetric matrix by Jacobi's rotations, sweep by sweep (Golub and Van Loan, Matrix Computations, 8.5).</summary>
internal static class SymmetricEigenvalues
{
    // Convergence is quadratic; a matrix that needs more sweeps than this does not occur.
    private const int MostSweeps = 50;

    /// <param name="matrix">Symmetric; overwritten.</param>
    /// <returns>In no particular order, right to about 1e-12 of the largest.</returns>
    public static double[] Of(double[,] matrix)
    {
        var n = matrix.GetLength(0);
        for (var sweep = 0; sweep < MostSweeps && !IsDiagonal(matrix, n); sweep++)
        {
            for (var p = 0; p < n - 1; p++)
                for (var q = p + 1; q < n; q++)
                    if (matrix[p, q] != 0) Rotate(matrix, n, p, q);
        }
        return [.. Enumerable.Range(0, n).Select(i => matrix[i, i])];
    }

    private static bool IsDiagonal(double[,] matrix, int n)
    {
        var (outside, all) = (0.0, 0.0);
        for (var i = 0; i < n; i++)
        {
            for (var j = 0; j < n; j++)
            {
                all += matrix[i, j] * matrix[i, j];
                if (i != j) outside += matrix[i, j] * matrix[i, j];
            }
        }
        return outside <= 1e-28 * all;
    }

    // Turns the plane (p, q) so that the entry at p, q becomes 0.
    private static void Rotate(double[,] matrix, int n, int p, int q)
    {
        var slope = (matrix[q, q] - matrix[p, p]) / (2 * matrix[p, q]);
        var tangent = (slope >= 0 ? 1 : -1) / (Math.Abs(slope) + Math.Sqrt(slope * slope + 1));
        var cosine = 1 / Math.Sqrt(tangent * tangent + 1);
        var sine = tangent * cosine;
        for (var i = 0; i < n; i++) (matrix[i, p], matrix[i, q]) = (cosine * matrix[i, p] - sine * matrix[i, q], sine * matrix[i, p] + cosine * matrix[i, q]);
        for (var i = 0; i < n; i++) (matrix[p, i], matrix[q, i]) = (cosine * matrix[p, i] - sine * matrix[q, i], sine * matrix[p, i] + cosine * matrix[q, i]);
    }
}
