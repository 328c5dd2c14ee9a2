using SequenceModels.Heads;
using SequenceModels.Networks;
using SequenceModels.Sequences;

namespace SequenceModels.Training;

/// <summary>
/// How large the numbers are that a training learns from, and what to do where they are too large:
/// for the message that it diverged.
/// </summary>
internal static class LargeValues
{
    /// <summary>Scaled numbers are mostly below 3; from here on they saturate a network, or make its gradients grow.</summary>
    private const double Large = 10;

    /// <summary>Sentences to put behind a message; empty where no number is large.</summary>
    /// <param name="data">All rows.</param>
    /// <param name="network">Scales frames and labels.</param>
    /// <param name="options">Whether frames are scaled.</param>
    public static string Advice(SequenceDataset data, Network network, TrainingOptions options)
    {
        bool isForecast = QuantileHead.Is(network.Spec.Output.Head);
        bool isScaled = options.TaskOptions.FrameScaling == FrameScaling.Standard && !isForecast;
        double frames = LargestFrame(data, isScaled ? network.Frames : FrameTransform.None, out double scaled), learned = 0;
        // not of classes
        double labels = isForecast || network.Output.StandardisesLabels ? LargestLabel(data, network.Labels, out learned) : 0;
        string text = "";
        if (frames > Large && isForecast)
            text += Invariant($" The largest number in a window is {frames:G4} on the window's scale: set ") +
                "ForecastOptions.Scaling to Standard, or look for values far from all others.";
        else if (frames > Large && options.TaskOptions.FrameScaling == FrameScaling.None)
            text += Invariant($" The largest number in the frames is {frames:G4}: set ") +
                $"{options.NameOf(nameof(TaskOptions.FrameScaling))} to {nameof(FrameScaling.Standard)}.";
        else if (isScaled && scaled > Large)
            text += Invariant($" The largest number in the frames is {frames:G4}, before their scaling ") +
                $"({nameof(TaskOptions.FrameScaling)}): look for values far from all others.";
        if (LargestRowFeature(data) is var beside and > Large)
            text += Invariant($" The largest number that rows have beside their sequences is {beside:G4}: scale such numbers ") +
                "before, such as by NormalizeMinMax.";
        if (learned > Large)
            text += Invariant($" The largest label is {labels:G4}, and {learned:G4} as it is learned: ") + (isForecast
                ? "windows that hardly move make it large; set ForecastOptions.Scaling to Mean or None."
                : "scale the labels, learn their logarithm, or look for labels far from all others.");
        else if (labels > Large)
            text += Invariant($" The largest label is {labels:G4}, which is scaled to {learned:G4}.");
        return text;
    }

    /// <summary>
    /// The size of the largest number, and of the largest as it is learned. Those that are missing do not count.
    /// </summary>
    private static double LargestFrame(SequenceDataset data, FrameTransform scaling, out double learned)
    {
        double largest = 0, largestLearned = 0;
        for (int row = 0; row < data.Count; row++)
        {
            for (int i = 0; i < data.Inputs.Count; i++)
                if (data.Inputs[i].Kind == StepFeatureKind.Frames)
                    Visit(data.Channels[i].Frames(data.Start(row), data.Length(row)), scaling[i]);
        }
        learned = largestLearned;
        return largest;

        void Visit(ReadOnlySpan<float> frames, FeatureScaling of)
        {
            for (int i = 0; i < frames.Length; i++)
            {
                if (!float.IsFinite(frames[i]))
                    continue;
                int place = of.Mean.Length == 0 ? 0 : i % of.Mean.Length;
                largest = Math.Max(largest, Math.Abs(frames[i]));
                largestLearned = Math.Max(largestLearned, of.Mean.Length == 0 ? Math.Abs(frames[i])
                    : Math.Abs(((double)frames[i] - of.Mean[place]) * of.Factor[place]));
            }
        }
    }

    /// <summary>The size of the largest number that rows have beside their steps.</summary>
    private static double LargestRowFeature(SequenceDataset data)
    {
        double largest = 0;
        for (int row = 0; data.RowFeatures.Size > 0 && row < data.Count; row++)
            foreach (float value in data.RowFeatures.Values(row))
                largest = Math.Max(largest, Math.Abs(value));
        return largest;
    }

    /// <summary>The size of the largest label, and of the largest as it is learned.</summary>
    private static double LargestLabel(SequenceDataset data, LabelTransform labels, out double learned)
    {
        double largest = 0, largestLearned = 0;
        Action<float> visit = label =>
        {
            largest = Math.Max(largest, float.IsFinite(label) ? Math.Abs(label) : 0);
            largestLearned =
                Math.Max(largestLearned, float.IsFinite(label) ? Math.Abs((label - labels.Mean) / labels.Deviation) : 0);
        };
        for (int row = 0; row < data.Count; row++)
            data.Targets.Visit(row, visit);
        learned = largestLearned;
        return largest;
    }
}
