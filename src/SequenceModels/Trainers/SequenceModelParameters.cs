using SequenceModels.Reports;
using SequenceModels.Reports.Pages;

namespace SequenceModels;

/// <summary>What a trainer has learned.</summary>
public sealed class SequenceModelParameters
{
    internal SequenceModelParameters(SequenceNetwork network, IReadOnlyList<TrainingEpoch>? history = null, NetworkInsight? insight = null)
    {
        Network = network;
        History = history ?? [];
        Insight = insight;
    }

    /// <summary>The trained network: immutable, safe to share between threads, and usable without ML.NET.</summary>
    public SequenceNetwork Network { get; }

    /// <summary>The passes over the training data, in their order. Empty where they are not known.</summary>
    public IReadOnlyList<TrainingEpoch> History { get; }

    /// <summary>What a look into the network has shown at the end of training; null where nobody looked.</summary>
    internal NetworkInsight? Insight { get; }

    /// <summary>
    /// Writes a page about the model: loss and metrics by epoch, learning rate and gradient norm, the confusion matrix or predicted beside
    /// actual values, the gradient flow (the norm of dLoss/dh by steps back in time, for each layer and direction), the half-life of the
    /// memory, the spectral radius of the recurrent weights, and the gates over one example. What the model does not know is left out.
    /// </summary>
    /// <param name="path">
    /// The file; replaced if it is there. It is written under a temporary name beside it, then moved into place. HTML in UTF-8, complete in
    /// itself: it loads and runs nothing.
    /// </param>
    /// <exception cref="ArgumentException"><paramref name="path"/> is empty.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be written.</exception>
    /// <remarks>
    /// Predictions are measured on up to 2,000 of the training rows, the gradient flow on up to 256. The names of classes, and the tokens of
    /// one training example, stand on the page and in the model.
    /// </remarks>
    public void WriteReport(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        AtomicFile.Write(path, ReportPage.Render(Network, History, Insight));
    }
}
