using System.Collections.Concurrent;
using SequenceModels.Files;
using SequenceModels.Forecasting;

namespace SequenceModels;

/// <summary>
/// A trained network that forecasts time series, with all that brings steps to its scale and its outputs back. Immutable and safe
/// to use from many threads at once; needs no ML.NET. What it knows of a series is in a <see cref="ForecastState"/>, one for each
/// series.
/// </summary>
/// <remarks>
/// <para>
/// A step is <see cref="NumbersPerStep"/> numbers: the targets in the order in which they were named, then the numbers of the
/// past, the future and the static covariates, each in the order of its option; NaN is a missing value. A series' forecasts are,
/// to the bit, those that the trained pipeline gives in the last row of a table of the same steps.
/// </para>
/// <para>Of several threads that forecast at once, each has memory of its own, which the next forecast uses again.</para>
/// </remarks>
public sealed class ForecastModel
{
    private readonly ConcurrentBag<ForecastPass> _passes = [];

    internal ForecastModel(ForecastSpec spec, ForecastScales scales, float[] widening, SequenceNetwork network)
    {
        (Spec, Scales, Network) = (spec, scales, network);
        Outputs = new ForecastOutputs(spec, widening);
    }

    /// <summary>The network. Its inputs and outputs are on the scale of a window.</summary>
    public SequenceNetwork Network { get; }

    /// <summary>
    /// Steps in a window. With differences (<see cref="ForecastTransform"/>) a forecast needs one step more, with what is
    /// seasonal up to two seasons.
    /// </summary>
    public int WindowSize => Spec.WindowSize;

    /// <summary>Steps in a forecast.</summary>
    public int Horizon => Spec.Horizon;

    /// <summary>The share of future values that should lie between the bounds.</summary>
    public float ConfidenceLevel => Spec.ConfidenceLevel;

    /// <summary>The values of a step that are forecast.</summary>
    public int NumberOfTargets => Spec.Targets;

    /// <summary>The numbers of a step that are known ahead; 0: a forecast needs nothing but the steps that were.</summary>
    public int NumbersKnownAhead => Spec.Future;

    /// <summary>The numbers of a step: targets and covariates.</summary>
    public int NumbersPerStep => Spec.StepSize;

    internal ForecastSpec Spec { get; }

    internal ForecastOutputs Outputs { get; }

    /// <summary>
    /// The same model with 8-bit weights: a quarter of the file, faster, and scores that differ a little
    /// (<see cref="SequenceNetwork.WithEightBitWeights"/>).
    /// </summary>
    /// <returns>
    /// A new one, whose bounds are those of this one; this one is left as it is. Both take the same states.
    /// </returns>
    public ForecastModel WithEightBitWeights() => With(Network.WithEightBitWeights());

    /// <summary>The same with another network of the same shape.</summary>
    internal ForecastModel With(SequenceNetwork network) => new(Spec, Scales, Outputs.Widening.ToArray(), network);

    /// <summary>A series without steps.</summary>
    public ForecastState CreateState() => new(Spec);

    /// <summary>Adds the next step of a series, or several. A target that is missing (NaN) is a gap.</summary>
    /// <param name="state">The series; moves on.</param>
    /// <param name="steps">[<see cref="NumbersPerStep"/>], or [T, <see cref="NumbersPerStep"/>] step after step.</param>
    /// <exception cref="ArgumentException">
    /// The numbers do not divide into steps; one is infinite, or not positive where its logarithm is taken; or the state is of
    /// another forecast. Nothing of them is kept.
    /// </exception>
    public void Observe(ForecastState state, ReadOnlySpan<float> steps)
    {
        Check(state);
        int size = Spec.StepSize;
        if (steps.Length % size != 0)
            throw new ArgumentException(Invariant($"{Counted.Of(steps.Length, "number")} cannot be cut into steps of {size}."),
                nameof(steps));
        for (int first = 0; first < steps.Length; first += size)
            if (Spec.FindFault(steps.Slice(first, size)) is var fault and >= 0)
                throw new ArgumentException(Invariant($"Number {fault} of step {first / size} (counted from 0) is ") +
                    Invariant($"{steps[first + fault]}. ") +
                    (float.IsInfinity(steps[first + fault]) ? "Only finite numbers can be forecast from; a missing one is NaN."
                        : "Its logarithm is taken, and only positive numbers have one; a missing one is NaN."), nameof(steps));
        for (int first = 0; first < steps.Length; first += size)
            state.Add(steps.Slice(first, size));
    }

    /// <summary>Forecasts the steps after the last one of a series; the state stays as it is.</summary>
    /// <param name="state">The series.</param>
    /// <param name="future">
    /// [<see cref="Horizon"/>, <see cref="NumbersKnownAhead"/>] what is known of the steps to come; empty where nothing is.
    /// </param>
    /// <exception cref="ArgumentException">
    /// There are too few or too many numbers known ahead, one is infinite, or the state is of another forecast.
    /// </exception>
    /// <exception cref="InvalidOperationException">
    /// A number of the steps, or a weight of the network, is too large to be worked with.
    /// </exception>
    public SeriesForecast Forecast(ForecastState state, ReadOnlySpan<float> future = default)
    {
        float[] values = new float[Spec.Labels], lowers = new float[Spec.Labels], uppers = new float[Spec.Labels];
        Forecast(state, future, values, lowers, uppers);
        return new SeriesForecast(values, lowers, uppers);
    }

    /// <summary>As <see cref="Forecast(ForecastState, ReadOnlySpan{float})"/>, into memory that is there already.</summary>
    /// <param name="state">The series.</param>
    /// <param name="future">[<see cref="Horizon"/>, <see cref="NumbersKnownAhead"/>] what is known of the steps to come.</param>
    /// <param name="values">[<see cref="Horizon"/>, <see cref="NumberOfTargets"/>] written, step after step.</param>
    /// <param name="lowerBounds">The same of the lower bounds.</param>
    /// <param name="upperBounds">The same of the upper bounds.</param>
    /// <exception cref="ArgumentException">
    /// There are too few or too many numbers known ahead, one is infinite, memory for the forecast has another length, or the
    /// state is of another forecast.
    /// </exception>
    /// <exception cref="InvalidOperationException">
    /// A number of the steps, or a weight of the network, is too large to be worked with.
    /// </exception>
    public void Forecast(ForecastState state, ReadOnlySpan<float> future, Span<float> values, Span<float> lowerBounds,
        Span<float> upperBounds)
    {
        Check(state);
        if (future.Length != (long)Spec.Horizon * Spec.Future)
            throw new ArgumentException(Invariant($"{Counted.Of(future.Length, "number is", "numbers are")} given of the ") +
                "steps to come, where " +
                Invariant($"{Spec.Horizon} steps have {Counted.Of((long)Spec.Horizon * Spec.Future, "number")} that are known ") +
                "ahead.", nameof(future));
        foreach (float value in future)
            if (float.IsInfinity(value))
                throw new ArgumentException("A number that is known ahead is infinite. Only finite numbers can be forecast from.",
                    nameof(future));
        if (values.Length != Spec.Labels || lowerBounds.Length != Spec.Labels || upperBounds.Length != Spec.Labels)
            throw new ArgumentException(Invariant($"Forecast and bounds have {Counted.Of(Spec.Labels, "number")} each; there ") +
                Invariant($"is room for {values.Length}, {lowerBounds.Length} and {upperBounds.Length}."), nameof(values));
        if (!_passes.TryTake(out ForecastPass? pass))
            pass = new ForecastPass(this);
        pass.Forecast(state, future, values, lowerBounds, upperBounds);
        _passes.Add(pass);
    }

    /// <summary>Reads a state that <see cref="ForecastState.Save"/> wrote, in this process or another.</summary>
    /// <param name="stream">Where to read; stays open behind the state.</param>
    /// <exception cref="InvalidDataException">
    /// The stream holds something else, was cut short or altered, or is a state of another forecast.
    /// </exception>
    /// <remarks>
    /// The state may come from another model, such as one trained anew on later rows: what is kept are steps as they came. What
    /// the numbers of a step mean, windowSize and Transform must be the same.
    /// </remarks>
    public ForecastState LoadState(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        return ForecastState.Read(stream, Spec);
    }

    /// <summary>Writes the model to a stream, which stays open. The format carries a checksum.</summary>
    /// <param name="stream">Where to write.</param>
    public void Save(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ForecastFile.Write(this, stream);
    }

    /// <summary>Writes the model to a file: first under a temporary name beside it, then moved into place.</summary>
    /// <param name="path">
    /// The file; replaced if it is there. Links are followed, and its mode is kept; a pipe or device is written to as it is.
    /// </param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be written.</exception>
    public void Save(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        AtomicFile.Write(path, Save);
    }

    /// <summary>Reads a model that <see cref="Save(Stream)"/> wrote.</summary>
    /// <param name="stream">Where to read; stays open behind the model.</param>
    /// <exception cref="InvalidDataException">The stream holds something else, was cut short or altered.</exception>
    public static ForecastModel Load(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        return ForecastFile.Read(stream);
    }

    /// <summary>Reads a model that <see cref="Save(string)"/> wrote.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="InvalidDataException">
    /// The path is a folder, or the file holds something else, or more, or was cut short or altered.
    /// </exception>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    public static ForecastModel Load(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return PayloadFile.Read(path, ForecastFile.Read);
    }

    internal WindowEncoder CreateEncoder() => new(Spec, Scales);

    internal ForecastScales Scales { get; }

    private void Check(ForecastState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        if (!state.Fits(Spec))
            throw new ArgumentException("The state is of another forecast. Make it with this model's CreateState or LoadState.",
                nameof(state));
    }
}
