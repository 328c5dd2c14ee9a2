using SequenceModels.Networks;
using SequenceModels.Reports;
using SequenceModels.Training;

namespace SequenceModels.Diagnostics;

/// <summary>What is measured of each of the networks that are compared.</summary>
internal static class NetworkMeasurement
{
    /// <summary>Looks into a network as it is, and at the gradient flow that it had before training.</summary>
    /// <param name="model">The trained network.</param>
    /// <param name="examples">The rows to look with.</param>
    /// <param name="names">What classes and tokens are called.</param>
    /// <param name="options">Of the training, with its seed.</param>
    public static ComparedNetwork Measure(SequenceModelParameters model, SampledRows examples, InsightNames names,
        SequenceTrainerOptions options)
    {
        int threads = options.NumberOfThreads == 0 ? -1 : options.NumberOfThreads;
        // First weights depend on shape and seed alone: they are drawn again rather than kept.
        EncoderNetwork trained = model.Network.Layers;
        var untrained = new EncoderNetwork(trained.Spec, trained.Frames, trained.Labels);
        untrained.Parameters.Allocate();
        untrained.Initialize(options.Seed!.Value, options.EmbeddingDeviation);
        return new ComparedNetwork
        {
            Network = model.Network,
            History = model.History,
            Before = new FlowMeasurement(untrained, examples.Data)
                .Measure(NetworkInsight.FlowRows(examples.Data), threads).Layers,
            After = NetworkInsight.Measure(model.Network, examples, names, options.NumberOfThreads),
        };
    }

    /// <summary>The figures that users get.</summary>
    /// <param name="model">The trained network.</param>
    /// <param name="network">What was measured of it.</param>
    public static CellGradientFlow FlowOf(SequenceModelParameters model, ComparedNetwork network) => new(model,
        [.. network.After.Layers.Select((after, i) => new LayerGradientFlow(after.Layer, after.IsReverse,
            network.Before[i].GradientNorms, after.GradientNorms, after.Sequences))],
        network.After.Loss, network.After.Predictions.Accuracy, network.After.Predictions.RootMeanSquaredError);
}
