namespace SequenceModels.Forecasting;

/// <summary>What the rows of a table are to one model: learned from, measured on in training, forecast from.</summary>
/// <param name="ranks">The step in time of each row.</param>
internal sealed class FoldRows(IReadOnlyList<int> ranks)
{
    /// <summary>Rows before this step are learned from.</summary>
    public required int Train { get; init; }

    /// <summary>
    /// The first step that is forecast, from the one before it. Rows between <see cref="Train"/> and it are for validation.
    /// </summary>
    public required int Test { get; init; }

    /// <summary>The step behind the last that is forecast from.</summary>
    public required int EndOfOrigins { get; init; }

    /// <summary>Rows before this step are looked at: to forecast, and to see what came true.</summary>
    public required int Seen { get; init; }

    public bool HasValidation => Train < Test;

    /// <summary>Steps that are forecast from, and the one behind.</summary>
    public int Tested => EndOfOrigins + 1 - Test;

    public bool[] TrainingRows => [.. ranks.Select(rank => rank < Train)];

    public bool[] ValidationRows => [.. ranks.Select(rank => rank >= Train && rank < Test)];

    public bool[] SeenRows => [.. ranks.Select(rank => rank < Seen)];

    public bool IsTraining(int row) => ranks[row] < Train;

    /// <summary>Whether forecasts from a row are measured.</summary>
    public bool IsOrigin(int row) => ranks[row] >= Test - 1 && ranks[row] < EndOfOrigins;
}
