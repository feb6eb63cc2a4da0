namespace FlowRL.Training;

/// <summary>
/// The time that is left of a run, from what its last steps and validations took. The first step, in which code is compiled and memory is first
/// touched, counts only until there is another.
/// </summary>
/// <param name="options">What is to be done.</param>
/// <param name="seconds">The run's clock.</param>
internal sealed class RemainingTime(LoopOptions options, Func<double> seconds)
{
    private readonly Recent _steps = new();
    private readonly Recent _validations = new(options.ValidationSeconds);
    private double? _lastEnd;

    /// <summary>Times a step, with the saving and reporting that came before it.</summary>
    public T OfStep<T>(Func<T> step)
    {
        var start = _lastEnd ?? seconds();
        var result = step();
        _lastEnd = seconds();
        _steps.Add(_lastEnd.Value - start);
        return result;
    }

    /// <summary>Times a validation.</summary>
    public T OfValidation<T>(Func<T> validation)
    {
        var start = seconds();
        var result = validation();
        _lastEnd = seconds();
        _validations.Add(_lastEnd.Value - start);
        return result;
    }

    /// <summary>Seconds to the end of the run.</summary>
    /// <param name="step">Steps done.</param>
    public double After(int step)
    {
        var every = options.ValidateEvery;
        // The last step is validated, whatever its number.
        var validations = every == 0 || step >= options.Steps ? 0 : (options.Steps - 1) / every - step / every + 1;
        var left = _steps.Mean * (options.Steps - step) + validations * _validations.Mean;
        return (options.MaxSeconds > 0 ? Math.Clamp(options.MaxSeconds - seconds(), 0, left) : left) + options.EndSeconds;
    }

    /// <summary>The mean of the last few; the first gives way to the second.</summary>
    private sealed class Recent(double expected = 0)
    {
        private const int Most = 50;
        private readonly Queue<double> _values = new();
        private int _count;

        public double Mean => _values.Count == 0 ? expected : _values.Average();

        public void Add(double value)
        {
            if (_count++ == 1 || _values.Count == Most) _values.Dequeue();
            _values.Enqueue(value);
        }
    }
}
