using SequenceModels.Files;
using SequenceModels.Forecasting;
using SequenceModels.Kernels;

namespace SequenceModels;

/// <summary>
/// The last steps of one series, as many as a window is made of. Made, moved on and read back by a <see cref="ForecastModel"/>. A
/// state is a value of its own: it may be copied, kept, and saved, and no model changes with it.
/// </summary>
/// <remarks>
/// One thread may use a state at a time; different states may be used at once. Memory grows with the steps that came.
/// </remarks>
public sealed class ForecastState
{
    private const string Kind = "SEQFSERI";
    private const int Version = 1;

    private readonly ForecastSpec _spec;

    /// <summary>[steps, N] a ring, once it has as many steps as it may.</summary>
    private float[] _steps = [];
    private int _oldest;

    internal ForecastState(ForecastSpec spec) => _spec = spec;

    /// <summary>Steps that are kept: those that were observed, at most as many as a window is made of.</summary>
    public int NumberOfSteps { get; private set; }

    /// <summary>Whether there are as many steps as a window is made of, so that the series can be forecast.</summary>
    public bool HasWindow => NumberOfSteps == _spec.HistorySize;

    /// <summary>Another state that stands at the same place and goes its own way.</summary>
    public ForecastState Copy() => new(_spec) { _steps = [.. _steps], _oldest = _oldest, NumberOfSteps = NumberOfSteps };

    /// <summary>Writes the state to a stream, which stays open. The format carries a checksum.</summary>
    /// <param name="stream">Where to write.</param>
    public void Save(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        SealedPayload.Write(stream, Kind, Version, writer =>
        {
            writer.Write(_spec.StepMeaning);
            Write(writer);
        });
    }

    /// <summary>Reads what <see cref="Save"/> wrote.</summary>
    internal static ForecastState Read(Stream stream, ForecastSpec spec) => SealedPayload.Read(stream, Kind, Version, reader =>
    {
        if (reader.ReadString() is var meaning && meaning != spec.StepMeaning)
            throw reader.Foreign($"its steps are those of another forecast ({meaning}) than this one ({spec.StepMeaning})",
                "Load it with the model that it was saved with, or with one that was trained on the same columns with the " +
                "same windowSize and Transform.");
        return Read(reader, spec);
    });

    /// <summary>Whether its steps mean something to a forecast.</summary>
    internal bool Fits(ForecastSpec spec) => _spec == spec || _spec.StepMeaning == spec.StepMeaning;

    /// <summary>Adds a step [N]; the oldest goes.</summary>
    internal void Add(ReadOnlySpan<float> numbers) => numbers.CopyTo(Next());

    /// <summary>The steps [NumberOfSteps, N] in their order.</summary>
    internal void CopyTo(Span<float> steps)
    {
        int newer = (NumberOfSteps - _oldest) * _spec.StepSize;
        _steps.AsSpan(_oldest * _spec.StepSize, newer).CopyTo(steps);
        _steps.AsSpan(0, _oldest * _spec.StepSize).CopyTo(steps[newer..]);
    }

    internal void Write(PayloadWriter writer)
    {
        float[] steps = new float[NumberOfSteps * _spec.StepSize];
        CopyTo(steps);
        writer.Write(NumberOfSteps);
        foreach (float value in steps)
            writer.Write(value);
    }

    internal static ForecastState Read(PayloadReader reader, ForecastSpec spec)
    {
        var state = new ForecastState(spec);
        int count = reader.ReadCount("the number of steps", spec.StepSize * sizeof(float));
        if (count > spec.HistorySize)
            throw reader.Invalid(Invariant($"a series has {Counted.Of(count, "step")}, where {spec.HistorySize} at most are ") +
                "kept");
        while (state.NumberOfSteps < count)
        {
            Span<float> step = state.Next();
            reader.ReadSingles(step);
            if (spec.FindFault(step) >= 0)
                throw reader.Invalid("a series has a value that no step can have");
        }
        return state;
    }

    /// <summary>Room [N] for the step that comes now.</summary>
    private Span<float> Next()
    {
        int size = _spec.StepSize;
        if (HasWindow)
        {
            int oldest = _oldest;
            _oldest = (_oldest + 1) % _spec.HistorySize;
            return _steps.AsSpan(oldest * size, size);
        }
        int end = NumberOfSteps * size;
        if (_steps.Length < end + size)
            Array.Resize(ref _steps, ArrayLength.Of(Math.Min(_spec.HistorySize, Math.Max(4L, 2L * NumberOfSteps)), size));
        NumberOfSteps++;
        return _steps.AsSpan(end, size);
    }
}
