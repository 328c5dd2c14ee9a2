using System.Numerics.Tensors;

namespace SequenceModels.Sequences;

/// <summary>(x - Mean) * Factor for each of a frame's F numbers; nothing where the arrays are empty. Of the first feature, and of further ones.</summary>
/// <param name="Mean">[F] or empty.</param>
/// <param name="Factor">[F] or empty.</param>
internal sealed record FrameTransform(float[] Mean, float[] Factor)
{
    public static FrameTransform None { get; } = new([], []);

    /// <summary>Those of a step's further features, in their order; none where there is nothing to do.</summary>
    public IReadOnlyList<FrameTransform> Further { get; init; } = [];

    /// <summary>What happens to the numbers of a further feature.</summary>
    public FrameTransform Of(int feature) => feature < Further.Count ? Further[feature] : None;

    /// <summary>
    /// Mean 0 and standard deviation 1 over all steps of the given rows, for each feature that is frames; a number that never changes is
    /// only centred.
    /// </summary>
    public static FrameTransform Standard(RowSelection rows)
    {
        SequenceDataset data = rows.Data;
        FrameTransform OfFeature(FeatureChannel channel) => channel.Feature.Kind != StepFeatureKind.Frames ? None
            : Standard(rows, channel.Feature.Size, row => channel.Frames(data.Start(row), data.Length(row)));
        FrameTransform first = data.Input == SequenceInput.Tokens ? None : Standard(rows, data.InputSize, data.Frames);
        return data.Features.Count == 0 ? first : first with { Further = [.. data.Channels.Select(OfFeature)] };
    }

    private static FrameTransform Standard(RowSelection rows, int size, Func<int, ReadOnlySpan<float>> framesOf)
    {
        double[] mean = new double[size], squares = new double[size];
        long steps = ForEachFrame(rows, size, framesOf, frame =>
        {
            for (int i = 0; i < size; i++)
                mean[i] += frame[i];
        });
        for (int i = 0; i < size; i++)
            mean[i] /= Math.Max(1, steps);
        // A second pass: the difference of large sums would lose the variance of a feature far from zero.
        ForEachFrame(rows, size, framesOf, frame =>
        {
            for (int i = 0; i < size; i++)
                squares[i] += (frame[i] - mean[i]) * (frame[i] - mean[i]);
        });
        float[] factor = new float[size];
        for (int i = 0; i < size; i++)
        {
            double deviation = Math.Sqrt(squares[i] / Math.Max(1, steps));
            // Below float's resolution a deviation is rounding, not signal; and its inverse must be a float.
            factor[i] = deviation > 1e-7 * Math.Abs(mean[i]) && deviation > 1 / float.MaxValue ? (float)(1 / deviation) : 1;
        }
        return new FrameTransform(Array.ConvertAll(mean, x => (float)x), factor);
    }

    /// <summary>Scales a frame of finite numbers.</summary>
    /// <exception cref="ArgumentException">A scaled number is too large for a float.</exception>
    public void Apply(ReadOnlySpan<float> frame, Span<float> destination)
    {
        if (Mean.Length == 0)
        {
            frame.CopyTo(destination);
            return;
        }
        TensorPrimitives.Subtract(frame, Mean, destination);
        TensorPrimitives.Multiply(destination, Factor, destination);
        if (!TensorPrimitives.IsFiniteAll<float>(destination))
            ApplyToLarge(frame, destination);
    }

    /// <summary>The same where the difference is too large for a float, and may yet come down to one.</summary>
    private void ApplyToLarge(ReadOnlySpan<float> frame, Span<float> destination)
    {
        for (int i = 0; i < frame.Length; i++)
        {
            destination[i] = (float)(((double)frame[i] - Mean[i]) * Factor[i]);
            if (!float.IsFinite(destination[i]))
                throw new ArgumentException(Invariant($"Feature {i} of a step is {frame[i]}, which is too far from the ") +
                    Invariant($"training rows' mean of {Mean[i]} to be scaled by {Factor[i]}. Remove such values, or clip them, before."));
        }
    }

    /// <returns>How many frames there are.</returns>
    private static long ForEachFrame(RowSelection rows, int size, Func<int, ReadOnlySpan<float>> framesOf, Action<ReadOnlySpan<float>> visit)
    {
        long count = 0;
        for (int i = 0; i < rows.Count; i++)
        {
            ReadOnlySpan<float> frames = framesOf(rows[i]);
            for (int at = 0; at < frames.Length; at += size)
                visit(frames.Slice(at, size));
            count += frames.Length / size;
        }
        return count;
    }
}
