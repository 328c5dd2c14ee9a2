using SequenceModels.Files;
using SequenceModels.Reports;
using SequenceModels.Trainers;
using SequenceModels.Training;

namespace SequenceModels;

/// <summary>What a trainer of translations has learned.</summary>
public sealed class TranslationModelParameters
{
    internal TranslationModelParameters(SequenceTranslator network, IReadOnlyList<TrainingEpoch>? history = null,
        KeyFingerprints? names = null, Lazy<TranslationInsight>? insight = null)
    {
        Network = network;
        History = history ?? [];
        Names = names ?? KeyFingerprints.Unknown;
        Insight = insight;
    }

    /// <summary>
    /// Takes a network as what a trainer has learned: to go on from in <c>Fit(train, validation, initial)</c>, or, with
    /// <see cref="TrainingOptions.NumberOfEpochs"/> 0, as the model of a pipeline.
    /// </summary>
    /// <param name="network">Such as one of <see cref="SequenceTranslator.Load(string)"/>.</param>
    public static TranslationModelParameters FromNetwork(SequenceTranslator network)
    {
        ArgumentNullException.ThrowIfNull(network);
        return new TranslationModelParameters(network);
    }

    /// <summary>The trained network: immutable, safe to share between threads, and usable without ML.NET.</summary>
    public SequenceTranslator Network { get; }

    /// <summary>
    /// The passes over the training data, in their order; saved with the model. Empty where they are not known.
    /// </summary>
    public IReadOnlyList<TrainingEpoch> History { get; }

    /// <summary>What the keys of source and target stand for.</summary>
    internal KeyFingerprints Names { get; }

    /// <summary>What the network makes of some rows; null where nobody looked.</summary>
    internal Lazy<TranslationInsight>? Insight { get; }

    /// <summary>
    /// Writes a page about the model: loss, error rates and BLEU by epoch, errors by the length of the source, and for some rows
    /// the translation and what was looked at for each of its tokens. What the model does not know is left out.
    /// </summary>
    /// <param name="path">
    /// The file; replaced if it is there. It is written under a temporary name beside it, then moved into place. HTML in UTF-8,
    /// complete in itself: it loads and runs nothing.
    /// </param>
    /// <exception cref="ArgumentException"><paramref name="path"/> is empty.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be written.</exception>
    /// <remarks>
    /// Up to 500 of the validation rows, or without any of the training rows, are translated when a trained model is first saved
    /// or asked for its report: until then it keeps a copy of these rows in memory. The tokens of up to 4 of them stand on
    /// the page and in the saved model.
    /// </remarks>
    public void WriteReport(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        AtomicFile.Write(path, TranslationReportPage.Render(Network.Network.Spec, Network.Network.Parameters.LogicalLength,
            History, Insight?.Value));
    }

    /// <summary>The same with 8-bit weights.</summary>
    internal TranslationModelParameters WithEightBitWeights() => new(Network.WithEightBitWeights(), History, Names, Insight);

    internal void Write(PayloadWriter writer)
    {
        using var network = new MemoryStream();
        Network.Save(network);
        writer.Write(checked((int)network.Length));
        writer.Write(network.GetBuffer(), 0, (int)network.Length);
        TrainingHistoryFile.Write(writer, History);
        Names.Write(writer);
        writer.WriteOptional(Insight?.Value, (to, insight) => insight.Write(to));
    }

    internal static TranslationModelParameters Read(PayloadReader reader)
    {
        using MemoryStream network = reader.ReadBlock("the network");
        return new TranslationModelParameters(SequenceTranslator.Load(network), TrainingHistoryFile.Read(reader),
            KeyFingerprints.Read(reader),
            reader.ReadOptional(TranslationInsight.Read) is { } insight ? new Lazy<TranslationInsight>(insight) : null);
    }
}
