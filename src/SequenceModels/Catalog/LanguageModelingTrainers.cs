using Microsoft.ML.Runtime;
using SequenceModels.Cells;

namespace SequenceModels;

/// <summary>Trainers of language models; had from <c>mlContext.Sequences().LanguageModeling.Trainers</c>.</summary>
public sealed class LanguageModelingTrainers
{
    private readonly IHostEnvironment _environment;

    internal LanguageModelingTrainers(IHostEnvironment environment) => _environment = environment;

    /// <summary>Trains a simple recurrent network to predict each step of a sequence from those before it.</summary>
    /// <param name="featureColumnName">
    /// The sequences: a vector of keys, one-hot steps whose annotations say so, or frames [*, F] whose numbers are 0 or 1.
    /// </param>
    /// <param name="options">Shape and training of the network. Null: the defaults.</param>
    /// <param name="exampleWeightColumnName">How much each step of a row counts: Single, at least 0. Null: all count 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range; the message names it.</exception>
    /// <remarks>
    /// Adds Perplexity (Single) and LogProbabilities (VarVector of Single). Mikolov et al., "Recurrent neural network based
    /// language model", INTERSPEECH 2010. Its memory fades within some ten steps: for a longer one take Lstm or Gru.
    /// </remarks>
    public LanguageModelTrainer Rnn(string featureColumnName = "Features", LanguageModelOptions? options = null,
        string? exampleWeightColumnName = null) => Trainer(RnnCell.CellName, featureColumnName, options, exampleWeightColumnName);

    /// <summary>Trains a long short-term memory network to predict each step of a sequence from those before it.</summary>
    /// <inheritdoc cref="Rnn" path="/param|/exception"/>
    /// <remarks>
    /// Adds Perplexity (Single) and LogProbabilities (VarVector of Single). Sundermeyer, Schlüter and Ney, "LSTM Neural Networks
    /// for Language Modeling", INTERSPEECH 2012.
    /// </remarks>
    public LanguageModelTrainer Lstm(string featureColumnName = "Features", LanguageModelOptions? options = null,
        string? exampleWeightColumnName = null) =>
        Trainer(LstmCell.CellName, featureColumnName, options, exampleWeightColumnName);

    /// <summary>Trains a network of gated recurrent units to predict each step of a sequence from those before it.</summary>
    /// <inheritdoc cref="Rnn" path="/param|/exception"/>
    /// <remarks>
    /// Adds Perplexity (Single) and LogProbabilities (VarVector of Single). Cho et al., "Learning Phrase Representations using
    /// RNN Encoder-Decoder", EMNLP 2014; the reset gate is applied after the product with the state, as in cuDNN.
    /// </remarks>
    public LanguageModelTrainer Gru(string featureColumnName = "Features", LanguageModelOptions? options = null,
        string? exampleWeightColumnName = null) => Trainer(GruCell.CellName, featureColumnName, options, exampleWeightColumnName);

    private LanguageModelTrainer Trainer(string cell, string feature, LanguageModelOptions? options, string? weight) =>
        new(_environment, cell, feature, weight, options);
}
