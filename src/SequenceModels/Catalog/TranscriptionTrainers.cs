using Microsoft.ML.Runtime;
using SequenceModels.Cells;

namespace SequenceModels;

/// <summary>
/// Trainers of networks that write down what is said in a sequence; had from <c>mlContext.Sequences().Transcription.Trainers</c>.
/// </summary>
public sealed class TranscriptionTrainers
{
    private readonly IHostEnvironment _environment;

    internal TranscriptionTrainers(IHostEnvironment environment) => _environment = environment;

    /// <summary>Trains a simple recurrent network by connectionist temporal classification.</summary>
    /// <param name="labelColumnName">
    /// What is said: a vector of keys (byte, ushort or uint), of any length; none may be unknown (key 0).
    /// </param>
    /// <param name="featureColumnName">
    /// The sequences: vectors of Single, one-dimensional (T numbers) or of dimensions [*, F] or [T, F]; or a vector of keys.
    /// </param>
    /// <param name="options">Shape, training and search. Null: the defaults.</param>
    /// <param name="exampleWeightColumnName">How much each token of a row counts: Single, at least 0. Null: all count 1.</param>
    /// <exception cref="ArgumentException">A name is missing.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range; the message names it.</exception>
    /// <remarks>
    /// Adds PredictedLabel (a vector of keys, with the names of the label's keys), Score (Single, their log-probability) and
    /// Times (Int32, [*, 2]: the first step of each token, and how many).
    /// Its memory fades within some ten steps: take Lstm or Gru.
    /// </remarks>
    public TranscriptionTrainer Rnn(string labelColumnName = "Label", string featureColumnName = "Features",
        TranscriptionOptions? options = null, string? exampleWeightColumnName = null) =>
        new(_environment, RnnCell.CellName, labelColumnName, featureColumnName, options, exampleWeightColumnName);

    /// <summary>Trains a long short-term memory network by connectionist temporal classification.</summary>
    /// <inheritdoc cref="Rnn" path="/param|/exception"/>
    /// <remarks>
    /// Adds PredictedLabel (a vector of keys, with the names of the label's keys), Score (Single, their log-probability) and
    /// Times (Int32, [*, 2]: the first step of each token, and how many).
    /// Graves, Fernández, Gomez and Schmidhuber, "Connectionist Temporal Classification: Labelling Unsegmented Sequence Data with
    /// Recurrent Neural Networks", ICML 2006.
    /// </remarks>
    public TranscriptionTrainer Lstm(string labelColumnName = "Label", string featureColumnName = "Features",
        TranscriptionOptions? options = null, string? exampleWeightColumnName = null) =>
        new(_environment, LstmCell.CellName, labelColumnName, featureColumnName, options, exampleWeightColumnName);

    /// <summary>Trains a network of gated recurrent units by connectionist temporal classification.</summary>
    /// <inheritdoc cref="Rnn" path="/param|/exception"/>
    /// <remarks>
    /// Adds PredictedLabel (a vector of keys, with the names of the label's keys), Score (Single, their log-probability) and
    /// Times (Int32, [*, 2]: the first step of each token, and how many).
    /// The reset gate is applied after the product with the state, as in cuDNN.
    /// </remarks>
    public TranscriptionTrainer Gru(string labelColumnName = "Label", string featureColumnName = "Features",
        TranscriptionOptions? options = null, string? exampleWeightColumnName = null) =>
        new(_environment, GruCell.CellName, labelColumnName, featureColumnName, options, exampleWeightColumnName);
}
