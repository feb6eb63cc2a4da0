namespace FlowRL.Training;

/// <summary>
/// Which of so many things a step sees: each epoch is a permutation of its own, and a batch runs over the edge into the next. A pure function of the seed
/// and the step, so there is no position to lose.
/// </summary>
/// <param name="count">How many there are, at least 1.</param>
/// <param name="batch">How many a step sees.</param>
/// <param name="seed">Of the order.</param>
internal sealed class EpochOrder(int count, int batch, ulong seed)
{
    private (long Epoch, int[] Order) _current = (-1, []);

    public (long Epoch, int Index)[] At(int step)
    {
        var places = new (long, int)[batch];
        for (var i = 0; i < batch; i++)
        {
            var (epoch, place) = Math.DivRem((long)step * batch + i, count);
            if (_current.Epoch != epoch) _current = (epoch, Seeds.Permutation(Seeds.Derive(seed, "epoch", epoch), count));
            places[i] = (epoch, _current.Order[(int)place]);
        }
        return places;
    }
}

/// <summary>How many steps it takes to see each problem so often.</summary>
internal static class Epochs
{
    private const double Rounding = 1e-9;

    /// <param name="epochs">Passes over the problems; 0 leaves it to <paramref name="otherwise"/>.</param>
    /// <param name="otherwise">Steps where they are counted themselves.</param>
    /// <param name="problems">How many there are.</param>
    /// <param name="batch">How many a step sees.</param>
    /// <returns>At least 1. The last step runs over the edge of the last pass where the problems do not divide.</returns>
    /// <exception cref="BadInputException">That many steps cannot be counted.</exception>
    public static int Steps(double epochs, int otherwise, int problems, int batch)
    {
        if (epochs <= 0) return otherwise;
        var steps = Math.Ceiling(epochs * problems / batch - Rounding);
        return steps <= int.MaxValue ? Math.Max(1, (int)steps) : throw new BadInputException(
            FormattableString.Invariant($"epochs: {epochs} of {problems} problems, {batch} a step, are more steps than can be counted; use fewer."));
    }
}
