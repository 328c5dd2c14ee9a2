using SequenceModels.Heads;
using SequenceModels.Kernels;

using SequenceModels.Layers;

namespace SequenceModels;

/// <summary>
/// Where a network stands in a stream: the states that its layers carry on, and the score so far. Made, moved on and read back by a
/// <see cref="SequenceStepper"/>. A state is a value of its own: it may be copied, kept, and saved, and no model changes with it.
/// </summary>
/// <remarks>One thread may use a state at a time; different states may be used at once.</remarks>
public sealed class StepperState
{
    private const string Kind = "SEQSTATE";
    private const int Version = 1;

    private readonly NetworkSpec _spec;
    private readonly string _network;

    internal StepperState(NetworkSpec spec, string network)
        : this(spec, network, new CarriedStates(spec.NumberOfLayers), new PooledStates(), new float[spec.NumberOfOutputs], 0) { }

    private StepperState(NetworkSpec spec, string network, CarriedStates states, PooledStates pooled, float[] scores, long steps)
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

    internal void Write(BinaryWriter writer)
    {
        writer.Write(_network);
        writer.Write(NumberOfSteps);
        WriteSingles(writer, LastScores);
        if (NumberOfSteps == 0)
            return;
        foreach (FloatBuffer hidden in States.Hidden)
            WriteSingles(writer, hidden.Span[..StateSize]);
        foreach (FloatBuffer cell in States.CellStates)
        {
            writer.Write(cell.Length > 0);
            if (cell.Length > 0)
                WriteSingles(writer, cell.Span[..StateSize]);
        }
        writer.Write(Pooled.Steps);
        if (Pooled.Steps > 0)
            WriteSingles(writer, Pooled.Values);
    }

    /// <summary>Reads what <see cref="Save"/> wrote, for the network with that fingerprint.</summary>
    internal static StepperState Read(Stream stream, NetworkSpec spec, string network) =>
        SealedPayload.Read(stream, Kind, Version, reader => Read(reader, spec, network));

    internal static StepperState Read(PayloadReader reader, NetworkSpec spec, string network)
    {
        if (reader.ReadString() != network)
            throw reader.Bad("it is a state of another network: states can only go on with the network that they were made by");
        var state = new StepperState(spec, network) { NumberOfSteps = reader.ReadInt64() };
        if (state.NumberOfSteps < 0)
            throw reader.Bad($"its number of steps is {state.NumberOfSteps}");
        reader.ReadSingles(state.LastScores);
        if (state.NumberOfSteps == 0)
            return state;
        int size = state.StateSize;
        foreach (FloatBuffer hidden in state.States.Hidden)
            ReadSingles(reader, hidden, size);
        foreach (FloatBuffer cell in state.States.CellStates)
            if (reader.ReadBoolean())
                ReadSingles(reader, cell, size);
        state.Pooled.Steps = reader.ReadInt32("the number of pooled steps", 0, int.MaxValue);
        if (state.Pooled.Steps > 0)
            reader.ReadSingles(state.Pooled.Reserve(size));
        return state;
    }

    /// <summary>H with its padding, of the network's one direction.</summary>
    private int StateSize => Rows.Padded(_spec.HiddenSize);

    private static void ReadSingles(PayloadReader reader, FloatBuffer buffer, int size)
    {
        buffer.Reserve(size);
        reader.ReadSingles(buffer.Span[..size]);
    }

    private static void WriteSingles(BinaryWriter writer, ReadOnlySpan<float> values)
    {
        foreach (float value in values)
            writer.Write(value);
    }
}
