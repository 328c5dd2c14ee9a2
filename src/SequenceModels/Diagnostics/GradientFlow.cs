using Microsoft.ML;
using Microsoft.ML.Runtime;
using SequenceModels.Cells;
using SequenceModels.Columns;
using SequenceModels.Files;
using SequenceModels.Prediction;
using SequenceModels.Reports;
using SequenceModels.Sequences;
using SequenceModels.Trainers;
using SequenceModels.Training;

namespace SequenceModels.Diagnostics;

/// <summary>
/// How far back through time the gradient of the loss reaches: dLoss/dh at each step of a sequence, which is the product of all
/// steps behind it, and in a plain recurrent network shrinks or grows like a power.
/// </summary>
/// <remarks>
/// Hochreiter, "Untersuchungen zu dynamischen neuronalen Netzen", diploma thesis, TU München 1991; Bengio, Simard and Frasconi,
/// "Learning Long-Term Dependencies with Gradient Descent is Difficult", IEEE Transactions on Neural Networks 5, 1994.
/// </remarks>
public static class GradientFlow
{
    /// <summary>
    /// Trains a network of each cell - RNN, GRU and LSTM - with the same options and seed on the same rows,
    /// and measures its gradient flow before training and after it, on up to 256 of the rows.
    /// </summary>
    /// <param name="mlContext">The context to train in.</param>
    /// <param name="data">The rows. They are kept in memory. Those with a missing label are skipped.</param>
    /// <param name="labelColumnName">The label: Boolean (binary classification), key (multiclass) or Single (regression).</param>
    /// <param name="featureColumnName">The sequences: a vector of keys, or a vector of Single, one-dimensional (T numbers) or of
    /// dimensions [*, F] or [T, F] (frames; one-hot steps where annotations say so).</param>
    /// <param name="options">
    /// Shape and training of each network; each has a checkpoint of its own, named by its cell, where there is to be one. Null:
    /// the defaults.
    /// </param>
    /// <exception cref="ArgumentOutOfRangeException">
    /// An option is out of its range, or a column is missing or has a type that does not fit; the message names it.
    /// </exception>
    /// <exception cref="InvalidOperationException">The rows cannot be learned from.</exception>
    /// <exception cref="OperationCanceledException">
    /// Training was cancelled, by the options' token or by the MLContext.
    /// </exception>
    public static GradientFlowComparison Compare(MLContext mlContext, IDataView data, string labelColumnName = "Label",
        string featureColumnName = "Features", SequenceTrainerOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(mlContext);
        ArgumentNullException.ThrowIfNull(data);
        ArgumentException.ThrowIfNullOrEmpty(labelColumnName);
        ArgumentException.ThrowIfNullOrEmpty(featureColumnName);
        SequenceTask task = SequenceTask.For(data.Schema, labelColumnName);
        IHost host = ((IHostEnvironment)mlContext).Register(nameof(GradientFlow));
        options ??= new SequenceTrainerOptions();
        // What is compared is how far gradients reach back, step by step.
        options = options with { Seed = options.Seed ?? host.Rand.Next(), FrameStacking = Math.Max(1, options.FrameStacking) };
        // A view may give its rows in another order each time; all cells get the same.
        IDataView rows = mlContext.Data.Cache(data, labelColumnName, featureColumnName);
        var columns = TrainingColumns.OfSequence(labelColumnName, featureColumnName, weight: null);

        SequenceModelParameters[] models = [.. Cells.Select(cell =>
            new SequenceTrainer(host, task, cell, columns,
                options with { CheckpointPath = options.CheckpointPath is { } path ? $"{path}.{cell}" : null })
                .Fit(rows).Model)];
        using IChannel channel = host.Start("Measuring");
        TrainedColumns feature = TrainedColumns.From(rows.Schema, featureColumnName);
        using SequenceDataset dataset = new TrainingRows(task, columns, RowPurpose.Training, channel)
            .Read(rows, feature.In(rows.Schema, models[0].Network.Spec.Inputs), new RowMemory(options.MaximumMemoryBytes),
                options.CancellationToken.ThrowIfCancellationRequested);
        var names = new InsightNames
        {
            Class = task.NameClasses(LabelClasses.From(rows.Schema, labelColumnName).Names),
            Token = TokenNames.Of(feature.InOrder[0]),
        };
        var examples = SampledRows.Choose(new RowSelection(dataset), "training rows");
        ComparedNetwork[] networks = [.. models.Select(model => NetworkMeasurement.Measure(model, examples, names, options))];
        return new GradientFlowComparison([.. networks.Select((network, i) => NetworkMeasurement.FlowOf(models[i], network))],
            networks);
    }

    private static string[] Cells => [RnnCell.CellName, GruCell.CellName, LstmCell.CellName];
}
