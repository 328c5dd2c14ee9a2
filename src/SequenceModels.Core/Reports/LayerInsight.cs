namespace SequenceModels.Reports;

/// <summary>What one recurrent layer and direction does with its memory.</summary>
internal sealed record LayerInsight
{
    /// <summary>Number of the layer, from 1 for the one that reads the input.</summary>
    public required int Layer { get; init; }

    /// <summary>Whether it reads sequences from their end.</summary>
    public required bool IsReverse { get; init; }

    /// <summary>
    /// By steps back from the step that the direction reads last: the root mean square, over the sequences that are long enough,
    /// of the Euclidean norm of dLoss/dh, the loss being the sequence's own.
    /// </summary>
    public required double[] GradientNorms { get; init; }

    /// <summary>How many sequences each of these is of.</summary>
    public required int[] Sequences { get; init; }

    /// <summary>
    /// Quantiles 0%, 1%, ... 100% over the units of the steps in which a unit's memory halves: ln(1/2) / ln(mean value of the
    /// gate that keeps the state). Empty for a cell without such a gate.
    /// </summary>
    public required double[] HalfLives { get; init; }
}
