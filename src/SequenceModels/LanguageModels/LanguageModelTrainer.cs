using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using Microsoft.ML.Trainers;
using SequenceModels.Columns;
using SequenceModels.Heads;
using SequenceModels.LanguageModels;
using SequenceModels.Networks;
using SequenceModels.Sequences;
using SequenceModels.Text;
using SequenceModels.Trainers;
using SequenceModels.Training;

namespace SequenceModels;

/// <summary>
/// Trains a recurrent network to predict each step of a sequence from those before it: the next word, character or symbol, or the notes of
/// the next moment. Made by Rnn, Lstm and Gru of <c>mlContext.Sequences().LanguageModeling.Trainers</c>.
/// </summary>
/// <remarks>
/// <para>
/// Of tokens the model gives V + 1 probabilities, the first for tokens that are not in the vocabulary. Of frames, whose numbers must be 0 or
/// 1, it gives a probability for each number by itself, so that several may be 1 at once. The first step of a row is read, not predicted: a
/// tokenization with a start token has all of a text's own tokens predicted, and one with an end token where the text ends.
/// </para>
/// <para>
/// The output layer's bias begins with the logarithms of how often each token, or number, comes next. How rows are read side by side,
/// <see cref="LanguageModelOptions"/> tells.
/// </para>
/// </remarks>
public sealed class LanguageModelTrainer : ITrainerEstimator<LanguageModelTransformer, SequenceModelParameters>
{
    private readonly IHost _host;
    private readonly string _cell, _featureColumnName;
    private readonly LanguageModelOptions _options;

    internal LanguageModelTrainer(IHostEnvironment environment, string cell, string featureColumnName, LanguageModelOptions? options)
    {
        ArgumentException.ThrowIfNullOrEmpty(featureColumnName);
        _host = environment.Register($"{cell}LanguageModel");
        _featureColumnName = featureColumnName;
        _options = options ?? new LanguageModelOptions();
        _options.Validate();
        _cell = _options.CellOf(cell);
    }

    /// <summary>What ML.NET asks of a trainer: this one needs neither normalised features nor a cache.</summary>
    public TrainerInfo Info => TrainerFlags.Info;

    /// <summary>Trains a network.</summary>
    /// <param name="input">The rows. Those with fewer than two steps have nothing to predict, and are skipped.</param>
    /// <inheritdoc cref="Fit(IDataView, IDataView, SequenceModelParameters)" path="/exception"/>
    public LanguageModelTransformer Fit(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        return Fit(input, validation: null);
    }

    /// <summary>Trains a network, measures it after each epoch on rows that it does not learn from, and may go on from a trained one.</summary>
    /// <param name="train">The rows to learn from. Those with fewer than two steps have nothing to predict, and are skipped.</param>
    /// <param name="validation">
    /// The rows to measure on, prepared by the same fitted transforms, each read whole; the option ValidationFraction then has no effect.
    /// Null: none but those that this option sets aside.
    /// </param>
    /// <param name="initial">A trained model to go on from, of the same shape and vocabulary. Null: random weights.</param>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or has a type that does not fit; the message names it.</exception>
    /// <exception cref="ArgumentException">The initial model has another shape or vocabulary, or the options tie the embedding of frames.</exception>
    /// <exception cref="InvalidOperationException">
    /// The rows cannot be learned from: none has two steps, or frames hold other numbers than 0 and 1. Or training stops early by the
    /// options, but has no validation rows; or it diverged; or the checkpoint is of another training, or in use.
    /// </exception>
    /// <exception cref="InvalidDataException">The checkpoint is damaged.</exception>
    /// <exception cref="OperationCanceledException">
    /// Training was cancelled, and the options do not ask for the best model so far, or there is none yet.
    /// </exception>
    public LanguageModelTransformer Fit(IDataView train, IDataView? validation, SequenceModelParameters? initial = null)
    {
        ArgumentNullException.ThrowIfNull(train);
        GetOutputSchema(SchemaShapes.Of(train.Schema));
        TrainerRun.RequireRowsToStopBy(_options, validation);
        using IChannel channel = _host.Start("Training");
        SequenceColumn feature = initial is null
            ? SequenceColumn.Bind(train.Schema, _featureColumnName)
            : SequenceColumn.Bind(train.Schema, _featureColumnName, initial.Network.Spec.Input, initial.Network.Spec.InputSize);
        KeyFingerprints names = KeyFingerprints.Of([feature.Column]);
        NetworkSpec spec = Shape(feature);
        if (initial is not null)
        {
            TrainerRun.RequireShape(initial, spec);
            names.RequireSame(initial.Names, [feature.Column], label: null);
            names = names.OrThoseOf(initial.Names);
        }
        SequenceColumn.WarnIfPadded(train.Schema, [_featureColumnName], channel);

        TokenVectors? vectors = InitialVectors.Find(_options, feature, initial is not null, channel, ThrowIfCanceled);
        using SequenceDataset? measured = validation is null ? null : ReadValidation(validation, feature, names);
        using SequenceDataset data = LanguageModelRows.Read(train, feature, _options.MaximumMemoryBytes, "training", ThrowIfCanceled);
        data.DealIntoStreams(_options.BatchSize, _options.TruncatedBackpropagationSteps);
        return TrainerRun.Run(new TrainingJob
        {
            Spec = spec,
            Data = data,
            Validation = measured,
            Options = _options,
            Seed = _options.Seed ?? _host.Rand.Next(),
            Initial = initial?.Network,
            Vectors = vectors,
            Subject = $"{_cell}, language model of '{_featureColumnName}'",
        }, _host, channel, result =>
        {
            var model = new SequenceModelParameters(result.Network, result.History, insight: null, names)
            {
                WordVectorCoverage = vectors is null ? null : InitialVectors.Share(vectors),
            };
            return new LanguageModelTransformer(_host, model, feature.Column.Name, (VectorDataViewType)feature.Column.Type,
                TokenNames.Texts(feature.Column), TokenNames.JoiningOf(feature.Column));
        });
    }

    /// <summary>The columns that the fitted transformer gives, as far as the shape of the input tells.</summary>
    /// <param name="inputSchema">Shape of the input.</param>
    /// <exception cref="ArgumentOutOfRangeException">The column is missing or has a type that does not fit; the message names it.</exception>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        inputSchema.Find(_featureColumnName, ColumnRule.Sequence);
        return inputSchema.With(LikelihoodColumns.All);
    }

    private NetworkSpec Shape(SequenceColumn feature)
    {
        bool tokens = feature.Input == SequenceInput.Tokens;
        if (_options.TiedEmbeddings && !tokens)
            throw new ArgumentException($"{nameof(LanguageModelOptions)}.{nameof(_options.TiedEmbeddings)} is true, but column '{_featureColumnName}' " +
                $"holds frames of {Counted.Of(feature.InputSize, "number")}, which have no embedding. Set it to false.");
        return new NetworkSpec
        {
            Input = feature.Input,
            InputSize = feature.InputSize,
            EmbeddingSize = tokens ? _options.EmbeddingSize : 0,
            TiedEmbeddings = _options.TiedEmbeddings,
            Cell = _cell,
            HiddenSize = _options.HiddenSize,
            NumberOfLayers = _options.NumberOfLayers,
            EveryStep = true,
            Head = tokens ? HeadKind.Softmax : HeadKind.MultiLabel,
            NumberOfOutputs = tokens ? feature.InputSize + 1 : feature.InputSize,
        };
    }

    private SequenceDataset ReadValidation(IDataView validation, SequenceColumn trained, KeyFingerprints names)
    {
        try
        {
            GetOutputSchema(SchemaShapes.Of(validation.Schema));
            SequenceColumn feature = SequenceColumn.Bind(validation.Schema, _featureColumnName, trained.Input, trained.InputSize,
                (VectorDataViewType)trained.Column.Type);
            names.RequireSameKeys([feature.Column]);
            return LanguageModelRows.Read(validation, feature, _options.MaximumMemoryBytes, "validation", ThrowIfCanceled);
        }
        catch (ArgumentOutOfRangeException e)
        {
            throw new ArgumentOutOfRangeException(nameof(validation), $"The validation set does not fit the training set. {e.Message}");
        }
    }

    private void ThrowIfCanceled() => TrainerRun.ThrowIfCanceled(_host, _options);
}
