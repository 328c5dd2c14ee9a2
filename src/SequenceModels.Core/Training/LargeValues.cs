using System.Globalization;
using SequenceModels.Heads;
using SequenceModels.Sequences;

namespace SequenceModels.Training;

/// <summary>How large the numbers are that a training learns from, and what to do where they are too large: for the message that it diverged.</summary>
internal static class LargeValues
{
    /// <summary>Scaled numbers are mostly below 3; from here on they saturate a network, or make its gradients grow.</summary>
    private const double Large = 10;

    /// <summary>Sentences to put behind a message; empty where no number is large.</summary>
    /// <param name="data">All rows.</param>
    /// <param name="network">Scales frames and labels.</param>
    /// <param name="options">Whether frames are scaled.</param>
    public static string Advice(SequenceDataset data, NetworkLayers network, SequenceTrainerOptions options)
    {
        bool isForecast = ForecastHead.Is(network.Spec.Head);
        double frames = LargestFrame(data), learned = 0;
        double labels = isForecast || network.Output.StandardisesLabels ? LargestLabel(data, network.Labels, out learned) : 0; // not of classes
        string text = "";
        if (frames > Large && isForecast)
            text += string.Create(CultureInfo.InvariantCulture, $" The largest number in a window is {frames:G4} on the window's scale: set " +
                $"ForecastOptions.Scaling to Standard, or look for values far from all others.");
        else if (frames > Large && options.FrameScaling == FrameScaling.None)
            text += string.Create(CultureInfo.InvariantCulture, $" The largest number in the frames is {frames:G4}: set " +
                $"{nameof(SequenceTrainerOptions)}.{nameof(SequenceTrainerOptions.FrameScaling)} to {nameof(FrameScaling.Standard)}.");
        else if (frames > Large)
            text += string.Create(CultureInfo.InvariantCulture, $" The largest number in the frames is {frames:G4}, before their scaling " +
                $"({nameof(SequenceTrainerOptions.FrameScaling)}): look for values far from all others.");
        if (learned > Large)
            text += string.Create(CultureInfo.InvariantCulture, $" The largest label is {labels:G4}, and {learned:G4} as it is learned: ") + (isForecast
                ? "windows that hardly move make it large; set ForecastOptions.Scaling to Mean or None."
                : "scale the labels, learn their logarithm, or look for labels far from all others.");
        else if (labels > Large)
            text += string.Create(CultureInfo.InvariantCulture, $" The largest label is {labels:G4}, which is scaled to {learned:G4}.");
        return text;
    }

    private static double LargestFrame(SequenceDataset data)
    {
        double largest = 0;
        for (int row = 0; row < data.Count; row++)
        {
            if (data.Input == SequenceInput.Frames)
                largest = Math.Max(largest, Largest(data.Frames(row)));
            foreach (FeatureChannel channel in data.Channels)
                if (channel.Feature.Kind == StepFeatureKind.Frames)
                    largest = Math.Max(largest, Largest(channel.Frames(data.Start(row), data.Length(row))));
        }
        return largest;
    }

    /// <summary>The size of the largest label, and of the largest as it is learned.</summary>
    private static double LargestLabel(SequenceDataset data, LabelTransform labels, out double learned)
    {
        double largest = 0, largestLearned = 0;
        Action<float> visit = label =>
        {
            largest = Math.Max(largest, float.IsFinite(label) ? Math.Abs(label) : 0);
            largestLearned = Math.Max(largestLearned, float.IsFinite(label) ? Math.Abs((label - labels.Mean) / labels.Deviation) : 0);
        };
        for (int row = 0; row < data.Count; row++)
            data.Targets.Visit(row, visit);
        learned = largestLearned;
        return largest;
    }

    /// <summary>By its size; numbers that are missing do not count.</summary>
    private static double Largest(ReadOnlySpan<float> values)
    {
        float largest = 0;
        foreach (float value in values)
            if (Math.Abs(value) > largest)
                largest = Math.Abs(value);
        return largest;
    }
}
