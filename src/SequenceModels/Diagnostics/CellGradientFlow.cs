namespace SequenceModels.Diagnostics;

/// <summary>The gradient flow in a network of one kind of cell, and what that network learned.</summary>
public sealed class CellGradientFlow
{
    internal CellGradientFlow(SequenceModelParameters model, IReadOnlyList<LayerGradientFlow> layers, double loss,
        double accuracy, double error)
    {
        Model = model;
        Layers = layers;
        Loss = loss;
        Accuracy = double.IsNaN(accuracy) ? null : accuracy;
        RootMeanSquaredError = double.IsNaN(error) ? null : error;
    }

    /// <summary>RNN, GRU or LSTM.</summary>
    public string Cell => Model.Network.Cell;

    /// <summary>What was learned.</summary>
    public SequenceModelParameters Model { get; }

    /// <summary>Each layer and direction, the lowest layer first, a layer's forward direction before its backward one.</summary>
    public IReadOnlyList<LayerGradientFlow> Layers { get; }

    /// <summary>
    /// The norms of dLoss/dh by steps back, before training: of the layer next to the output, its forward direction.
    /// </summary>
    public IReadOnlyList<double> NormsBeforeTraining => Top.NormsBeforeTraining;

    /// <summary>The same after training.</summary>
    public IReadOnlyList<double> NormsAfterTraining => Top.NormsAfterTraining;

    /// <summary>
    /// The norm at the far end by the norm at the last step, before training: the share of the gradient that arrives at the
    /// sequences' beginning. NaN where every sequence is empty.
    /// </summary>
    public double SurvivalBeforeTraining => Survival(NormsBeforeTraining);

    /// <summary>The same after training.</summary>
    public double SurvivalAfterTraining => Survival(NormsAfterTraining);

    /// <summary>
    /// The mean loss of the measured sequences after training, without dropout: cross-entropy in nats; for regression half the
    /// squared error in units of the labels' variance.
    /// </summary>
    public double Loss { get; }

    /// <summary>Share of right predictions on up to 2,000 of the rows, after training. Of classification; else null.</summary>
    public double? Accuracy { get; }

    /// <summary>
    /// Root of the mean squared error on up to 2,000 of the rows, after training, in the label's unit. Of regression; else null.
    /// </summary>
    public double? RootMeanSquaredError { get; }

    private LayerGradientFlow Top => Layers.Last(layer => !layer.IsReverse);

    private static double Survival(IReadOnlyList<double> norms) => norms.Count == 0 ? double.NaN : norms[^1] / norms[0];
}
