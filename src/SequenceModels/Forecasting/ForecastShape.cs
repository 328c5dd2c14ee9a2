using SequenceModels.Heads;
using SequenceModels.Networks;
using SequenceModels.Sequences;

namespace SequenceModels.Forecasting;

/// <summary>What options make of the windows of a forecast, and of the network that reads them.</summary>
internal static class ForecastShape
{
    /// <summary>How steps become frames, but for what the rows tell: gaps, and how long a season is.</summary>
    /// <param name="columns">With their widths.</param>
    /// <param name="windowSize">Steps of a window.</param>
    /// <param name="horizon">Steps of a forecast.</param>
    /// <param name="options">Of the training.</param>
    public static ForecastSpec Of(ForecastColumns columns, int windowSize, int horizon, ForecastOptions options)
    {
        int SizeOf(string[] names, int before) =>
            columns.Widths.Skip(before).Take(names.Length).Sum(width => Math.Max(1, width));
        var spec = new ForecastSpec
        {
            WindowSize = windowSize,
            Horizon = horizon,
            Targets = columns.Targets.Length,
            Past = SizeOf(columns.Past, 0) + CalendarEncoding.SizeOf(columns.Calendar),
            Future = SizeOf(columns.Future, columns.Past.Length),
            Static = SizeOf(columns.Static, columns.Past.Length + columns.Future.Length),
            Scaling = options.Scaling,
            Transform = options.Transform,
            From = options.ForecastFrom,
            Season = Math.Max(1, options.SeasonLength),
            SeasonalInputs = options.SeasonalInputs,
            DifferenceInputs = options.DifferenceInputs,
            ChannelIndependent = options.ChannelIndependent && columns.Targets.Length > 1,
            LinearPath = options.LinearPath,
            Loss = options.Loss,
            ConfidenceLevel = options.ConfidenceLevel,
            MarksGaps = false,
            Limits = new(options.LowestValue, options.HighestValue),
        };
        spec.RequireSizes();
        return spec;
    }

    /// <summary>The network of a forecast.</summary>
    public static EncoderNetworkSpec NetworkOf(ForecastSpec spec, string cell, ForecastOptions options)
    {
        (HeadKind head, Quantiles quantiles) = ForecastOutputs.HeadOf(spec.Loss, spec.ConfidenceLevel);
        return new EncoderNetworkSpec
        {
            Encoder = new EncoderSpec
            {
                Inputs = [StepFeature.Frames(spec.FrameSize)],
                Cell = cell,
                HiddenSize = options.HiddenSize,
                NumberOfLayers = options.NumberOfLayers,
                Bidirectional = options.Bidirectional,
            },
            Output = new OutputSpec
            {
                Head = head,
                NumberOfOutputs = spec.WindowLabels * QuantileHead.OutputsOf(head, quantiles.Count),
                Pooling = options.Pooling,
                Quantiles = quantiles,
                LinearSteps = spec.LinearSteps,
            },
        };
    }
}
