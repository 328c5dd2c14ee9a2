namespace SequenceModels;

/// <summary>What each step of a row adds to what a model predicts of it.</summary>
public sealed class RowExplanation
{
    internal RowExplanation() { }

    /// <summary>
    /// [T] the texts of the tokens, as the tokenization made them; of frames the numbers of the steps, from 1.
    /// </summary>
    public required IReadOnlyList<string> Tokens { get; init; }

    /// <summary>
    /// [T] what each step adds to <see cref="Score"/>; less than 0 where it speaks for something else. Together they are the
    /// difference of <see cref="Score"/> and <see cref="BaselineScore"/>, to 1 % of it.
    /// </summary>
    public required IReadOnlyList<float> Shares { get; init; }

    /// <summary>[T, F] of frames: what each number of a step adds. Else empty.</summary>
    public required IReadOnlyList<float> FeatureShares { get; init; }

    /// <summary>The predicted class, as text; of regression the number.</summary>
    public required string PredictedLabel { get; init; }

    /// <summary>
    /// Of the predicted class the log-odds, log(p / (1 - p)), which is 0 at a probability of one half; of regression the value.
    /// </summary>
    public required double Score { get; init; }

    /// <summary>The same score where every step is zero.</summary>
    public required double BaselineScore { get; init; }

    /// <summary>[T] the tokens as a reader sees them, with the spaces between them.</summary>
    internal IReadOnlyList<string> Pieces { get; init; } = [];
}
