using SequenceModels.Files;
using SequenceModels.Layers;
using SequenceModels.Networks;

namespace SequenceModels;

/// <summary>
/// Feeds a network one step at a time: the score after each step is, to the bit, the one that the whole sequence so far would
/// have. What is remembered between steps is in a <see cref="StepperState"/>, one for each stream;
/// stepper and network may be shared between threads.
/// </summary>
/// <remarks>A step allocates nothing after the first. Every pooling goes on from step to step.</remarks>
public sealed class SequenceStepper
{
    /// <summary>Steps that are worked out together where many are fed at once.</summary>
    private const int MostSteps = 1 << 12;

    private readonly SequenceNetwork _network;
    private readonly EncoderNetwork _layers;
    private readonly Lazy<string> _fingerprint;
    private EncoderPass? _pass;

    internal SequenceStepper(SequenceNetwork network)
    {
        if (network.Spec.NeedsWholeSequences is { } why)
            throw new NotSupportedException(why);
        if (!network.Spec.Inputs.AreTokens && !network.Spec.Inputs.AreFrames)
            throw new NotSupportedException(
                Invariant($"This network reads {Counted.Of(network.Spec.Inputs.Count, "feature")} at each step ") +
                $"({network.Spec.Inputs}): it cannot be fed one step at a time.");
        if (network.RowFeatureSize > 0)
            throw new NotSupportedException(Invariant($"This network reads {network.RowFeatureSize} numbers of the whole ") +
                "row beside the sequence: it cannot be fed one step at a time. Train without RowFeatureColumnName.");
        _network = network;
        _layers = network.Layers;
        _fingerprint = new Lazy<string>(network.Fingerprint);
    }

    internal Sequences.StepFeatures Inputs => _network.Spec.Inputs;

    /// <summary>Numbers in a score.</summary>
    public int NumberOfOutputs => _network.NumberOfOutputs;

    /// <summary>The beginning of a stream.</summary>
    public StepperState CreateState() => new(_layers.Spec, _fingerprint.Value);

    /// <summary>Reads a state that <see cref="StepperState.Save"/> wrote, in this process or another.</summary>
    /// <param name="stream">Where to read; stays open behind the state.</param>
    /// <exception cref="InvalidDataException">
    /// The stream holds something else, was cut short or altered, or is a state of another network.
    /// </exception>
    /// <remarks>
    /// The numbers of a state mean something to the weights alone that made them: a network that was trained on,
    /// even of the same shape, takes no state of the network it came from.
    /// </remarks>
    public StepperState LoadState(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        return StepperState.Read(stream, _layers, _fingerprint.Value);
    }

    internal StepperState ReadState(PayloadReader reader) => StepperState.Read(reader, _layers, _fingerprint.Value);

    /// <summary>Takes the next token of a stream.</summary>
    /// <param name="state">Where the stream stands; moves on.</param>
    /// <param name="token">Its key; 0 and keys above the vocabulary are unknown.</param>
    /// <returns>[K] the score of the stream so far; lies in the state, and the next step writes over it.</returns>
    /// <exception cref="InvalidOperationException">The network reads frames.</exception>
    /// <exception cref="ArgumentException">The state is of another network.</exception>
    /// <exception cref="ArithmeticException">
    /// A score is NaN or infinite, by weights that are too large; go on from a copy of the state before.
    /// </exception>
    public ReadOnlySpan<float> Step(StepperState state, uint token) => Step(state, new ReadOnlySpan<uint>(in token));

    /// <summary>Takes the next tokens of a stream, or none.</summary>
    /// <inheritdoc cref="Step(StepperState, uint)"/>
    /// <param name="state">Where the stream stands; moves on.</param>
    /// <param name="tokens">Keys; 0 and keys above the vocabulary are unknown.</param>
    public ReadOnlySpan<float> Step(StepperState state, scoped ReadOnlySpan<uint> tokens)
    {
        Check(state);
        NetworkInput.RequireTokens(_network.Spec.Inputs);
        for (int first = 0; first < tokens.Length; first += MostSteps)
        {
            ReadOnlySpan<uint> part = tokens.Slice(first, Math.Min(MostSteps, tokens.Length - first));
            EncoderPass pass = Rent();
            pass.Batch.Pack(part, _network.InputSize);
            Advance(state, pass, part.Length);
        }
        _layers.CountTokens(tokens.Length);
        return state.Scores;
    }

    /// <summary>Takes the next frame of a stream, or several.</summary>
    /// <param name="state">Where the stream stands; moves on.</param>
    /// <param name="frames">[F], or [T, F] step after step: finite numbers, scaled as the network was trained.</param>
    /// <returns>[K] the score of the stream so far; lies in the state, and the next step writes over it.</returns>
    /// <exception cref="InvalidOperationException">The network reads tokens.</exception>
    /// <exception cref="ArgumentException">
    /// The numbers do not divide into frames, one is not finite, or too large, or the state is of another network.
    /// </exception>
    /// <exception cref="ArithmeticException">
    /// A score is NaN or infinite, by numbers that are too large; go on from a copy of the state before.
    /// </exception>
    public ReadOnlySpan<float> Step(StepperState state, scoped ReadOnlySpan<float> frames)
    {
        Check(state);
        NetworkInput.RequireFrames(_network.Spec.Inputs, frames);
        int size = _network.InputSize, count = frames.Length / size;
        for (int first = 0; first < count; first += MostSteps)
        {
            int steps = Math.Min(MostSteps, count - first);
            EncoderPass pass = Rent();
            pass.Batch.Pack(frames.Slice(first * size, steps * size), size, _layers.Frames);
            Advance(state, pass, steps);
        }
        return state.Scores;
    }

    private void Check(StepperState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        if (!state.BelongsTo(_fingerprint.Value))
            throw new ArgumentException(
                "The state is one of another network. Make it with this stepper's CreateState or LoadState.", nameof(state));
    }

    private void Advance(StepperState state, EncoderPass pass, int steps)
    {
        pass.Stack.RestoreStates(state.States, begins: state.NumberOfSteps == 0);
        // Pooled apart: where a score is no number, the state stays as it was.
        PooledStates? pooled = pass.Pooling is { } pooling ? pooling.Carried ??= new PooledStates() : null;
        pooled?.CopyFrom(state.Pooled);
        _layers.PredictLast(pass);
        FiniteNumbers.RequireScores(pass.ScoresOf(0)).CopyTo(state.LastScores);
        pass.Stack.SaveStates(pass.Batch);
        if (pooled is not null)
            state.Pooled.CopyFrom(pooled);
        state.NumberOfSteps += steps;
        Volatile.Write(ref _pass, pass);
    }

    private EncoderPass Rent() => Interlocked.Exchange(ref _pass, null) ?? _layers.CreatePass();
}
