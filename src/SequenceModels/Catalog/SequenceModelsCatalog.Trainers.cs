using SequenceModels;
using SequenceModels.Cells;
using SequenceModels.Interop;
using SequenceModels.Prediction;

namespace Microsoft.ML;

public static partial class SequenceModelsCatalog
{
    /// <summary>Trains a simple recurrent network that tells two classes apart by the sequence in each row.</summary>
    /// <param name="catalog">The catalog that the trainer is made in.</param>
    /// <param name="labelColumnName">The label: Boolean.</param>
    /// <param name="featureColumnName">
    /// The sequences: a vector of keys, or a vector of Single, one-dimensional (T numbers) or of dimensions [*, F] or [T, F]
    /// (frames; one-hot steps where annotations say so).
    /// </param>
    /// <param name="exampleWeightColumnName">How much each row counts: Single, at least 0. Null: all count 1.</param>
    /// <param name="options">Shape and training of the network. Null: the defaults.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range; the message names it.</exception>
    /// <remarks>
    /// Adds PredictedLabel (Boolean), Score (Single, the logit) and Probability (Single). Elman, "Finding Structure in Time",
    /// Cognitive Science 14, 1990. Its memory fades within some ten steps: for longer sequences take Lstm or Gru.
    /// </remarks>
    public static SequenceTrainer Rnn(this BinaryClassificationCatalog.BinaryClassificationTrainers catalog,
        string labelColumnName = "Label", string featureColumnName = "Features", string? exampleWeightColumnName = null,
        SequenceTrainerOptions? options = null) =>
        Trainer(catalog, SequenceTask.Binary, RnnCell.CellName, labelColumnName, featureColumnName, exampleWeightColumnName,
            options);

    /// <summary>Trains a long short-term memory network that tells two classes apart by the sequence in each row.</summary>
    /// <inheritdoc path="/param|/exception"
    ///     cref="Rnn(BinaryClassificationCatalog.BinaryClassificationTrainers, string, string, string, SequenceTrainerOptions)"/>
    /// <remarks>
    /// Adds PredictedLabel (Boolean), Score (Single, the logit) and Probability (Single). Hochreiter and Schmidhuber, "Long
    /// Short-Term Memory", Neural Computation 9, 1997; with the forget gate of Gers et al., Neural Computation 12, 2000.
    /// </remarks>
    public static SequenceTrainer Lstm(this BinaryClassificationCatalog.BinaryClassificationTrainers catalog,
        string labelColumnName = "Label", string featureColumnName = "Features", string? exampleWeightColumnName = null,
        SequenceTrainerOptions? options = null) =>
        Trainer(catalog, SequenceTask.Binary, LstmCell.CellName, labelColumnName, featureColumnName, exampleWeightColumnName,
            options);

    /// <summary>Trains a network of gated recurrent units that tells two classes apart by the sequence in each row.</summary>
    /// <inheritdoc path="/param|/exception"
    ///     cref="Rnn(BinaryClassificationCatalog.BinaryClassificationTrainers, string, string, string, SequenceTrainerOptions)"/>
    /// <remarks>
    /// Adds PredictedLabel (Boolean), Score (Single, the logit) and Probability (Single). Cho et al., "Learning Phrase
    /// Representations using RNN Encoder-Decoder", EMNLP 2014; the reset gate is applied after the product with the state, as in
    /// cuDNN.
    /// </remarks>
    public static SequenceTrainer Gru(this BinaryClassificationCatalog.BinaryClassificationTrainers catalog,
        string labelColumnName = "Label", string featureColumnName = "Features", string? exampleWeightColumnName = null,
        SequenceTrainerOptions? options = null) =>
        Trainer(catalog, SequenceTask.Binary, GruCell.CellName, labelColumnName, featureColumnName, exampleWeightColumnName,
            options);

    /// <summary>Trains a simple recurrent network that tells K classes apart by the sequence in each row.</summary>
    /// <param name="catalog">The catalog that the trainer is made in.</param>
    /// <param name="labelColumnName">The label: key (byte, ushort or uint; MapValueToKey makes one).</param>
    /// <param name="featureColumnName">
    /// The sequences: a vector of keys, or a vector of Single, one-dimensional (T numbers) or of dimensions [*, F] or [T, F]
    /// (frames; one-hot steps where annotations say so).
    /// </param>
    /// <param name="exampleWeightColumnName">How much each row counts: Single, at least 0. Null: all count 1.</param>
    /// <param name="options">Shape and training of the network. Null: the defaults.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range; the message names it.</exception>
    /// <remarks>
    /// Adds PredictedLabel (key, with the names of the label's classes) and Score (Vector of K Single, the probabilities of the
    /// classes). Elman, "Finding Structure in Time", Cognitive Science 14, 1990. Its memory fades within some ten steps: for
    /// longer sequences take Lstm or Gru.
    /// </remarks>
    public static SequenceTrainer Rnn(this MulticlassClassificationCatalog.MulticlassClassificationTrainers catalog,
        string labelColumnName = "Label", string featureColumnName = "Features", string? exampleWeightColumnName = null,
        SequenceTrainerOptions? options = null) =>
        Trainer(catalog, SequenceTask.Multiclass, RnnCell.CellName, labelColumnName, featureColumnName, exampleWeightColumnName,
            options);

    /// <summary>Trains a long short-term memory network that tells K classes apart by the sequence in each row.</summary>
    /// <inheritdoc path="/param|/exception"
    ///     cref="Rnn(MulticlassClassificationCatalog.MulticlassClassificationTrainers, string, string, string,
    ///     SequenceTrainerOptions)"/>
    /// <remarks>
    /// Adds PredictedLabel (key, with the names of the label's classes) and Score (Vector of K Single, the probabilities of the
    /// classes). Hochreiter and Schmidhuber, "Long Short-Term Memory", Neural Computation 9, 1997; with the forget gate of Gers
    /// et al., Neural Computation 12, 2000.
    /// </remarks>
    public static SequenceTrainer Lstm(this MulticlassClassificationCatalog.MulticlassClassificationTrainers catalog,
        string labelColumnName = "Label", string featureColumnName = "Features", string? exampleWeightColumnName = null,
        SequenceTrainerOptions? options = null) =>
        Trainer(catalog, SequenceTask.Multiclass, LstmCell.CellName, labelColumnName, featureColumnName, exampleWeightColumnName,
            options);

    /// <summary>Trains a network of gated recurrent units that tells K classes apart by the sequence in each row.</summary>
    /// <inheritdoc path="/param|/exception"
    ///     cref="Rnn(MulticlassClassificationCatalog.MulticlassClassificationTrainers, string, string, string,
    ///     SequenceTrainerOptions)"/>
    /// <remarks>
    /// Adds PredictedLabel (key, with the names of the label's classes) and Score (Vector of K Single, the probabilities of the
    /// classes). Cho et al., "Learning Phrase Representations using RNN Encoder-Decoder", EMNLP 2014; the reset gate is applied
    /// after the product with the state, as in cuDNN.
    /// </remarks>
    public static SequenceTrainer Gru(this MulticlassClassificationCatalog.MulticlassClassificationTrainers catalog,
        string labelColumnName = "Label", string featureColumnName = "Features", string? exampleWeightColumnName = null,
        SequenceTrainerOptions? options = null) =>
        Trainer(catalog, SequenceTask.Multiclass, GruCell.CellName, labelColumnName, featureColumnName, exampleWeightColumnName,
            options);

    /// <summary>Trains a simple recurrent network that predicts a number by the sequence in each row.</summary>
    /// <param name="catalog">The catalog that the trainer is made in.</param>
    /// <param name="labelColumnName">The label: Single.</param>
    /// <param name="featureColumnName">
    /// The sequences: a vector of keys, or a vector of Single, one-dimensional (T numbers) or of dimensions [*, F] or [T, F]
    /// (frames; one-hot steps where annotations say so).
    /// </param>
    /// <param name="exampleWeightColumnName">How much each row counts: Single, at least 0. Null: all count 1.</param>
    /// <param name="options">Shape and training of the network. Null: the defaults.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range; the message names it.</exception>
    /// <remarks>
    /// Adds Score (Single, in the label's own unit). Elman, "Finding Structure in Time", Cognitive Science 14, 1990. Its memory
    /// fades within some ten steps: for longer sequences take Lstm or Gru.
    /// </remarks>
    public static SequenceTrainer Rnn(this RegressionCatalog.RegressionTrainers catalog,
        string labelColumnName = "Label", string featureColumnName = "Features", string? exampleWeightColumnName = null,
        SequenceTrainerOptions? options = null) =>
        Trainer(catalog, SequenceTask.Regression, RnnCell.CellName, labelColumnName, featureColumnName, exampleWeightColumnName,
            options);

    /// <summary>Trains a long short-term memory network that predicts a number by the sequence in each row.</summary>
    /// <inheritdoc path="/param|/exception"
    ///     cref="Rnn(RegressionCatalog.RegressionTrainers, string, string, string, SequenceTrainerOptions)"/>
    /// <remarks>
    /// Adds Score (Single, in the label's own unit). Hochreiter and Schmidhuber, "Long Short-Term Memory", Neural Computation 9,
    /// 1997; with the forget gate of Gers et al., Neural Computation 12, 2000.
    /// </remarks>
    public static SequenceTrainer Lstm(this RegressionCatalog.RegressionTrainers catalog,
        string labelColumnName = "Label", string featureColumnName = "Features", string? exampleWeightColumnName = null,
        SequenceTrainerOptions? options = null) =>
        Trainer(catalog, SequenceTask.Regression, LstmCell.CellName, labelColumnName, featureColumnName, exampleWeightColumnName,
            options);

    /// <summary>Trains a network of gated recurrent units that predicts a number by the sequence in each row.</summary>
    /// <inheritdoc path="/param|/exception"
    ///     cref="Rnn(RegressionCatalog.RegressionTrainers, string, string, string, SequenceTrainerOptions)"/>
    /// <remarks>
    /// Adds Score (Single, in the label's own unit). Cho et al., "Learning Phrase Representations using RNN Encoder-Decoder",
    /// EMNLP 2014; the reset gate is applied after the product with the state, as in cuDNN.
    /// </remarks>
    public static SequenceTrainer Gru(this RegressionCatalog.RegressionTrainers catalog,
        string labelColumnName = "Label", string featureColumnName = "Features", string? exampleWeightColumnName = null,
        SequenceTrainerOptions? options = null) =>
        Trainer(catalog, SequenceTask.Regression, GruCell.CellName, labelColumnName, featureColumnName, exampleWeightColumnName,
            options);

    private static SequenceTrainer Trainer(object catalog, SequenceTask task, string cell, string label, string feature,
        string? weight, SequenceTrainerOptions? options) =>
        new(Environments.Of(catalog), task, cell, TrainingColumns.OfSequence(label, feature, weight), options);
}
