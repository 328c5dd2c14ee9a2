using SequenceModels.Files;
using SequenceModels.Trainers;
using SequenceModels.Training;

namespace SequenceModels;

/// <summary>What a trainer of translations has learned.</summary>
public sealed class TranslationModelParameters
{
    internal TranslationModelParameters(SequenceTranslator network, IReadOnlyList<TrainingEpoch>? history = null,
        KeyFingerprints? names = null)
    {
        Network = network;
        History = history ?? [];
        Names = names ?? KeyFingerprints.Unknown;
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

    internal void Write(PayloadWriter writer)
    {
        using var network = new MemoryStream();
        Network.Save(network);
        writer.Write(checked((int)network.Length));
        writer.Write(network.GetBuffer(), 0, (int)network.Length);
        TrainingHistoryFile.Write(writer, History);
        Names.Write(writer);
    }

    internal static TranslationModelParameters Read(PayloadReader reader)
    {
        using MemoryStream network = reader.ReadBlock("the network");
        return new TranslationModelParameters(SequenceTranslator.Load(network), TrainingHistoryFile.Read(reader),
            KeyFingerprints.Read(reader));
    }
}
