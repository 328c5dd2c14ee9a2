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
        double frames = LargestFrame(data), labels = LargestLabel(data, out double learned, network.Labels);
        bool isForecast = network.Spec.Head is HeadKind.Means or HeadKind.Medians or HeadKind.Quantiles;
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

    /// <summary>Of labels that are numbers to predict; 0 for classes.</summary>
    private static double LargestLabel(SequenceDataset data, out double learned, LabelTransform labels)
    {
        double largest = learned = 0;
        for (int row = 0; row < data.Count && labels != LabelTransform.None; row++)
            if (float.IsFinite(data.Label(row)))
                (largest, learned) = (Math.Max(largest, Math.Abs(data.Label(row))), Math.Max(learned, Math.Abs((data.Label(row) - labels.Mean) / labels.Deviation)));
        for (int row = 0; row < data.Count && data.LabelSize > 0; row++)
            largest = learned = Math.Max(learned, Largest(data.Labels(row)));
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
