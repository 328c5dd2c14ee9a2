namespace SequenceModels.Diagnostics;

/// <summary>The gradient flow through one recurrent layer and direction, before training and after it.</summary>
public sealed class LayerGradientFlow
{
    internal LayerGradientFlow(int layer, bool isReverse, IReadOnlyList<double> before, IReadOnlyList<double> after,
        IReadOnlyList<int> sequences)
    {
        Layer = layer;
        IsReverse = isReverse;
        NormsBeforeTraining = before;
        NormsAfterTraining = after;
        Sequences = sequences;
    }

    /// <summary>Number of the layer, from 1 for the one that reads the input.</summary>
    public int Layer { get; }

    /// <summary>Whether it reads sequences from their end.</summary>
    public bool IsReverse { get; }

    /// <summary>
    /// By steps back from the step that the layer reads last: the root mean square, over the measured sequences that are long
    /// enough, of the Euclidean norm of dLoss/dh, the loss being the sequence's own. With the weights that training begins with.
    /// </summary>
    public IReadOnlyList<double> NormsBeforeTraining { get; }

    /// <summary>The same with the trained weights.</summary>
    public IReadOnlyList<double> NormsAfterTraining { get; }

    /// <summary>How many sequences each of the norms is of; at least 5 where there are so many.</summary>
    public IReadOnlyList<int> Sequences { get; }
}
