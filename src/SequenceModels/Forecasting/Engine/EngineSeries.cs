namespace SequenceModels.Forecasting;

/// <summary>The last steps of one series, and of the very last what else is kept of it.</summary>
/// <param name="name">The series' name.</param>
/// <param name="steps">Its steps.</param>
/// <param name="last">Of the last step a value for each kept column.</param>
internal sealed class EngineSeries(string name, ForecastState steps, StepValue[] last)
{
    public string Name => name;

    public ForecastState Steps => steps;

    public StepValue[] Last => last;

    /// <summary>Adds a step; the oldest goes.</summary>
    /// <param name="numbers">[N].</param>
    /// <param name="values">What is kept of it.</param>
    public void Add(ReadOnlySpan<float> numbers, StepValue[] values)
    {
        steps.Add(numbers);
        for (int i = 0; i < last.Length; i++)
            last[i].CopyFrom(values[i]);
    }

    /// <summary>The same steps, with others of the last one's values.</summary>
    /// <param name="values">Room for them.</param>
    /// <param name="places">Which of <see cref="Last"/> they are.</param>
    public EngineSeries Copy(StepValue[] values, int[] places)
    {
        for (int i = 0; i < values.Length; i++)
            values[i].CopyFrom(last[places[i]]);
        return new EngineSeries(name, steps.Copy(), values);
    }
}
