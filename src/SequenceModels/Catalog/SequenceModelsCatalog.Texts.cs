using SequenceModels;
using SequenceModels.Cells;
using SequenceModels.Interop;
using SequenceModels.Prediction;

namespace Microsoft.ML;

public static partial class SequenceModelsCatalog
{
    /// <summary>Trains a long short-term memory network that tells two classes apart by raw texts, without any transform before
    /// it.</summary>
    /// <param name="catalog">The catalog that the trainer is made in.</param>
    /// <param name="labelColumnName">The label: Boolean.</param>
    /// <param name="textColumnName">The texts, as they are: a text in each row, in any language, empty ones too.</param>
    /// <param name="exampleWeightColumnName">How much each row counts: Single, at least 0. Null: all count 1.</param>
    /// <param name="options">Shape and training of the network. Null: the defaults, which are made for texts.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range; the message names it.</exception>
    /// <remarks>
    /// Adds PredictedLabel (Boolean), Score (Single, the logit) and Probability (Single). Fit learns tokens and n-grams of
    /// the texts, which are saved with the model: see <see cref="TextTrainerOptions"/>.
    /// </remarks>
    public static SequenceTrainer TextLstm(this BinaryClassificationCatalog.BinaryClassificationTrainers catalog,
        string labelColumnName = "Label", string textColumnName = "Text", string? exampleWeightColumnName = null,
        TextTrainerOptions? options = null) =>
        TextTrainer(catalog, SequenceTask.Binary, LstmCell.CellName, labelColumnName, textColumnName, exampleWeightColumnName,
            options);

    /// <summary>Trains a network of gated recurrent units that tells two classes apart by raw texts, without any transform
    /// before it.</summary>
    /// <inheritdoc path="/param|/exception"
    ///     cref="TextLstm(BinaryClassificationCatalog.BinaryClassificationTrainers, string, string, string,
    /// TextTrainerOptions)"/>
    /// <remarks>
    /// Adds PredictedLabel (Boolean), Score (Single, the logit) and Probability (Single). Fit learns tokens and n-grams of
    /// the texts, which are saved with the model: see <see cref="TextTrainerOptions"/>.
    /// </remarks>
    public static SequenceTrainer TextGru(this BinaryClassificationCatalog.BinaryClassificationTrainers catalog,
        string labelColumnName = "Label", string textColumnName = "Text", string? exampleWeightColumnName = null,
        TextTrainerOptions? options = null) =>
        TextTrainer(catalog, SequenceTask.Binary, GruCell.CellName, labelColumnName, textColumnName, exampleWeightColumnName,
            options);

    /// <summary>Trains a long short-term memory network that tells K classes apart by raw texts, without any transform before
    /// it.</summary>
    /// <param name="catalog">The catalog that the trainer is made in.</param>
    /// <param name="labelColumnName">The label: key (byte, ushort or uint; MapValueToKey makes one).</param>
    /// <param name="textColumnName">The texts, as they are: a text in each row, in any language, empty ones too.</param>
    /// <param name="exampleWeightColumnName">How much each row counts: Single, at least 0. Null: all count 1.</param>
    /// <param name="options">Shape and training of the network. Null: the defaults, which are made for texts.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range; the message names it.</exception>
    /// <remarks>
    /// Adds PredictedLabel (key, with the names of the label's classes) and Score (Vector of K Single, the probabilities of
    /// the classes). Fit learns tokens and n-grams of the texts, which are saved with the model: see <see
    /// cref="TextTrainerOptions"/>.
    /// </remarks>
    public static SequenceTrainer TextLstm(this MulticlassClassificationCatalog.MulticlassClassificationTrainers catalog,
        string labelColumnName = "Label", string textColumnName = "Text", string? exampleWeightColumnName = null,
        TextTrainerOptions? options = null) =>
        TextTrainer(catalog, SequenceTask.Multiclass, LstmCell.CellName, labelColumnName, textColumnName, exampleWeightColumnName,
            options);

    /// <summary>Trains a network of gated recurrent units that tells K classes apart by raw texts, without any transform before
    /// it.</summary>
    /// <inheritdoc path="/param|/exception"
    ///     cref="TextLstm(MulticlassClassificationCatalog.MulticlassClassificationTrainers, string, string, string,
    /// TextTrainerOptions)"/>
    /// <remarks>
    /// Adds PredictedLabel (key, with the names of the label's classes) and Score (Vector of K Single, the probabilities of
    /// the classes). Fit learns tokens and n-grams of the texts, which are saved with the model: see <see
    /// cref="TextTrainerOptions"/>.
    /// </remarks>
    public static SequenceTrainer TextGru(this MulticlassClassificationCatalog.MulticlassClassificationTrainers catalog,
        string labelColumnName = "Label", string textColumnName = "Text", string? exampleWeightColumnName = null,
        TextTrainerOptions? options = null) =>
        TextTrainer(catalog, SequenceTask.Multiclass, GruCell.CellName, labelColumnName, textColumnName, exampleWeightColumnName,
            options);

    /// <summary>Trains a long short-term memory network that predicts a number by raw texts, without any transform before
    /// it.</summary>
    /// <param name="catalog">The catalog that the trainer is made in.</param>
    /// <param name="labelColumnName">The label: Single.</param>
    /// <param name="textColumnName">The texts, as they are: a text in each row, in any language, empty ones too.</param>
    /// <param name="exampleWeightColumnName">How much each row counts: Single, at least 0. Null: all count 1.</param>
    /// <param name="options">Shape and training of the network. Null: the defaults, which are made for texts.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range; the message names it.</exception>
    /// <remarks>
    /// Adds Score (Single, in the label's own unit). Fit learns tokens and n-grams of the texts, which are saved with the
    /// model: see <see cref="TextTrainerOptions"/>.
    /// </remarks>
    public static SequenceTrainer TextLstm(this RegressionCatalog.RegressionTrainers catalog,
        string labelColumnName = "Label", string textColumnName = "Text", string? exampleWeightColumnName = null,
        TextTrainerOptions? options = null) =>
        TextTrainer(catalog, SequenceTask.Regression, LstmCell.CellName, labelColumnName, textColumnName, exampleWeightColumnName,
            options);

    /// <summary>Trains a network of gated recurrent units that predicts a number by raw texts, without any transform before
    /// it.</summary>
    /// <inheritdoc path="/param|/exception"
    ///     cref="TextLstm(RegressionCatalog.RegressionTrainers, string, string, string, TextTrainerOptions)"/>
    /// <remarks>
    /// Adds Score (Single, in the label's own unit). Fit learns tokens and n-grams of the texts, which are saved with the
    /// model: see <see cref="TextTrainerOptions"/>.
    /// </remarks>
    public static SequenceTrainer TextGru(this RegressionCatalog.RegressionTrainers catalog,
        string labelColumnName = "Label", string textColumnName = "Text", string? exampleWeightColumnName = null,
        TextTrainerOptions? options = null) =>
        TextTrainer(catalog, SequenceTask.Regression, GruCell.CellName, labelColumnName, textColumnName, exampleWeightColumnName,
            options);

    private static SequenceTrainer TextTrainer(object catalog, SequenceTask task, string cell, string label, string text,
        string? weight, TextTrainerOptions? options) =>
        new(Environments.Of(catalog), task, cell, TrainingColumns.OfText(label, text, weight),
            options ?? new TextTrainerOptions());
}
