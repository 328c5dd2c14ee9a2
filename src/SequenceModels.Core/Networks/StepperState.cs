using SequenceModels.Cells;
using SequenceModels.Files;
using SequenceModels.Heads;
using SequenceModels.Kernels;
using SequenceModels.Layers;
using SequenceModels.Networks;

namespace SequenceModels;

/// <summary>
/// Where a network stands in a stream: the states that its layers carry on, and the score so far. Made, moved on and read back by
/// a <see cref="SequenceStepper"/>. A state is a value of its own: it may be copied, kept, and saved, and no model changes with
/// it.
/// </summary>
/// <remarks>One thread may use a state at a time; different states may be used at once.</remarks>
public sealed class StepperState
{
    private const string Kind = "SEQSTATE";
    private const int Version = 1;

    /// <summary>More steps than any stream has, so that counting on cannot overflow.</summary>
    private const long MostSteps = 1L << 53;

    private readonly EncoderNetworkSpec _spec;
    private readonly string _network;

    internal StepperState(EncoderNetworkSpec spec, string network)
        : this(spec, network, new CarriedStates(spec.Encoder.NumberOfLayers), new PooledStates(),
            new float[spec.Output.NumberOfOutputs], 0)
    { }

    private StepperState(EncoderNetworkSpec spec, string network, CarriedStates states, PooledStates pooled,
        float[] scores, long steps)
    {
        (_spec, _network, States, Pooled) = (spec, network, states, pooled);
        (LastScores, NumberOfSteps) = (scores, steps);
    }

    /// <summary>Steps that the stream has had.</summary>
    public long NumberOfSteps { get; internal set; }

    /// <summary>[K] the score after the last step; zeros before the first. Another step writes over it.</summary>
    public ReadOnlySpan<float> Scores => LastScores;

    internal CarriedStates States { get; }

    internal PooledStates Pooled { get; }

    internal float[] LastScores { get; }

    /// <summary>Another state that stands at the same place and goes its own way.</summary>
    public StepperState Copy() => new(_spec, _network, States.Copy(), Pooled.Copy(), [.. LastScores], NumberOfSteps);

    /// <summary>Writes the state to a stream, which stays open. The format carries a checksum.</summary>
    /// <param name="stream">Where to write.</param>
    public void Save(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        SealedPayload.Write(stream, Kind, Version, Write);
    }

    internal bool BelongsTo(string network) => network == _network;

    internal void Write(PayloadWriter writer)
    {
        writer.Write(ShapeOf(_spec));
        writer.Write(_network);
        writer.Write(NumberOfSteps);
        if (NumberOfSteps == 0)
            return;
        writer.WriteSingles(LastScores);
        foreach (FloatBuffer hidden in States.Hidden)
            writer.WriteSingles(hidden.Span[..StateSize]);
        if (HasCellState)
            foreach (FloatBuffer cell in States.CellStates)
                writer.WriteSingles(cell.Span[..StateSize]);
        if (!_spec.Output.EveryStep)
            writer.WriteSingles(Pooled.Values);
    }

    /// <summary>Reads what <see cref="Save"/> wrote, for the network with that fingerprint.</summary>
    /// <param name="stream">Where it is.</param>
    /// <param name="layers">The network.</param>
    /// <param name="network">Its fingerprint.</param>
    internal static StepperState Read(Stream stream, EncoderNetwork layers, string network) =>
        SealedPayload.Read(stream, Kind, Version, reader => Read(reader, layers, network));

    /// <summary>What is there, and how long it is, follows from the network, never from the file.</summary>
    internal static StepperState Read(PayloadReader reader, EncoderNetwork layers, string network)
    {
        EncoderNetworkSpec spec = layers.Spec;
        const string Mend = "Load it with the network that it was saved with, or begin anew with CreateState.";
        string shape = reader.ReadString();
        if (shape != ShapeOf(spec))
            throw reader.Foreign($"it is a state of another network ({shape}) than this one ({ShapeOf(spec)})", Mend);
        if (reader.ReadString() != network)
            throw reader.Foreign(
                $"it is a state of another network, of the same shape as this one ({shape}), but with other weights, to which " +
                "its numbers mean " +
                "nothing", Mend);
        var state = new StepperState(spec, network) { NumberOfSteps = reader.ReadInt64() };
        if (state.NumberOfSteps is < 0 or > MostSteps)
            throw reader.Invalid(Invariant($"its number of steps is {state.NumberOfSteps}"));
        if (state.NumberOfSteps == 0)
            return state;
        reader.ReadFinite("a score", state.LastScores);
        if (spec.Output.Head is HeadKind.Softmax or HeadKind.MultiLabel or HeadKind.Ctc &&
            state.LastScores.Any(score => score is < 0 or > 1))
            throw reader.Invalid("one of its probabilities is not between 0 and 1");
        if (spec.Output.Head is HeadKind.Softmax or HeadKind.Ctc &&
            Math.Abs(state.LastScores.Sum(score => (double)score) - 1) > 1e-3)
            throw reader.Invalid("its probabilities do not add up to 1");
        foreach (FloatBuffer hidden in state.States.Hidden)
            ReadState(reader, hidden, state.StateSize);
        if (state.HasCellState)
            foreach (FloatBuffer cell in state.States.CellStates)
                ReadState(reader, cell, state.StateSize);
        if (!spec.Output.EveryStep)
        {
            state.Pooled.Steps = state.NumberOfSteps;
            reader.ReadFinite("a pooled state", state.Pooled.Reserve(layers.PooledLength));
        }
        return state;
    }

    /// <summary>All of a network that decides what its states are, as text.</summary>
    private static string ShapeOf(EncoderNetworkSpec spec) => Invariant(
        $"{spec.Encoder.Cell}, {spec.Encoder.NumberOfLayers} of {spec.Encoder.HiddenSize} units, {spec.Inputs}, ") + Invariant(
        $"{spec.Output.Head} of {spec.Output.NumberOfOutputs}, {(spec.Output.EveryStep ? "every step" : spec.Output.Pooling)}");

    private bool HasCellState => RecurrentCells.Find(_spec.Encoder.Cell)!.HasCellState;

    /// <summary>H with its padding, of the network's one direction.</summary>
    private int StateSize => Rows.Padded(_spec.Encoder.HiddenSize);

    private static void ReadState(PayloadReader reader, FloatBuffer buffer, int size)
    {
        buffer.Reserve(size);
        reader.ReadFinite("a state", buffer.Span[..size]);
    }
}
