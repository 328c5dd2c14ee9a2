using SequenceModels.Files;
using SequenceModels.Forecasting;

namespace SequenceModels;

/// <summary>
/// The last steps of each series that a <see cref="ForecastEngine{TIn, TOut}"/> has observed. Made, moved on and read back by the
/// engine. A state is a value of its own: it may be copied, kept, and saved, and no engine changes with it.
/// </summary>
/// <remarks>One thread may use a state at a time; different states may be used at once.</remarks>
public sealed class ForecastEngineState
{
    private const string Kind = "SEQFSTAT";
    private const int Version = 1;

    /// <summary>Series that a message names.</summary>
    private const int MostNamed = 5;

    private readonly ForecastSpec _spec;
    private readonly StateMeaning _meaning;
    private readonly Dictionary<string, EngineSeries> _series = [];

    /// <param name="spec">Of the forecast.</param>
    /// <param name="meaning">What the numbers of its steps are.</param>
    /// <param name="columns">What is kept of the last step beside its numbers.</param>
    internal ForecastEngineState(ForecastSpec spec, StateMeaning meaning, KeptColumn[] columns) =>
        (_spec, _meaning, Columns) = (spec, meaning, columns);

    /// <summary>The series that have steps, by the text of their values; "" where rows have no column of series.</summary>
    public IReadOnlyCollection<string> Series => _series.Keys;

    /// <summary>What is kept of the last step beside its numbers.</summary>
    internal KeptColumn[] Columns { get; }

    /// <summary>Whether some series has as many steps as a window: one at least that training learned from has.</summary>
    internal bool HasWindow => _series.Values.Any(series => series.Steps.HasWindow);

    /// <summary>Another state with the same steps, which goes its own way.</summary>
    public ForecastEngineState Copy() => Copy(_meaning, Columns);

    /// <summary>
    /// Writes the state, the last steps of each series and what they are, to a stream, which stays open. The format carries a
    /// checksum.
    /// </summary>
    /// <param name="stream">Where to write.</param>
    public void Save(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        SealedPayload.Write(stream, Kind, Version, writer =>
        {
            _meaning.Write(writer);
            Write(writer);
        });
    }

    /// <summary>Reads what <see cref="Save"/> wrote.</summary>
    /// <param name="stream">Where to read.</param>
    /// <param name="spec">Of the forecast.</param>
    /// <param name="columns">Of the forecast.</param>
    /// <param name="meaning">What the numbers of its steps are.</param>
    /// <param name="kept">What must be there of the last steps.</param>
    internal static ForecastEngineState Read(Stream stream, ForecastSpec spec, ForecastColumns columns, StateMeaning meaning,
        KeptColumn[] kept) =>
        SealedPayload.Read(stream, Kind, Version, reader =>
        {
            meaning.Require(reader);
            ForecastEngineState loaded = Read(reader, spec, columns);
            foreach (KeptColumn column in kept)
            {
                KeptColumn? other = Array.Find(loaded.Columns, each => each.Name == column.Name);
                if ((other is null ? "it is not there" : column.DifferenceTo(other)) is { } difference)
                    throw new InvalidDataException($"This engine's forecasts need column '{column.Name}' ({column.Type}) of " +
                        $"the last steps: {difference} " +
                        "in the state. Load it into an engine with the same types of steps and forecasts as that which saved " +
                        "it, and with the same " +
                        "fitted transforms.");
            }
            return loaded.Copy(meaning, kept);
        });

    /// <summary>Whether an engine can go on from it.</summary>
    /// <param name="meaning">What the numbers of the engine's steps are.</param>
    /// <param name="columns">What it keeps of the last step.</param>
    internal bool Fits(StateMeaning meaning, KeptColumn[] columns) =>
        (ReferenceEquals(_meaning, meaning) || _meaning.Parts.SequenceEqual(meaning.Parts)) &&
        (ReferenceEquals(Columns, columns) || Columns.SequenceEqual(columns));

    /// <summary>Adds a step; the oldest goes.</summary>
    /// <param name="series">As <see cref="Find"/> gave it; null: it begins.</param>
    /// <param name="name">The series' name.</param>
    /// <param name="numbers">[N].</param>
    /// <param name="values">A value for each of <see cref="Columns"/>.</param>
    internal void Add(EngineSeries? series, ReadOnlySpan<char> name, ReadOnlySpan<float> numbers, StepValue[] values)
    {
        if (series is null)
        {
            series = new EngineSeries(name.ToString(), new ForecastState(_spec), KeptColumn.NewValues(Columns));
            _series.Add(series.Name, series);
        }
        series.Add(numbers, values);
    }

    /// <summary>A series that has steps; null if there is none of that name.</summary>
    internal EngineSeries? Find(ReadOnlySpan<char> series) =>
        _series.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(series, out EngineSeries? found) ? found : null;

    /// <summary>A series that has steps.</summary>
    /// <exception cref="ArgumentException">There is none of that name.</exception>
    internal EngineSeries Require(ReadOnlySpan<char> series) => Find(series) ?? throw new ArgumentException(_series.Count == 0
        ? "No step was observed yet, and there is nothing to forecast from: Observe steps first."
        : $"Of the series '{series}' no step was observed: Observe its steps first, or name one of " +
            string.Join(", ", _series.Keys.Take(MostNamed).Select(name => $"'{name}'")) +
            $"{(_series.Count > MostNamed ? " and others" : "")}.",
        nameof(series));

    /// <summary>The series that has steps, if it is the only one.</summary>
    /// <exception cref="ArgumentException">There are several, or none.</exception>
    internal EngineSeries Only()
    {
        if (_series.Count > 1)
            throw new ArgumentException(Invariant($"There are {_series.Count} series: say which."), "series");
        foreach (EngineSeries series in _series.Values)
            return series;
        return Require("");
    }

    /// <summary>A state of its own with some of the columns, by their names.</summary>
    internal ForecastEngineState Copy(StateMeaning meaning, KeptColumn[] kept)
    {
        var copy = new ForecastEngineState(_spec, meaning, kept);
        int[] places = Array.ConvertAll(kept, column => Array.FindIndex(Columns, each => each.Name == column.Name));
        foreach (EngineSeries series in _series.Values)
            copy._series.Add(series.Name, series.Copy(KeptColumn.NewValues(kept), places));
        return copy;
    }

    internal void Write(PayloadWriter writer)
    {
        KeptColumn.Write(writer, Columns);
        writer.Write(_series.Count);
        foreach (EngineSeries series in _series.Values)
        {
            writer.Write(series.Name);
            series.Steps.Write(writer);
            foreach (StepValue value in series.Last)
                value.Write(writer);
        }
    }

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    internal static ForecastEngineState Read(PayloadReader reader, ForecastSpec spec, ForecastColumns columns)
    {
        KeptColumn[] kept = KeptColumn.ReadAll(reader);
        var state = new ForecastEngineState(spec, StateMeaning.Of(columns, spec, kept), kept);
        int count = reader.ReadCount("the number of series", 1 + sizeof(int) + spec.StepSize * sizeof(float));
        for (int i = 0; i < count; i++)
        {
            string name = reader.ReadString();
            if (state.Find(name) is not null)
                throw reader.Invalid($"the series '{name}' is there twice");
            var series = new EngineSeries(name, ForecastState.Read(reader, spec), KeptColumn.NewValues(state.Columns));
            if (series.Steps.NumberOfSteps == 0)
                throw reader.Invalid($"the series '{name}' has no steps");
            foreach (StepValue value in series.Last)
                value.Read(reader);
            state._series.Add(name, series);
        }
        return state;
    }
}
