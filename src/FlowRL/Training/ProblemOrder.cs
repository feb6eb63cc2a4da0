using FlowRL.Tasks;

namespace FlowRL.Training;

/// <summary>
/// Which problems a step sees: each epoch is a permutation of its own, and a batch runs over the edge into the next. A pure function
/// of the seed and the step, so there is no position to lose.
/// </summary>
public sealed class ProblemOrder
{
    private readonly IReadOnlyList<Problem> _problems;
    private readonly int _batch;
    private readonly ulong _seed;
    private (long Epoch, int[] Order) _current = (-1, []);

    /// <exception cref="BadInputException">There are no problems.</exception>
    public ProblemOrder(IReadOnlyList<Problem> problems, int batch, ulong seed)
    {
        if (problems.Count == 0) throw new BadInputException("The task has no training problems; check the data path and the filters of the recipe's 'task'.");
        (_problems, _batch, _seed) = (problems, batch, Seeds.Derive(seed, "problem order"));
    }

    public IReadOnlyList<Problem> At(int step)
    {
        var batch = new Problem[_batch];
        for (var i = 0; i < _batch; i++)
        {
            var (epoch, place) = Math.DivRem((long)step * _batch + i, _problems.Count);
            if (_current.Epoch != epoch) _current = (epoch, Seeds.Permutation(Seeds.Derive(_seed, "epoch", epoch), _problems.Count));
            batch[i] = _problems[_current.Order[(int)place]];
        }
        return batch;
    }
}
