using SequenceModels;
using SequenceModels.Cells;
using SequenceModels.Interop;
using SequenceModels.Prediction;

namespace Microsoft.ML;

public static partial class SequenceModelsCatalog
{
    /// <summary>Trains a simple recurrent network that tells two classes apart by several features of each step.</summary>
    /// <param name="catalog">The catalog that the trainer is made in.</param>
    /// <param name="labelColumnName">The label: Boolean.</param>
    /// <param name="featureColumnNames">
    /// What the network reads at each step, one column or several side by side: vectors of keys; vectors of Single,
    /// one-dimensional (T numbers) or of dimensions [*, F] or [T, F] (frames; one-hot steps where annotations say so); vectors of
    /// text, words that are read character by character. All of a row have the same number of steps.
    /// </param>
    /// <param name="exampleWeightColumnName">How much each row counts: Single, at least 0. Null: all count 1.</param>
    /// <param name="options">Shape and training of the network. Null: the defaults.</param>
    /// <exception cref="ArgumentException">A name is missing or given twice.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range; the message names it.</exception>
    /// <remarks>
    /// Adds the columns that it adds with a single feature. Words that training never saw are known by their characters where a
    /// column of text is among the features.
    /// </remarks>
    public static SequenceTrainer Rnn(this BinaryClassificationCatalog.BinaryClassificationTrainers catalog,
        string labelColumnName, string[] featureColumnNames, string? exampleWeightColumnName = null,
        SequenceTrainerOptions? options = null) =>
        Trainer(catalog, SequenceTask.Binary, RnnCell.CellName, labelColumnName, featureColumnNames,
            exampleWeightColumnName, options);

    /// <summary>Trains a long short-term memory network that tells two classes apart by several features of each step.</summary>
    /// <inheritdoc path="/param|/exception"
    ///     cref="Rnn(BinaryClassificationCatalog.BinaryClassificationTrainers, string, string[],
    ///     string, SequenceTrainerOptions)"/>
    /// <remarks>
    /// Adds the columns that it adds with a single feature. Words that training never saw are known by their characters where a
    /// column of text is among the features.
    /// </remarks>
    public static SequenceTrainer Lstm(this BinaryClassificationCatalog.BinaryClassificationTrainers catalog,
        string labelColumnName, string[] featureColumnNames, string? exampleWeightColumnName = null,
        SequenceTrainerOptions? options = null) =>
        Trainer(catalog, SequenceTask.Binary, LstmCell.CellName, labelColumnName, featureColumnNames,
            exampleWeightColumnName, options);

    /// <summary>
    /// Trains a network of gated recurrent units that tells two classes apart by several features of each step.
    /// </summary>
    /// <inheritdoc path="/param|/exception"
    ///     cref="Rnn(BinaryClassificationCatalog.BinaryClassificationTrainers, string, string[],
    ///     string, SequenceTrainerOptions)"/>
    /// <remarks>
    /// Adds the columns that it adds with a single feature. Words that training never saw are known by their characters where a
    /// column of text is among the features.
    /// </remarks>
    public static SequenceTrainer Gru(this BinaryClassificationCatalog.BinaryClassificationTrainers catalog,
        string labelColumnName, string[] featureColumnNames, string? exampleWeightColumnName = null,
        SequenceTrainerOptions? options = null) =>
        Trainer(catalog, SequenceTask.Binary, GruCell.CellName, labelColumnName, featureColumnNames,
            exampleWeightColumnName, options);

    /// <summary>Trains a simple recurrent network that tells K classes apart by several features of each step.</summary>
    /// <param name="catalog">The catalog that the trainer is made in.</param>
    /// <param name="labelColumnName">The label: key (byte, ushort or uint; MapValueToKey makes one).</param>
    /// <param name="featureColumnNames">
    /// What the network reads at each step, one column or several side by side: vectors of keys; vectors of Single,
    /// one-dimensional (T numbers) or of dimensions [*, F] or [T, F] (frames; one-hot steps where annotations say so); vectors of
    /// text, words that are read character by character. All of a row have the same number of steps.
    /// </param>
    /// <param name="exampleWeightColumnName">How much each row counts: Single, at least 0. Null: all count 1.</param>
    /// <param name="options">Shape and training of the network. Null: the defaults.</param>
    /// <exception cref="ArgumentException">A name is missing or given twice.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range; the message names it.</exception>
    /// <remarks>
    /// Adds the columns that it adds with a single feature. Words that training never saw are known by their characters where a
    /// column of text is among the features.
    /// </remarks>
    public static SequenceTrainer Rnn(this MulticlassClassificationCatalog.MulticlassClassificationTrainers catalog,
        string labelColumnName, string[] featureColumnNames, string? exampleWeightColumnName = null,
        SequenceTrainerOptions? options = null) =>
        Trainer(catalog, SequenceTask.Multiclass, RnnCell.CellName, labelColumnName, featureColumnNames,
            exampleWeightColumnName, options);

    /// <summary>Trains a long short-term memory network that tells K classes apart by several features of each step.</summary>
    /// <inheritdoc path="/param|/exception"
    ///     cref="Rnn(MulticlassClassificationCatalog.MulticlassClassificationTrainers, string, string[],
    ///     string, SequenceTrainerOptions)"/>
    /// <remarks>
    /// Adds the columns that it adds with a single feature. Words that training never saw are known by their characters where a
    /// column of text is among the features.
    /// </remarks>
    public static SequenceTrainer Lstm(this MulticlassClassificationCatalog.MulticlassClassificationTrainers catalog,
        string labelColumnName, string[] featureColumnNames, string? exampleWeightColumnName = null,
        SequenceTrainerOptions? options = null) =>
        Trainer(catalog, SequenceTask.Multiclass, LstmCell.CellName, labelColumnName, featureColumnNames,
            exampleWeightColumnName, options);

    /// <summary>Trains a network of gated recurrent units that tells K classes apart by several features of each step.</summary>
    /// <inheritdoc path="/param|/exception"
    ///     cref="Rnn(MulticlassClassificationCatalog.MulticlassClassificationTrainers, string, string[],
    ///     string, SequenceTrainerOptions)"/>
    /// <remarks>
    /// Adds the columns that it adds with a single feature. Words that training never saw are known by their characters where a
    /// column of text is among the features.
    /// </remarks>
    public static SequenceTrainer Gru(this MulticlassClassificationCatalog.MulticlassClassificationTrainers catalog,
        string labelColumnName, string[] featureColumnNames, string? exampleWeightColumnName = null,
        SequenceTrainerOptions? options = null) =>
        Trainer(catalog, SequenceTask.Multiclass, GruCell.CellName, labelColumnName, featureColumnNames,
            exampleWeightColumnName, options);

    /// <summary>Trains a simple recurrent network that predicts a number by several features of each step.</summary>
    /// <param name="catalog">The catalog that the trainer is made in.</param>
    /// <param name="labelColumnName">The label: Single.</param>
    /// <param name="featureColumnNames">
    /// What the network reads at each step, one column or several side by side: vectors of keys; vectors of Single,
    /// one-dimensional (T numbers) or of dimensions [*, F] or [T, F] (frames; one-hot steps where annotations say so); vectors of
    /// text, words that are read character by character. All of a row have the same number of steps.
    /// </param>
    /// <param name="exampleWeightColumnName">How much each row counts: Single, at least 0. Null: all count 1.</param>
    /// <param name="options">Shape and training of the network. Null: the defaults.</param>
    /// <exception cref="ArgumentException">A name is missing or given twice.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range; the message names it.</exception>
    /// <remarks>
    /// Adds the columns that it adds with a single feature. Words that training never saw are known by their characters where a
    /// column of text is among the features.
    /// </remarks>
    public static SequenceTrainer Rnn(this RegressionCatalog.RegressionTrainers catalog,
        string labelColumnName, string[] featureColumnNames, string? exampleWeightColumnName = null,
        SequenceTrainerOptions? options = null) =>
        Trainer(catalog, SequenceTask.Regression, RnnCell.CellName, labelColumnName, featureColumnNames,
            exampleWeightColumnName, options);

    /// <summary>Trains a long short-term memory network that predicts a number by several features of each step.</summary>
    /// <inheritdoc path="/param|/exception"
    ///     cref="Rnn(RegressionCatalog.RegressionTrainers, string, string[],
    ///     string, SequenceTrainerOptions)"/>
    /// <remarks>
    /// Adds the columns that it adds with a single feature. Words that training never saw are known by their characters where a
    /// column of text is among the features.
    /// </remarks>
    public static SequenceTrainer Lstm(this RegressionCatalog.RegressionTrainers catalog,
        string labelColumnName, string[] featureColumnNames, string? exampleWeightColumnName = null,
        SequenceTrainerOptions? options = null) =>
        Trainer(catalog, SequenceTask.Regression, LstmCell.CellName, labelColumnName, featureColumnNames,
            exampleWeightColumnName, options);

    /// <summary>Trains a network of gated recurrent units that predicts a number by several features of each step.</summary>
    /// <inheritdoc path="/param|/exception"
    ///     cref="Rnn(RegressionCatalog.RegressionTrainers, string, string[],
    ///     string, SequenceTrainerOptions)"/>
    /// <remarks>
    /// Adds the columns that it adds with a single feature. Words that training never saw are known by their characters where a
    /// column of text is among the features.
    /// </remarks>
    public static SequenceTrainer Gru(this RegressionCatalog.RegressionTrainers catalog,
        string labelColumnName, string[] featureColumnNames, string? exampleWeightColumnName = null,
        SequenceTrainerOptions? options = null) =>
        Trainer(catalog, SequenceTask.Regression, GruCell.CellName, labelColumnName, featureColumnNames,
            exampleWeightColumnName, options);

    private static SequenceTrainer Trainer(object catalog, SequenceTask task, string cell, string label, string[] features,
        string? weight, SequenceTrainerOptions? options) =>
        new(Environments.Of(catalog), task, cell, TrainingColumns.OfFeatures(label, features, weight), options);
}
