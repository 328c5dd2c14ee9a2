using System.Numerics.Tensors;
using SequenceModels.Sequences;

namespace SequenceModels.Networks;

/// <summary>Whether what a network is given is what it reads.</summary>
internal static class NetworkInput
{
    /// <summary>Throws unless steps are one token and nothing else.</summary>
    /// <exception cref="InvalidOperationException">They are something else.</exception>
    public static void RequireTokens(StepFeatures inputs)
    {
        RequireOneFeature(inputs);
        if (!inputs.AreTokens)
            throw new InvalidOperationException(
                $"This network reads frames of {Counted.Of(inputs[0].StepSize, "number")}, not tokens.");
    }

    /// <summary>Throws unless steps are one frame and nothing else, and these are whole frames of finite numbers.</summary>
    /// <exception cref="InvalidOperationException">Steps are something else.</exception>
    /// <exception cref="ArgumentException">The numbers do not divide into frames, or one is not finite.</exception>
    public static void RequireFrames(StepFeatures inputs, ReadOnlySpan<float> frames)
    {
        RequireOneFeature(inputs);
        int size = inputs[0].StepSize;
        if (!inputs.AreFrames)
            throw new InvalidOperationException(Invariant($"This network reads tokens of a vocabulary of {size}, not frames."));
        if (frames.Length % size != 0)
            throw new ArgumentException(
                Invariant($"{Counted.Of(frames.Length, "number")} cannot be cut into frames of {size}."), nameof(frames));
        FiniteNumbers.RequireFrames(frames);
    }

    /// <summary>Throws unless data has the features that a network reads, and their numbers in these rows are finite.</summary>
    /// <exception cref="ArgumentException">It has others, or a number is NaN or infinite.</exception>
    public static void RequireFinite(StepFeatures inputs, int rowFeatures, SequenceDataset data, ReadOnlySpan<int> rows)
    {
        if (!data.Inputs.HaveSameValues(inputs))
            throw new ArgumentException(
                $"The network reads other features of its steps ({inputs}) than the data has ({data.Inputs}).", nameof(data));
        RequireRowFeatures(rowFeatures, data.RowFeatures.Size);
        for (int feature = 0; feature < data.Channels.Count; feature++) // an enumerator would be made anew for each row scored
            if (data.Channels[feature] is { Feature.Kind: StepFeatureKind.Frames } channel)
                foreach (int row in rows)
                    FiniteNumbers.RequireFrames(channel.Frames(data.Start(row), data.Length(row)));
    }

    /// <summary>Throws unless a row has as many numbers beside its steps as a network reads.</summary>
    /// <param name="size">How many the network reads.</param>
    /// <param name="given">How many the row has.</param>
    /// <exception cref="InvalidOperationException">The row has none, or should have none.</exception>
    /// <exception cref="ArgumentException">It has more, or fewer.</exception>
    public static void RequireRowFeatures(int size, int given)
    {
        if (size != given && (size == 0 || given == 0))
            throw new InvalidOperationException(Invariant($"This network reads {Counted.Of(size, "number")} of the whole row ") +
                (size > 0 ? "beside the sequence (RowFeatureSize). Score the sequence together with them."
                    : "beside the sequence. Score the sequence alone."));
        if (size != given)
            throw new ArgumentException(Invariant($"This network reads {size} numbers of the whole row beside the ") +
                Invariant($"sequence; {Counted.Of(given, "number is", "numbers are")} given."), nameof(given));
    }

    /// <summary>Throws unless these are as many finite numbers of a whole row as a network reads beside its steps.</summary>
    /// <exception cref="InvalidOperationException">There are none, or there should be none.</exception>
    /// <exception cref="ArgumentException">There are more, or fewer, or one is not finite.</exception>
    public static void RequireRowFeatures(int size, ReadOnlySpan<float> rowFeatures)
    {
        RequireRowFeatures(size, rowFeatures.Length);
        if (!rowFeatures.IsEmpty && !TensorPrimitives.IsFiniteAll(rowFeatures))
            throw new ArgumentException("A number of the row is NaN or infinite.", nameof(rowFeatures));
    }

    private static void RequireOneFeature(StepFeatures inputs)
    {
        if (inputs.Count > 1)
            throw new InvalidOperationException(
                Invariant($"This network reads {inputs.Count} features at each step, not one alone ") +
                $"({inputs}). Score rows that have them all.");
        if (inputs[0].IsWord)
            throw new InvalidOperationException(
                $"This network reads words by their parts ({inputs}), not tokens or frames. Score rows that have them.");
    }
}
