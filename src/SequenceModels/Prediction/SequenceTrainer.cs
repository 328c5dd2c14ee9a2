using Microsoft.ML;
using Microsoft.ML.Runtime;
using Microsoft.ML.Trainers;
using SequenceModels.Columns;
using SequenceModels.Heads;
using SequenceModels.Networks;
using SequenceModels.Prediction;
using SequenceModels.Trainers;

namespace SequenceModels;

/// <summary>
/// Trains a recurrent network on sequences, of any length and without padding: a column of them, or several whose steps stand
/// side by side. One class for every task and cell: it is made by Rnn, Lstm and Gru of the catalogs
/// <c>BinaryClassification.Trainers</c>, <c>MulticlassClassification.Trainers</c> and <c>Regression.Trainers</c>.
/// </summary>
/// <remarks>
/// The rows are read once and kept in memory, or beyond <see cref="TrainingOptions.MaximumMemoryBytes"/> in a temporary file: a
/// cache before the trainer is not needed. Equal options, with a <see cref="TrainingOptions.Seed"/>, and equal rows give equal
/// models, whatever the number of threads.
/// </remarks>
public sealed class SequenceTrainer : ITrainerEstimator<SequencePredictionTransformer, SequenceModelParameters>
{
    private readonly IHost _host;
    private readonly SequenceTask _task;
    private readonly string _cell;
    private readonly TrainingColumns _columns;
    private readonly SequenceTrainerOptions _options;

    internal SequenceTrainer(IHostEnvironment environment, SequenceTask task, string cell, TrainingColumns columns,
        SequenceTrainerOptions? options)
    {
        _host = environment.Register(cell + task.ScoreKind);
        _task = task;
        _columns = columns;
        _options = options ?? new SequenceTrainerOptions();
        _options.Validate();
        _cell = _options.CellOf(cell);
        if (_options is TextTrainerOptions && columns.FeatureRule != ColumnRule.SingleText)
            throw new ArgumentException($"{_options.GetType().Name} are options of TextLstm and TextGru, which read raw texts. " +
                $"Give this trainer {nameof(SequenceTrainerOptions)}.", nameof(options));
        if (task.Head == HeadKind.Regression)
            RefuseOptionsOfClasses(_options);
        if (_options.RowFeatureColumnName is { } row && (row == columns.Label || row == columns.Weight))
            throw new ArgumentException($"{_options.NameOf(nameof(_options.RowFeatureColumnName))} is '{row}', which is the " +
                $"column of {(row == columns.Label ? "labels" : "weights")}: what is not known where the model is used cannot " +
                "be learned from.", nameof(options));
    }

    /// <summary>What ML.NET asks of a trainer: this one needs neither normalised features nor a cache.</summary>
    public TrainerInfo Info => TrainerFlags.Info;

    /// <summary>Trains a network.</summary>
    /// <param name="input">The rows. Those with a missing label are skipped, and a warning tells how many.</param>
    /// <inheritdoc cref="Fit(IDataView, IDataView, SequenceModelParameters)" path="/exception"/>
    public SequencePredictionTransformer Fit(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        return Fit(input, validation: null);
    }

    /// <summary>
    /// Trains a network, measures it after each epoch on rows that it does not learn from, and may go on from a trained one.
    /// </summary>
    /// <param name="train">The rows to learn from. Those with a missing label are skipped, and a warning tells how many.</param>
    /// <param name="validation">
    /// The rows to measure on, with the columns that <paramref name="train"/> has, prepared by the same fitted transforms; the
    /// option ValidationFraction then has no effect. Null: none but those that this option sets aside.
    /// </param>
    /// <param name="initial">
    /// A trained model to go on from, in place of random weights: of the same shape, vocabulary and classes. Its scaling of
    /// frames and labels is kept. Or a language model over the same tokens, of the same cell and sizes: its embedding and
    /// recurrent layers are taken over, and the output layer is new. Null: none.
    /// </param>
    /// <exception cref="ArgumentOutOfRangeException">
    /// A column is missing or has a type that does not fit; the message names it.
    /// </exception>
    /// <exception cref="ArgumentException">
    /// The options give class weights, but not one for each class of the label; or the initial model has another shape,
    /// vocabulary or classes, or is a language model of other sizes.
    /// </exception>
    /// <exception cref="InvalidOperationException">
    /// A value cannot be learned from (an infinite number, a negative weight, frames of changing width), a row's feature columns
    /// differ in length, or the rows cannot be learned from:
    /// there are none, they have one class only, or no weight. Or the word vectors have another length than the embedding. Or
    /// training stops early by the options, but has no validation rows; or layers are to be frozen, but there is no initial
    /// model; or it diverged; or the checkpoint is of another
    /// training, or in use.
    /// </exception>
    /// <exception cref="InvalidDataException">The checkpoint, or the file of word vectors, is damaged.</exception>
    /// <exception cref="OperationCanceledException">
    /// Training was cancelled, by the options' token or by the MLContext, and the options do not ask for the best model so far,
    /// or there is none yet.
    /// </exception>
    /// <remarks>
    /// From a language model: Dai and Le, "Semi-supervised Sequence Learning", NIPS 2015. The options FrozenEpochs and
    /// LayerRateDecay say how its layers learn.
    /// </remarks>
    public SequencePredictionTransformer Fit(IDataView train, IDataView? validation, SequenceModelParameters? initial = null) =>
        Train(train, validation, initial, backward: null);

    /// <summary>
    /// Trains a bidirectional network of one layer that begins with the layers of two language models over the same tokens.
    /// </summary>
    /// <param name="train">The rows to learn from. Those with a missing label are skipped, and a warning tells how many.</param>
    /// <param name="validation">
    /// The rows to measure on, with the columns that <paramref name="train"/> has, prepared by the same fitted transforms. Null:
    /// none but those that the option ValidationFraction sets aside.
    /// </param>
    /// <param name="forward">
    /// A language model of the same cell and sizes. Its recurrent layer becomes the direction that reads from the first step, and
    /// the embedding is its.
    /// </param>
    /// <param name="backward">
    /// One that was trained with <see cref="LanguageModelOptions.Reversed"/>, for the direction that reads from the last step.
    /// Train it with the same Seed: so the two embeddings begin alike, and this layer understands the other's.
    /// </param>
    /// <inheritdoc cref="Fit(IDataView, IDataView, SequenceModelParameters)" path="/exception"/>
    public SequencePredictionTransformer Fit(IDataView train, IDataView? validation, SequenceModelParameters forward,
        SequenceModelParameters backward)
    {
        ArgumentNullException.ThrowIfNull(forward);
        ArgumentNullException.ThrowIfNull(backward);
        return Train(train, validation, forward, backward);
    }

    private SequencePredictionTransformer Train(IDataView train, IDataView? validation, SequenceModelParameters? initial,
        SequenceModelParameters? backward)
    {
        ArgumentNullException.ThrowIfNull(train);
        GetOutputSchema(SchemaShapes.Of(train.Schema));
        using var run = new TrainerRun(_host, _options, initial, backward);
        TrainedColumns features = new InputColumnsBinder(_columns.Features, _options, run.Channel, run.ThrowIfCanceled)
            .Bind(train, initial, _options.RowFeatureColumnName);
        LabelClasses label = LabelClasses.From(train.Schema, _columns.Label);
        return run.Train(new TrainerTask<SequencePredictionTransformer>
        {
            Options = _options,
            Features = features,
            Label = label,
            Spec = Shape(features.Input, label.Count),
            TakesLanguageModels = true,
            CheckColumns = shape => GetOutputSchema(shape),
            CreateReader = purpose => new TrainingRows(_task, _columns, purpose, run.Channel),
            Subject = $"{_cell}, {_task.ScoreKind} of '{_columns.Label}' by '{string.Join("', '", _columns.Features)}'" +
                (_options.RowFeatureColumnName is { } row ? $" and '{row}'" : ""),
            ClassName = _task.NameClasses(label.Names),
            ToBytes = transformer => transformer.ToBytes(),
            CreateTransformer = (home, model) => new SequencePredictionTransformer(home, _task, model, features.Saved,
                _options.RowFeatureColumnName, label.Names),
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
        foreach (string feature in _columns.Features)
            inputSchema.Find(feature, _columns.FeatureRule);
        if (_options.RowFeatureColumnName is not null)
            inputSchema.Find(_options.RowFeatureColumnName, NumbersReader.Rule);
        if (_columns.Weight is not null)
            inputSchema.Find(_columns.Weight, ExampleReader.WeightRule);
        SchemaShape.Column label = inputSchema.Find(_columns.Label, _task.Label);
        return inputSchema.With(_task.OutputColumns(outputs: 2, _task.NamesLike(label), setId: 1));
    }

    private EncoderNetworkSpec Shape(InputColumns columns, int outputs) => new()
    {
        Encoder = new EncoderSpec
        {
            Inputs = columns.Inputs,
            Cell = _cell,
            HiddenSize = _options.HiddenSize,
            NumberOfLayers = _options.NumberOfLayers,
            Bidirectional = _options.Bidirectional,
        },
        Output = new OutputSpec
        {
            Head = _task.Head, NumberOfOutputs = outputs,
            Pooling = ((SequenceTrainerOptions)_options.For(columns.Inputs)).Pooling,
            RowFeatureSize = columns.RowFeatureSize,
        },
    };

    private static void RefuseOptionsOfClasses(SequenceTrainerOptions options)
    {
        if (options.LabelSmoothing > 0)
            throw new ArgumentException($"{options.NameOf(nameof(options.LabelSmoothing))} is " +
                $"{InvariantText.Of(options.LabelSmoothing)}, but it is for classification: numbers have no classes. Leave it " +
                "at 0 in a regression.", nameof(options));
        if (options.ClassWeights is not null)
            throw new ArgumentException($"{options.NameOf(nameof(options.ClassWeights))} is for classification: numbers have " +
                "no classes. Leave it null in a regression; a weight column says what each row counts.", nameof(options));
    }
}
