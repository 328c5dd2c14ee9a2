using Microsoft.ML.Runtime;
using SequenceModels.Cells;

namespace SequenceModels;

/// <summary>
/// Trainers of networks that give each step of a sequence a label; had from <c>mlContext.Sequences().Tagging.Trainers</c>.
/// </summary>
public sealed class TaggingTrainers
{
    private readonly IHostEnvironment _environment;

    internal TaggingTrainers(IHostEnvironment environment) => _environment = environment;

    /// <summary>Trains a simple recurrent network that gives each step of a sequence one of K labels.</summary>
    /// <param name="labelColumnName">
    /// The label: a vector of keys (byte, ushort or uint), one for each step; key 0 is a missing label.
    /// </param>
    /// <param name="featureColumnNames">
    /// What the network reads at each step, one column or several side by side: vectors of keys; vectors of Single,
    /// one-dimensional (T numbers) or of dimensions [*, F] or [T, F] (frames; one-hot steps where annotations say so); vectors of
    /// text, words that are read character by character. All have as many steps as the label has keys.
    /// </param>
    /// <param name="options">Shape and training of the network. Null: the defaults.</param>
    /// <param name="exampleWeightColumnName">
    /// How much each step of a row counts, with a CRF the row's whole sequence: Single, at least 0. Null: all count 1.
    /// </param>
    /// <exception cref="ArgumentException">A name is missing or given twice.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range; the message names it.</exception>
    /// <remarks>
    /// Adds PredictedLabel (a vector of keys, with the names of the label's classes) and Score (Single, of dimensions [*, K], the
    /// probabilities of each step's classes). Elman, "Finding Structure in Time", Cognitive Science 14, 1990. Its memory fades
    /// within some ten steps: for longer sequences take Lstm or Gru.
    /// </remarks>
    public TaggingTrainer Rnn(string labelColumnName, string[] featureColumnNames, TaggingOptions? options = null,
        string? exampleWeightColumnName = null) =>
        Trainer(RnnCell.CellName, labelColumnName, featureColumnNames, options, exampleWeightColumnName);

    /// <summary>Trains a long short-term memory network that gives each step of a sequence one of K labels.</summary>
    /// <inheritdoc cref="Rnn" path="/param|/exception"/>
    /// <remarks>
    /// Adds PredictedLabel (a vector of keys, with the names of the label's classes) and Score (Single, of dimensions [*, K], the
    /// probabilities of each step's classes). Hochreiter and Schmidhuber, "Long Short-Term Memory", Neural Computation 9, 1997;
    /// with the forget gate of Gers et al., Neural Computation 12, 2000.
    /// </remarks>
    public TaggingTrainer Lstm(string labelColumnName, string[] featureColumnNames, TaggingOptions? options = null,
        string? exampleWeightColumnName = null) =>
        Trainer(LstmCell.CellName, labelColumnName, featureColumnNames, options, exampleWeightColumnName);

    /// <summary>Trains a network of gated recurrent units that gives each step of a sequence one of K labels.</summary>
    /// <inheritdoc cref="Rnn" path="/param|/exception"/>
    /// <remarks>
    /// Adds PredictedLabel (a vector of keys, with the names of the label's classes) and Score (Single, of dimensions [*, K], the
    /// probabilities of each step's classes). Cho et al., "Learning Phrase Representations using RNN Encoder-Decoder", EMNLP
    /// 2014; the reset gate is applied after the product with the state, as in cuDNN.
    /// </remarks>
    public TaggingTrainer Gru(string labelColumnName, string[] featureColumnNames, TaggingOptions? options = null,
        string? exampleWeightColumnName = null) =>
        Trainer(GruCell.CellName, labelColumnName, featureColumnNames, options, exampleWeightColumnName);

    private TaggingTrainer Trainer(string cell, string labelColumnName, string[] featureColumnNames, TaggingOptions? options,
        string? exampleWeightColumnName) =>
        new(_environment, cell, labelColumnName, featureColumnNames, options, exampleWeightColumnName);
}
