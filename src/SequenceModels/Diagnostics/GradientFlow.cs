using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using SequenceModels.Cells;
using SequenceModels.Columns;
using SequenceModels.Networks;
using SequenceModels.Prediction;
using SequenceModels.Reports;
using SequenceModels.Sequences;
using SequenceModels.Trainers;
using SequenceModels.Training;

namespace SequenceModels.Diagnostics;

/// <summary>
/// How far back through time the gradient of the loss reaches: dLoss/dh at each step of a sequence, which is the product of all steps
/// behind it, and in a plain recurrent network shrinks or grows like a power.
/// </summary>
/// <remarks>
/// Hochreiter, "Untersuchungen zu dynamischen neuronalen Netzen", diploma thesis, TU München 1991; Bengio, Simard and Frasconi, "Learning
/// Long-Term Dependencies with Gradient Descent is Difficult", IEEE Transactions on Neural Networks 5, 1994.
/// </remarks>
public static class GradientFlow
{
    /// <summary>
    /// Trains a network of each cell - RNN, GRU and LSTM - with the same options and seed on the same rows, and measures its gradient flow
    /// before training and after it, on up to 256 of the rows.
    /// </summary>
    /// <param name="mlContext">The context to train in.</param>
    /// <param name="data">The rows. They are kept in memory. Those with a missing label are skipped.</param>
    /// <param name="labelColumnName">The label: Boolean (binary classification), key (multiclass) or Single (regression).</param>
    /// <param name="featureColumnName">The sequences: a vector of keys, or a vector of Single, one-dimensional (T numbers) or of
    /// dimensions [*, F] or [T, F] (frames; one-hot steps where annotations say so).</param>
    /// <param name="options">
    /// Shape and training of each network; each has a checkpoint of its own, named by its cell, where there is to be one. Null: the defaults.
    /// </param>
    /// <exception cref="ArgumentOutOfRangeException">
    /// An option is out of its range, or a column is missing or has a type that does not fit; the message names it.
    /// </exception>
    /// <exception cref="InvalidOperationException">The rows cannot be learned from.</exception>
    /// <exception cref="OperationCanceledException">Training was cancelled, by the options' token or by the MLContext.</exception>
    public static GradientFlowComparison Compare(MLContext mlContext, IDataView data, string labelColumnName = "Label",
        string featureColumnName = "Features", SequenceTrainerOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(mlContext);
        ArgumentNullException.ThrowIfNull(data);
        ArgumentException.ThrowIfNullOrEmpty(labelColumnName);
        ArgumentException.ThrowIfNullOrEmpty(featureColumnName);
        SequenceTask task = TaskOf(data.Schema, labelColumnName);
        IHost host = ((IHostEnvironment)mlContext).Register(nameof(GradientFlow));
        options ??= new SequenceTrainerOptions();
        options = options with { Seed = options.Seed ?? host.Rand.Next() };
        // A view may give its rows in another order each time; all cells get the same.
        IDataView rows = mlContext.Data.Cache(data, labelColumnName, featureColumnName);
        var columns = new TrainingColumns(labelColumnName, featureColumnName, Weight: null);

        SequenceModelParameters[] models = [.. Cells.Select(cell =>
            new SequenceTrainer(host, task, cell, columns, options with { CheckpointPath = options.CheckpointPath is { } path ? $"{path}.{cell}" : null })
                .Fit(rows).Model)];
        using IChannel channel = host.Start("Measuring");
        SequenceColumn feature = SequenceColumn.Bind(rows.Schema, featureColumnName);
        using SequenceDataset dataset = new TrainingRows(task, columns, RowPurpose.Training, channel)
            .Read(rows, new InputColumns(feature), options.MaximumMemoryBytes, options.CancellationToken.ThrowIfCancellationRequested);
        var names = new InsightNames
        {
            Class = task.NameClasses(LabelClasses.From(rows.Schema, labelColumnName).Names), Token = TokenNames.Of(feature.Column),
        };
        var examples = SampledRows.Choose(new RowSelection(dataset), "training rows");
        ComparedNetwork[] networks = [.. models.Select(model => Measure(model, examples, names, options))];
        return new GradientFlowComparison([.. networks.Select((network, i) => Flow(models[i], network))], networks);
    }

    private static string[] Cells => [RnnCell.CellName, GruCell.CellName, LstmCell.CellName];

    private static SequenceTask TaskOf(DataViewSchema schema, string name)
    {
        DataViewSchema.Column label = schema.GetColumnOrNull(name) ??
            throw new ArgumentOutOfRangeException(nameof(schema), $"{MissingColumn.Describe(name, schema.Select(column => column.Name), "label column")} Give labelColumnName the name of one.");
        return label.Type switch
        {
            BooleanDataViewType => SequenceTask.Binary,
            KeyDataViewType => SequenceTask.Multiclass,
            NumberDataViewType number when number == NumberDataViewType.Single => SequenceTask.Regression,
            _ => throw new ArgumentOutOfRangeException(nameof(schema), $"Column '{name}' is {label.Type}, where a label is Boolean, a key or Single. " +
                "ConvertType or MapValueToKey make one."),
        };
    }

    private static ComparedNetwork Measure(SequenceModelParameters model, SampledRows examples, InsightNames names, SequenceTrainerOptions options)
    {
        int threads = options.NumberOfThreads == 0 ? -1 : options.NumberOfThreads;
        // First weights depend on shape and seed alone: they are drawn again rather than kept.
        Network trained = model.Network.Layers;
        var untrained = new Network(trained.Spec, trained.Frames, trained.Labels);
        untrained.Parameters.Allocate();
        untrained.Initialize(options.Seed!.Value);
        return new ComparedNetwork
        {
            Network = model.Network,
            History = model.History,
            Before = new FlowMeasurement(untrained, examples.Data).Measure(NetworkInsight.FlowRows(examples.Data), threads).Layers,
            After = NetworkInsight.Measure(model.Network, examples, names, options.NumberOfThreads),
        };
    }

    private static CellGradientFlow Flow(SequenceModelParameters model, ComparedNetwork network) => new(model,
        [.. network.After.Layers.Select((after, i) => new LayerGradientFlow(after.Layer, after.IsReverse,
            network.Before[i].GradientNorms, after.GradientNorms, after.Sequences))],
        network.After.Loss, network.After.Predictions.Accuracy, network.After.Predictions.RootMeanSquaredError);
}
