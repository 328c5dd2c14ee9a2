namespace SequenceModels;

/// <summary>
/// The shape of a network that gives each sequence one answer, and how it is trained. Immutable; change a copy with <c>with</c>.
/// </summary>
public record SequenceTrainerOptions : LabeledSequenceOptions
{
    /// <summary>How the states of all steps become one vector. Default <see cref="SequencePooling.Last"/>.</summary>
    public SequencePooling Pooling { get; init; } = SequencePooling.Last;

    /// <summary>
    /// A column of numbers of the whole row, which go straight into the output layer beside the pooled states: prices, counts,
    /// categories as indicators, or what FeaturizeText makes of the same text. A Single, or a vector of Single of known size;
    /// sparse vectors stay sparse, so that 50,000 slots cost what a row has of them. Default null: none.
    /// </summary>
    /// <remarks>
    /// <para>
    /// What a row's numbers x [F] add to its K outputs is x U, with a matrix U [F, K] that begins at zero: a linear model that
    /// is learned together with the network (Cheng et al., "Wide and Deep Learning for Recommender Systems", DLRS 2016).
    /// Dropout leaves them alone. They are not scaled: numbers far from 1, such as prices, need NormalizeMeanVariance or
    /// NormalizeMinMax before.
    /// </para>
    /// <para>
    /// An update moves the rows of U whose slots its batch has, and leaves all others, with the optimizer's sums and AdamW's
    /// decay, as they are: what is known as lazy Adam. Missing and infinite values are an error.
    /// </para>
    /// </remarks>
    public string? RowFeatureColumnName { get; init; }

    internal override void Validate()
    {
        base.Validate();
        Require(Enum.IsDefined(Pooling), nameof(Pooling), Pooling, "Last, Mean, Max, Attention or MaxMeanLast");
        Require(RowFeatureColumnName is not "", nameof(RowFeatureColumnName), RowFeatureColumnName,
            "the name of a column, or null");
    }
}
