using SequenceModels.Files;
using SequenceModels.Reports;
using SequenceModels.Text;
using SequenceModels.Trainers;
using SequenceModels.Training;

namespace SequenceModels;

/// <summary>What a trainer has learned.</summary>
public sealed class SequenceModelParameters
{
    internal SequenceModelParameters(SequenceNetwork network, IReadOnlyList<TrainingEpoch>? history = null,
        Lazy<NetworkInsight>? insight = null, KeyFingerprints? names = null,
            IReadOnlyList<CharacterVocabulary>? characters = null)
    {
        Network = network;
        History = history ?? [];
        Insight = insight;
        Names = names ?? KeyFingerprints.Unknown;
        Characters = characters ?? [];
    }

    /// <summary>
    /// Takes a network as what a trainer has learned: to go on from in <c>Fit(train, validation, initial)</c>, or, with
    /// <see cref="TrainingOptions.NumberOfEpochs"/> 0, as the model of a pipeline. What its keys stand for is not known: they are
    /// those of the columns that it is fitted to.
    /// </summary>
    /// <param name="network">Such as one of <see cref="SequenceNetwork.FromSafetensors"/>.</param>
    public static SequenceModelParameters FromNetwork(SequenceNetwork network)
    {
        ArgumentNullException.ThrowIfNull(network);
        return new SequenceModelParameters(network);
    }

    /// <summary>
    /// Reads the weights that a training has left in its checkpoint: those of the epoch with the best figure of the validation
    /// rows (<see cref="TrainingOptions.SelectBy"/>), or without validation rows the last ones. Give them to Fit as the initial
    /// model, or use <see cref="Network"/>; a whole model, with its columns, is what <c>FromCheckpoint</c> of the transformers
    /// reads (<see cref="SequencePredictionTransformer.FromCheckpoint"/>).
    /// </summary>
    /// <param name="path">The training's <see cref="TrainingOptions.CheckpointPath"/>.</param>
    /// <exception cref="InvalidDataException">The file is no checkpoint, or damaged.</exception>
    /// <exception cref="FileNotFoundException">There is no such file: a training that ends well deletes it.</exception>
    public static SequenceModelParameters FromCheckpoint(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        CheckpointContent content = Checkpoint.Read(path);
        int selected = content.BestEpoch > 0 ? content.BestEpoch : content.Begun is null ? content.History.Count : 0;
        return new SequenceModelParameters(SequenceNetwork.Of(content.Best),
            [.. content.History.Select(epoch => epoch with { IsSelected = epoch.Epoch == selected })]);
    }

    /// <summary>The trained network: immutable, safe to share between threads, and usable without ML.NET.</summary>
    public SequenceNetwork Network { get; }

    /// <summary>
    /// The passes over the training data, in their order; saved with the model. Empty where they are not known.
    /// </summary>
    public IReadOnlyList<TrainingEpoch> History { get; }

    /// <summary>
    /// Share of the vocabulary, 0 to 1, for which <see cref="SequenceInputOptions.PretrainedVectors"/> had a vector; null where
    /// training did not start from any. Saved with the model.
    /// </summary>
    public double? WordVectorCoverage { get; internal init; }

    /// <summary>
    /// What a look into the trained network shows, which is taken when somebody first asks: for a report, or to save the model.
    /// Null where there is nothing to look with.
    /// </summary>
    internal Lazy<NetworkInsight>? Insight { get; }

    /// <summary>
    /// Of a forecaster: what makes its network's frames of steps. Null of other models, and of one that was read from a
    /// checkpoint.
    /// </summary>
    internal ForecastModel? Forecast { get; set; }

    /// <summary>What the keys of tokens and classes stand for.</summary>
    internal KeyFingerprints Names { get; }

    /// <summary>Of each feature that is words, in their order: the characters that the network knows.</summary>
    internal IReadOnlyList<CharacterVocabulary> Characters { get; }

    /// <summary>Of a model that reads raw texts: its tokens and n-grams; else null.</summary>
    internal TextFeatures? Text { get; init; }

    /// <summary>The same with 8-bit weights.</summary>
    internal SequenceModelParameters WithEightBitWeights() =>
        new(Network.WithEightBitWeights(), History, Insight, Names, Characters)
        {
            WordVectorCoverage = WordVectorCoverage,
            Text = Text,
        };

    internal void Write(PayloadWriter writer)
    {
        using var network = new MemoryStream();
        Network.Save(network);
        writer.Write(checked((int)network.Length));
        writer.Write(network.GetBuffer(), 0, (int)network.Length);
        TrainingHistoryFile.Write(writer, History);
        writer.Write(Insight is not null);
        Insight?.Value.Write(writer);
        Names.Write(writer);
        writer.Write(Characters.Count);
        foreach (CharacterVocabulary vocabulary in Characters)
            vocabulary.Write(writer);
        writer.Write(WordVectorCoverage ?? double.NaN);
        writer.WriteOptional(Text, (to, text) => text.Write(to));
    }

    internal static SequenceModelParameters Read(PayloadReader reader)
    {
        using MemoryStream network = reader.ReadBlock("the network");
        return new SequenceModelParameters(SequenceNetwork.Load(network), TrainingHistoryFile.Read(reader),
            reader.ReadBoolean() ? new Lazy<NetworkInsight>(NetworkInsight.Read(reader)) : null, KeyFingerprints.Read(reader),
                ReadCharacters(reader))
        {
            WordVectorCoverage = reader.ReadDouble() is var share && double.IsNaN(share) ? null : share,
            Text = reader.ReadBoolean() ? TextFeatures.Read(reader) : null,
        };
    }

    private static CharacterVocabulary[] ReadCharacters(PayloadReader reader)
    {
        var vocabularies = new CharacterVocabulary[reader.ReadCount("the number of character vocabularies", sizeof(int))];
        for (int i = 0; i < vocabularies.Length; i++)
            vocabularies[i] = CharacterVocabulary.Read(reader);
        return vocabularies;
    }

    /// <summary>
    /// Writes a page about the model: loss and metrics by epoch, learning rate and gradient norm, the confusion matrix or
    /// predicted beside actual values, the gradient flow (the norm of dLoss/dh by steps back in time, for each layer and
    /// direction), the half-life of the memory, the spectral radius of the recurrent weights, and the gates over one example.
    /// What the model does not know is left out.
    /// </summary>
    /// <param name="path">
    /// The file; replaced if it is there. It is written under a temporary name beside it, then moved into place. HTML in UTF-8,
    /// complete in itself: it loads and runs nothing.
    /// </param>
    /// <exception cref="ArgumentException"><paramref name="path"/> is empty.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be written.</exception>
    /// <remarks>
    /// Predictions are measured on up to 2,000 of the validation rows, or without any of the training rows, of about 65,000
    /// steps in all; the gradient flow on up to 256 of these, of about 16,000 steps. That is done when a trained model is first
    /// saved or asked for its report: until then it keeps a copy of these rows in memory. The names of classes, and the tokens
    /// of one of these rows, stand on the page and in the saved model.
    /// </remarks>
    public void WriteReport(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        AtomicFile.Write(path, ReportPage.Render(Network, History, Insight?.Value));
    }
}
