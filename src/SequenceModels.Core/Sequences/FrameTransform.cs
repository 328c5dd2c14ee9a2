namespace SequenceModels.Sequences;

/// <summary>What happens to the numbers of each feature that is frames, on their way into a network.</summary>
/// <param name="features">In the order of the network's features; empty: nothing happens to any.</param>
internal sealed class FrameTransform(IReadOnlyList<FeatureScaling> features)
{
    public static FrameTransform None { get; } = new([]);

    /// <summary>What happens to the numbers of a feature.</summary>
    public FeatureScaling this[int feature] => feature < features.Count ? features[feature] : FeatureScaling.None;

    /// <summary>
    /// Mean 0 and standard deviation 1 over all steps of the given rows, for each feature that is frames;
    /// a number that never changes is only centred.
    /// </summary>
    public static FrameTransform Standard(RowSelection rows) => new([.. rows.Data.Channels.Select(channel =>
        channel.Feature.Kind == StepFeatureKind.Frames ? Standard(rows, channel) : FeatureScaling.None)]);

    private static FeatureScaling Standard(RowSelection rows, FeatureChannel channel)
    {
        int size = channel.Feature.Size;
        double[] mean = new double[size], squares = new double[size];
        long steps = ForEachFrame(rows, channel, frame =>
        {
            for (int i = 0; i < size; i++)
                mean[i] += frame[i];
        });
        for (int i = 0; i < size; i++)
            mean[i] /= Math.Max(1, steps);
        // A second pass: the difference of large sums would lose the variance of a feature far from zero.
        ForEachFrame(rows, channel, frame =>
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
        return new FeatureScaling(Array.ConvertAll(mean, x => (float)x), factor);
    }

    /// <returns>How many frames there are.</returns>
    private static long ForEachFrame(RowSelection rows, FeatureChannel channel, Action<ReadOnlySpan<float>> visit)
    {
        long count = 0;
        int size = channel.Feature.Size;
        for (int i = 0; i < rows.Count; i++)
        {
            ReadOnlySpan<float> frames = channel.Frames(rows.Data.Start(rows[i]), rows.Data.Length(rows[i]));
            for (int at = 0; at < frames.Length; at += size)
                visit(frames.Slice(at, size));
            count += frames.Length / size;
        }
        return count;
    }
}
