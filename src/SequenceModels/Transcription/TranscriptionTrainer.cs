using Microsoft.ML;
using Microsoft.ML.Runtime;
using SequenceModels.Columns;
using SequenceModels.Heads;
using SequenceModels.Networks;
using SequenceModels.Trainers;
using SequenceModels.Transcription;

namespace SequenceModels;

/// <summary>
/// Trains a recurrent network that writes down what is said in a sequence, where nobody knows at which steps: by connectionist
/// temporal classification. Made by Rnn, Lstm and Gru of <c>mlContext.Sequences().Transcription.Trainers</c>.
/// </summary>
/// <remarks>
/// Equal options, with a <see cref="TrainingOptions.Seed"/>, and equal rows give equal models, whatever the number of threads.
/// </remarks>
public sealed class TranscriptionTrainer : IEstimator<TranscriptionTransformer>
{
    private readonly IHost _host;
    private readonly string _cell;
    private readonly TranscriptionColumns _columns;
    private readonly TranscriptionOptions _options;

    internal TranscriptionTrainer(IHostEnvironment environment, string cell, string labelColumnName, string featureColumnName,
        TranscriptionOptions? options, string? exampleWeightColumnName)
    {
        ArgumentException.ThrowIfNullOrEmpty(labelColumnName);
        ArgumentException.ThrowIfNullOrEmpty(featureColumnName);
        _host = environment.Register(cell + "Transcription");
        _columns = new TranscriptionColumns(labelColumnName, featureColumnName, exampleWeightColumnName);
        _options = options ?? new TranscriptionOptions();
        _options.Validate();
        _cell = _options.CellOf(cell);
    }

    /// <summary>Trains a network.</summary>
    /// <param name="input">The rows: sequences, and what is said in them.</param>
    /// <inheritdoc cref="Fit(IDataView, IDataView, SequenceModelParameters)" path="/exception"/>
    public TranscriptionTransformer Fit(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        return Fit(input, validation: null);
    }

    /// <summary>
    /// Trains a network, measures it after each epoch on rows that it does not learn from, and may go on from a trained one.
    /// </summary>
    /// <param name="train">
    /// The rows to learn from. An empty label is a sequence in which nothing is said. Rows with too few steps for their label
    /// (one for each token, and one between two that are equal), or with an unknown token (key 0), are skipped, and a warning
    /// tells how many.
    /// </param>
    /// <param name="validation">
    /// The rows to measure on, with the columns that <paramref name="train"/> has, prepared by the same fitted transforms; the
    /// option ValidationFraction then has no effect. Rows are skipped likewise. Null: none but those that this option sets aside.
    /// </param>
    /// <param name="initial">
    /// A trained model to go on from, in place of random weights: of the same shape, vocabulary and tokens. Its scaling of frames
    /// is kept. With <see cref="TrainingOptions.NumberOfEpochs"/> 0 it stays as it is, and gets the search of these options.
    /// Null: none.
    /// </param>
    /// <exception cref="ArgumentOutOfRangeException">
    /// A column is missing or has a type that does not fit; the message names it.
    /// </exception>
    /// <exception cref="ArgumentException">
    /// The initial model has another shape, vocabulary or tokens; or the language model has other tokens.
    /// </exception>
    /// <exception cref="InvalidOperationException">
    /// A value cannot be learned from, or the rows cannot: there are none, or they have no weight. Or training stops early by the
    /// options, but has no validation rows; or it diverged; or the checkpoint is of another training, or in use.
    /// </exception>
    /// <exception cref="InvalidDataException">The checkpoint is damaged.</exception>
    /// <exception cref="OperationCanceledException">
    /// Training was cancelled, by the options' token or by the MLContext, and the options do not ask for the best model so far,
    /// or there is none yet.
    /// </exception>
    public TranscriptionTransformer Fit(IDataView train, IDataView? validation, SequenceModelParameters? initial = null)
    {
        ArgumentNullException.ThrowIfNull(train);
        GetOutputSchema(SchemaShapes.Of(train.Schema));
        using var run = new TrainerRun(_host, _options, initial);
        TrainedColumns features =
            new InputColumnsBinder([_columns.Feature], _options, run.Channel, run.ThrowIfCanceled).Bind(train, initial);
        TranscriptionLabel label = TranscriptionLabel.Of(train.Schema, _columns.Label);
        TranscriptionSearch search = label.SearchOf(_options);
        return run.Train(new TrainerTask<TranscriptionTransformer>
        {
            Options = _options,
            Features = features,
            Label = label.Classes,
            Spec = Shape(features.Input, label.Classes.Count),
            CheckColumns = shape => GetOutputSchema(shape),
            CreateReader = purpose => new TranscribedRows(_columns, label.SpecialTokens, purpose, run.Channel),
            Subject = $"{_cell}, transcription of '{_columns.Feature}' into '{_columns.Label}'",
            ClassName = label.TextOf,
            ToBytes = transformer => transformer.ToBytes(),
            CreateTransformer = (home, model) => new TranscriptionTransformer(home, model, features.Saved[0], search,
                label.Classes.Names, label.Joining),
        }, train, validation);
    }

    /// <summary>The columns that the fitted transformer gives, as far as the shape of the input tells.</summary>
    /// <param name="inputSchema">Shape of the input.</param>
    /// <exception cref="ArgumentOutOfRangeException">
    /// A column is missing or has a type that does not fit; the message names it.
    /// </exception>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        return _columns.OutputOf(inputSchema);
    }

    private EncoderNetworkSpec Shape(InputColumns features, int tokens)
    {
        var spec = new EncoderNetworkSpec
        {
            Encoder = new EncoderSpec
            {
                Inputs = features.Inputs,
                Cell = _cell,
                HiddenSize = _options.HiddenSize,
                NumberOfLayers = _options.NumberOfLayers,
                Bidirectional = _options.Bidirectional,
            },
            Output = new OutputSpec { Head = HeadKind.Ctc, NumberOfOutputs = tokens + 1, EveryStep = true },
        };
        return spec.Validate() is { } contradiction
            ? throw new ArgumentOutOfRangeException(nameof(tokens), $"Column '{_columns.Label}': {contradiction}.") : spec;
    }
}
