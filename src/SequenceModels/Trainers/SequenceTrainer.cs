using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using Microsoft.ML.Trainers;
using SequenceModels.Columns;
using SequenceModels.Heads;
using SequenceModels.Interop;
using SequenceModels.Reports;
using SequenceModels.Sequences;
using SequenceModels.Trainers;
using SequenceModels.Training;

namespace SequenceModels;

/// <summary>
/// Trains a recurrent network on a column of sequences, of any length and without padding. One class for every task and cell: it is
/// made by Rnn, Lstm and Gru of the catalogs <c>BinaryClassification.Trainers</c>, <c>MulticlassClassification.Trainers</c> and
/// <c>Regression.Trainers</c>.
/// </summary>
/// <remarks>
/// The rows are read once, or twice where the data must tell one-hot steps from frames, and kept in memory, or beyond
/// <see cref="SequenceTrainerOptions.MaximumMemoryBytes"/> in a temporary file: a cache before the trainer is not needed. Equal seeds and rows give equal models, whatever the number of threads.
/// </remarks>
public sealed class SequenceTrainer : ITrainerEstimator<SequencePredictionTransformer, SequenceModelParameters>
{
    // TrainerInfo has no public constructor; this trainer's flags are ours: needs no normalised features, no cache.
    private static readonly Lazy<TrainerInfo> Flags = new(() => new MLContext().MulticlassClassification.Trainers.NaiveBayes().Info);

    private readonly IHost _host;
    private readonly SequenceTask _task;
    private readonly string _cell;
    private readonly TrainingColumns _columns;
    private readonly SequenceTrainerOptions _options;

    internal SequenceTrainer(IHostEnvironment environment, SequenceTask task, string cell, TrainingColumns columns,
        SequenceTrainerOptions? options)
    {
        ArgumentException.ThrowIfNullOrEmpty(columns.Label);
        ArgumentException.ThrowIfNullOrEmpty(columns.Feature);
        _host = environment.Register(cell + task.ScoreKind);
        _task = task;
        _cell = cell;
        _columns = columns;
        _options = options ?? new SequenceTrainerOptions();
        _options.Validate();
        if (task.Head == HeadKind.Regression)
            RefuseOptionsOfClasses(_options);
    }

    /// <summary>What ML.NET asks of a trainer: this one needs neither normalised features nor a cache.</summary>
    public TrainerInfo Info => Flags.Value;

    /// <summary>Trains a network.</summary>
    /// <param name="input">The rows. Those with a missing label are skipped, and a warning tells how many.</param>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or has a type that does not fit; the message names it.</exception>
    /// <exception cref="ArgumentException">The options give class weights, but not one for each class of the label.</exception>
    /// <exception cref="InvalidOperationException">
    /// A value cannot be learned from (an infinite number, a negative weight, frames of changing width), or the rows cannot: there
    /// are none, they have one class only, or no weight.
    /// </exception>
    /// <exception cref="OperationCanceledException">Training was cancelled, by the options' token or by the MLContext.</exception>
    public SequencePredictionTransformer Fit(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        GetOutputSchema(SchemaShapes.Of(input.Schema));
        DataViewSchema.Column label = input.Schema[_columns.Label];
        int outputs = _task.CountOutputs(label);
        int seed = _options.Seed ?? _host.Rand.Next();

        using IChannel channel = _host.Start("Training");
        SequenceColumn feature = SequenceColumn.BindForTraining(input, _columns.Feature);
        if (feature.IsPadded)
            channel.Warning(MessageSensitivity.None, "Column '{0}' is padded, and padded slots are read as steps. This trainer takes " +
                "sequences of any length: leave PadSequence away.", feature.Column.Name);
        using SequenceDataset data = new TrainingRows(_task, _columns, channel, _options.MaximumMemoryBytes).Read(input, feature, ThrowIfCanceled);
        var history = new EpochLog(_options, data);
        SequenceNetwork network = Trainer.Train(Shape(feature, outputs), data, _options, seed,
            (epoch, loss) =>
            {
                history.Add(epoch, loss);
                channel.Info(MessageSensitivity.None, "epoch {0}/{1} loss {2}", epoch, _options.NumberOfEpochs,
                    loss.ToString("F4", CultureInfo.InvariantCulture));
            },
            _host.IsCanceled);
        ClassNames? names = _task.NamesOf(label);
        NetworkInsight insight = NetworkInsight.Measure(network, data, [.. Enumerable.Range(0, data.Count)],
            new InsightNames { Class = _task.NameClasses(names), Token = TokenNames.Of(feature.Column) }, _options.NumberOfThreads);
        return new SequencePredictionTransformer(_host, _task, new SequenceModelParameters(network, history.Epochs, insight),
            feature.Column.Name, (VectorDataViewType)feature.Column.Type, names);
    }

    /// <summary>The columns that the fitted transformer gives, as far as the shape of the input tells.</summary>
    /// <param name="inputSchema">Shape of the input.</param>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or has a type that does not fit; the message names it.</exception>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        inputSchema.Find(_columns.Feature, ColumnRule.Sequence);
        if (_columns.Weight is not null)
            inputSchema.Find(_columns.Weight, TrainingColumns.WeightRule);
        SchemaShape.Column label = inputSchema.Find(_columns.Label, _task.Label);
        return inputSchema.With(_task.OutputColumns(outputs: 2, _task.NamesLike(label), setId: 1));
    }

    private NetworkSpec Shape(SequenceColumn feature, int outputs) => new()
    {
        Input = feature.Input,
        InputSize = feature.InputSize,
        EmbeddingSize = feature.Input == SequenceInput.Tokens ? _options.EmbeddingSize : 0,
        Cell = _cell,
        HiddenSize = _options.HiddenSize,
        NumberOfLayers = _options.NumberOfLayers,
        Bidirectional = _options.Bidirectional,
        Pooling = _options.Pooling,
        Head = _task.Head,
        NumberOfOutputs = outputs,
    };

    private static void RefuseOptionsOfClasses(SequenceTrainerOptions options)
    {
        if (options.LabelSmoothing > 0)
            throw new ArgumentException(string.Create(CultureInfo.InvariantCulture,
                $"{nameof(SequenceTrainerOptions)}.{nameof(options.LabelSmoothing)} is {options.LabelSmoothing}, but it is for classification: " +
                $"numbers have no classes. Leave it at 0 in a regression."), nameof(options));
        if (options.ClassWeights is not null)
            throw new ArgumentException($"{nameof(SequenceTrainerOptions)}.{nameof(options.ClassWeights)} is for classification: numbers have no " +
                "classes. Leave it null in a regression; a weight column says what each row counts.", nameof(options));
    }

    private void ThrowIfCanceled()
    {
        _options.CancellationToken.ThrowIfCancellationRequested();
        if (_host.IsCanceled())
            throw new OperationCanceledException("The MLContext was asked to cancel what it does.");
    }
}
