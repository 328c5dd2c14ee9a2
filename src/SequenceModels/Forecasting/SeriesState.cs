using SequenceModels.Files;
using SequenceModels.Kernels;

namespace SequenceModels.Forecasting;

/// <summary>The last steps of one series, as many as a window is made of; and of the very last what else is kept of it.</summary>
/// <param name="name">The series' name.</param>
/// <param name="historySize">Steps that are kept at most. Memory grows with those that came.</param>
/// <param name="stepSize">N: numbers of a step.</param>
/// <param name="last">Room for the last step's values.</param>
internal sealed class SeriesState(string name, int historySize, int stepSize, StepValue[] last)
{
    /// <summary>[steps, N] a ring, once it has as many steps as it may.</summary>
    private float[] _steps = [];
    private int _oldest;

    public string Name => name;

    /// <summary>Steps that are kept.</summary>
    public int Count { get; private set; }

    /// <summary>Values of the last step.</summary>
    public StepValue[] Last => last;

    /// <summary>Adds a step; the oldest goes.</summary>
    /// <param name="numbers">[N].</param>
    /// <param name="values">What is kept of the last step.</param>
    public void Add(ReadOnlySpan<float> numbers, StepValue[] values)
    {
        numbers.CopyTo(Next());
        for (int i = 0; i < last.Length; i++)
            last[i].CopyFrom(values[i]);
    }

    /// <summary>The steps [Count, N] in their order.</summary>
    public void CopyTo(Span<float> steps)
    {
        int newer = (Count - _oldest) * stepSize;
        _steps.AsSpan(_oldest * stepSize, newer).CopyTo(steps);
        _steps.AsSpan(0, _oldest * stepSize).CopyTo(steps[newer..]);
    }

    /// <summary>The same steps, with others of the last one's values.</summary>
    /// <param name="values">Room for them.</param>
    /// <param name="places">Which of <see cref="Last"/> they are.</param>
    public SeriesState Copy(StepValue[] values, int[] places)
    {
        var copy = new SeriesState(name, historySize, stepSize, values) { _steps = [.. _steps], _oldest = _oldest, Count = Count };
        for (int i = 0; i < values.Length; i++)
            values[i].CopyFrom(last[places[i]]);
        return copy;
    }

    public void Write(BinaryWriter writer)
    {
        writer.Write(name);
        writer.Write(Count);
        for (int t = 0; t < Count; t++)
            foreach (float value in _steps.AsSpan((_oldest + t) % Count * stepSize, stepSize))
                writer.Write(value);
        foreach (StepValue value in last)
            value.Write(writer);
    }

    /// <summary>Reads what <see cref="Write"/> wrote behind the name.</summary>
    public void Read(PayloadReader reader, int targets, bool needPositive)
    {
        int count = reader.ReadCount("the number of steps", stepSize * sizeof(float));
        if (count < 1 || count > historySize)
            throw reader.Invalid(Invariant($"the series '{name}' has {count} steps, where 1 to {historySize} are kept"));
        while (Count < count)
        {
            Span<float> step = Next();
            reader.ReadSingles(step);
            for (int i = 0; i < step.Length; i++)
                if (float.IsInfinity(step[i]) || (needPositive && i < targets && step[i] <= 0))
                    throw reader.Invalid($"the series '{name}' has a value that no step can have");
        }
        foreach (StepValue value in last)
            value.Read(reader);
    }

    /// <summary>Room [N] for the step that comes now.</summary>
    private Span<float> Next()
    {
        if (Count == historySize)
        {
            int oldest = _oldest;
            _oldest = (_oldest + 1) % historySize;
            return _steps.AsSpan(oldest * stepSize, stepSize);
        }
        int end = Count * stepSize;
        if (_steps.Length < end + stepSize)
            Array.Resize(ref _steps, ArrayLength.Of(Math.Min(historySize, Math.Max(4L, 2L * Count)), stepSize));
        Count++;
        return _steps.AsSpan(end, stepSize);
    }
}
