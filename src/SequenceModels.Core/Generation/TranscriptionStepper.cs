using SequenceModels.Networks;

namespace SequenceModels;

/// <summary>
/// Writes down what is said step by step, as it is heard: captions while somebody speaks. What is heard of all steps is, to the
/// bit, what <see cref="SequenceTranscriber"/> finds in the whole sequence with a beam of 1. Had from
/// <see cref="SequenceTranscriber.CreateStepper"/>; may be shared between threads.
/// </summary>
public sealed class TranscriptionStepper
{
    private readonly SequenceStepper _stepper;
    private readonly int _largestKey;

    internal TranscriptionStepper(SequenceStepper stepper, int largestKey) => (_stepper, _largestKey) = (stepper, largestKey);

    /// <summary>The beginning of a stream.</summary>
    public TranscriptionState CreateState() => new(_stepper.CreateState(), new BestPath());

    /// <summary>Reads a state that <see cref="TranscriptionState.Save"/> wrote, in this process or another.</summary>
    /// <param name="stream">Where to read; stays open behind the state.</param>
    /// <exception cref="InvalidDataException">
    /// The stream holds something else, was cut short or altered, or is a state of another network.
    /// </exception>
    public TranscriptionState LoadState(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        return TranscriptionState.Read(stream, _stepper, _largestKey);
    }

    /// <summary>Takes the next frame of a stream, or several.</summary>
    /// <param name="state">Where the stream stands; moves on.</param>
    /// <param name="frames">[F], or [T, F] step after step: finite numbers.</param>
    /// <returns>How many tokens were heard begin: the last ones of the state's.</returns>
    /// <exception cref="InvalidOperationException">The network reads tokens.</exception>
    /// <exception cref="ArgumentException">
    /// The numbers do not divide into frames, one is not finite, or too large, or the state is of another network.
    /// </exception>
    /// <exception cref="ArithmeticException">A score is NaN or infinite, by numbers that are too large.</exception>
    public int Step(TranscriptionState state, ReadOnlySpan<float> frames)
    {
        ArgumentNullException.ThrowIfNull(state);
        NetworkInput.RequireFrames(_stepper.Inputs, frames);
        int size = _stepper.Inputs[0].StepSize, heard = 0;
        for (int first = 0; first < frames.Length; first += size)
            heard += Add(state, _stepper.Step(state.Network, frames.Slice(first, size)));
        return heard;
    }

    /// <summary>Takes the next tokens of a stream.</summary>
    /// <param name="state">Where the stream stands; moves on.</param>
    /// <param name="tokens">Keys; 0 and keys above the vocabulary are unknown.</param>
    /// <exception cref="InvalidOperationException">The network reads frames.</exception>
    /// <exception cref="ArgumentException">The state is of another network.</exception>
    /// <inheritdoc cref="Step(TranscriptionState, ReadOnlySpan{float})" path="/returns"/>
    public int Step(TranscriptionState state, ReadOnlySpan<uint> tokens)
    {
        ArgumentNullException.ThrowIfNull(state);
        int heard = 0;
        foreach (uint token in tokens)
            heard += Add(state, _stepper.Step(state.Network, token));
        return heard;
    }

    private static int Add(TranscriptionState state, ReadOnlySpan<float> scores) =>
        state.Path.Add(BestPath.Decide(scores)) ? 1 : 0;
}
