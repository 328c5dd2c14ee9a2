using Microsoft.ML;
using Microsoft.ML.Runtime;
using Microsoft.ML.Trainers;
using SequenceModels.Columns;
using SequenceModels.Heads;
using SequenceModels.LanguageModels;
using SequenceModels.Networks;
using SequenceModels.Sequences;
using SequenceModels.Trainers;

namespace SequenceModels;

/// <summary>
/// Trains a recurrent network to predict each step of a sequence from those before it: the next word, character or symbol, or
/// the notes of the next moment. Made by Rnn, Lstm and Gru of <c>mlContext.Sequences().LanguageModeling.Trainers</c>.
/// </summary>
/// <remarks>
/// <para>
/// Of tokens the model gives V + 1 probabilities, the first for tokens that are not in the vocabulary. Of frames, whose numbers
/// must be 0 or 1, it gives a probability for each number by itself, so that several may be 1 at once. The first step of a row
/// is read, not predicted, unless rows follow each other (<see cref="LanguageModelOptions.RowsFollowEachOther"/>): a
/// tokenization with a start token has all of a text's own tokens predicted, and one with an end token where the text ends.
/// </para>
/// <para>
/// The output layer's bias begins with the logarithms of how often each token, or number, comes next. How rows are read side by
/// side, <see cref="LanguageModelOptions"/> tells.
/// </para>
/// </remarks>
public sealed class LanguageModelTrainer : ITrainerEstimator<LanguageModelTransformer, SequenceModelParameters>
{
    private readonly IHost _host;
    private readonly string _cell, _featureColumnName;
    private readonly string? _weightColumnName;
    private readonly LanguageModelOptions _options;

    internal LanguageModelTrainer(IHostEnvironment environment, string cell, string featureColumnName, string? weightColumnName,
        LanguageModelOptions? options)
    {
        ArgumentException.ThrowIfNullOrEmpty(featureColumnName);
        _host = environment.Register($"{cell}LanguageModel");
        (_featureColumnName, _weightColumnName) = (featureColumnName, weightColumnName);
        _options = options ?? new LanguageModelOptions();
        _options.Validate();
        if (_options.RowsFollowEachOther && weightColumnName is not null)
            throw new ArgumentException($"Column '{weightColumnName}' has weights of rows, but " +
                $"{_options.NameOf(nameof(_options.RowsFollowEachOther))} is true: rows are then one text, all of which counts " +
                "alike. Leave out exampleWeightColumnName, or set the option to false.", nameof(weightColumnName));
        _cell = _options.CellOf(cell);
    }

    /// <summary>What ML.NET asks of a trainer: this one needs neither normalised features nor a cache.</summary>
    public TrainerInfo Info => TrainerFlags.Info;

    /// <summary>Trains a network.</summary>
    /// <param name="input">
    /// The rows. Those with fewer than two steps have nothing to predict, and are skipped, unless the rows follow each other.
    /// </param>
    /// <inheritdoc cref="Fit(IDataView, IDataView, SequenceModelParameters)" path="/exception"/>
    public LanguageModelTransformer Fit(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        return Fit(input, validation: null);
    }

    /// <summary>
    /// Trains a network, measures it after each epoch on rows that it does not learn from, and may go on from a trained one.
    /// </summary>
    /// <param name="train">
    /// The rows to learn from. Those with fewer than two steps have nothing to predict, and are skipped.
    /// </param>
    /// <param name="validation">
    /// The rows to measure on, prepared by the same fitted transforms, each read whole; the option ValidationFraction then has
    /// no effect. Null: none but those that this option sets aside.
    /// </param>
    /// <param name="initial">A trained model to go on from, of the same shape and vocabulary. Null: random weights.</param>
    /// <exception cref="ArgumentOutOfRangeException">
    /// A column is missing or has a type that does not fit; the message names it.
    /// </exception>
    /// <exception cref="ArgumentException">
    /// The initial model has another shape or vocabulary, or the options tie the embedding of frames.
    /// </exception>
    /// <exception cref="InvalidOperationException">
    /// The rows cannot be learned from: none has two steps, or frames hold other numbers than 0 and 1, or a weight is negative
    /// or missing, or all are 0. Or training stops early by the options, but has no validation rows; or it diverged; or the
    /// checkpoint is of another training, or in use.
    /// </exception>
    /// <exception cref="InvalidDataException">The checkpoint is damaged.</exception>
    /// <exception cref="OperationCanceledException">
    /// Training was cancelled, and the options do not ask for the best model so far, or there is none yet.
    /// </exception>
    public LanguageModelTransformer Fit(IDataView train, IDataView? validation, SequenceModelParameters? initial = null)
    {
        ArgumentNullException.ThrowIfNull(train);
        GetOutputSchema(SchemaShapes.Of(train.Schema));
        using var run = new TrainerRun(_host, _options, initial);
        TrainedColumns features = TrainedColumns.From(train.Schema, _featureColumnName);
        DataViewSchema.Column tokens = features.InOrder[0];
        return run.Train(new TrainerTask<LanguageModelTransformer>
        {
            Options = _options,
            Features = features,
            Spec = Shape(features.Input),
            CheckColumns = shape => GetOutputSchema(shape),
            CreateReader = purpose => new LanguageModelRows(_featureColumnName, _weightColumnName, _options.Reversed,
                _options.RowsFollowEachOther, purpose),
            Arrange = rows => rows.DealIntoStreams(_options.For(rows, isSplit: false).BatchSize,
                _options.TruncatedBackpropagationSteps),
            Subject = $"{_cell}, language model of '{_featureColumnName}'",
            ToBytes = transformer => transformer.ToBytes(),
            CreateTransformer = (home, model) =>
                new LanguageModelTransformer(home, model, features.Saved[0], TokenNames.Texts(tokens),
                    TokenNames.JoiningOf(tokens), _options.RowsFollowEachOther),
        }, train, validation);
    }

    /// <summary>The columns that the fitted transformer gives, as far as the shape of the input tells.</summary>
    /// <param name="inputSchema">Shape of the input.</param>
    /// <exception cref="ArgumentOutOfRangeException">
    /// The column is missing or has a type that does not fit; the message names it.
    /// </exception>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        inputSchema.Find(_featureColumnName, ColumnRule.Sequence);
        if (_weightColumnName is not null)
            inputSchema.Find(_weightColumnName, ExampleReader.WeightRule);
        return inputSchema.With(LikelihoodColumns.All);
    }

    private EncoderNetworkSpec Shape(InputColumns columns)
    {
        SequenceColumn feature = columns.All[0];
        bool tokens = feature.Input == StepFeatureKind.Tokens;
        if (_options.TiedEmbeddings && !tokens)
            throw new ArgumentException($"{_options.NameOf(nameof(_options.TiedEmbeddings))} is true, but column " +
                $"'{_featureColumnName}' holds frames of {Counted.Of(feature.InputSize, "number")}, which have no embedding. " +
                "Set it to false.");
        return new EncoderNetworkSpec
        {
            Encoder = new EncoderSpec
            {
                Inputs = [feature.FeatureOf(_options.EmbeddingSize)],
                Cell = _cell,
                HiddenSize = _options.HiddenSize,
                NumberOfLayers = _options.NumberOfLayers,
                Reversed = _options.Reversed,
            },
            Output = new OutputSpec
            {
                Head = tokens ? HeadKind.Softmax : HeadKind.MultiLabel,
                NumberOfOutputs = tokens ? feature.InputSize + 1 : feature.InputSize,
                EveryStep = true,
                TiedEmbeddings = _options.TiedEmbeddings,
            },
        };
    }
}
