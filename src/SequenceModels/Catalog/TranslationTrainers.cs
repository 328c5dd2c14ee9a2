using Microsoft.ML.Runtime;
using SequenceModels.Cells;

namespace SequenceModels;

/// <summary>
/// Trainers of networks that turn each sequence into another one; had from <c>mlContext.Sequences().Translation.Trainers</c>.
/// </summary>
public sealed class TranslationTrainers
{
    private readonly IHostEnvironment _environment;

    internal TranslationTrainers(IHostEnvironment environment) => _environment = environment;

    /// <summary>Trains an encoder and a decoder of simple recurrent networks.</summary>
    /// <param name="labelColumnName">
    /// The targets: a vector of keys (byte, ushort or uint), of any length; key 0 is unknown.
    /// </param>
    /// <param name="featureColumnName">
    /// The sources: a vector of keys; or vectors of Single, one-dimensional (T numbers) or of dimensions [*, F] or [T, F].
    /// </param>
    /// <param name="options">Shape, training and search. Null: the defaults.</param>
    /// <param name="exampleWeightColumnName">How much each token of a row counts: Single, at least 0. Null: all count 1.</param>
    /// <exception cref="ArgumentException">A name is missing.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range; the message names it.</exception>
    /// <remarks>
    /// Adds PredictedLabel (a vector of keys, with the names of the target's keys) and Score (Single, their log-probability).
    /// Sutskever, Vinyals and Le, "Sequence to Sequence Learning with Neural Networks", NIPS 2014. Its memory fades within some
    /// ten steps: take Lstm or Gru.
    /// </remarks>
    public TranslationTrainer Rnn(string labelColumnName = "Label", string featureColumnName = "Features",
        TranslationOptions? options = null, string? exampleWeightColumnName = null) =>
        new(_environment, RnnCell.CellName, labelColumnName, featureColumnName, options, exampleWeightColumnName);

    /// <summary>Trains an encoder and a decoder of long short-term memory networks.</summary>
    /// <inheritdoc cref="Rnn" path="/param|/exception"/>
    /// <remarks>
    /// Adds PredictedLabel (a vector of keys, with the names of the target's keys) and Score (Single, their log-probability).
    /// Luong, Pham and Manning, "Effective Approaches to Attention-based Neural Machine Translation", EMNLP 2015.
    /// </remarks>
    public TranslationTrainer Lstm(string labelColumnName = "Label", string featureColumnName = "Features",
        TranslationOptions? options = null, string? exampleWeightColumnName = null) =>
        new(_environment, LstmCell.CellName, labelColumnName, featureColumnName, options, exampleWeightColumnName);

    /// <summary>Trains an encoder and a decoder of gated recurrent units.</summary>
    /// <inheritdoc cref="Rnn" path="/param|/exception"/>
    /// <remarks>
    /// Adds PredictedLabel (a vector of keys, with the names of the target's keys) and Score (Single, their log-probability).
    /// Cho et al., "Learning Phrase Representations using RNN Encoder-Decoder for Statistical Machine Translation", EMNLP 2014;
    /// the reset gate is applied after the product with the state, as in cuDNN.
    /// </remarks>
    public TranslationTrainer Gru(string labelColumnName = "Label", string featureColumnName = "Features",
        TranslationOptions? options = null, string? exampleWeightColumnName = null) =>
        new(_environment, GruCell.CellName, labelColumnName, featureColumnName, options, exampleWeightColumnName);
}
