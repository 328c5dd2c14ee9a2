using SequenceModels.Kernels;

namespace SequenceModels.Training;

/// <summary>An optimizer at work: its running sums, and the update of a range of weights.</summary>
internal abstract unsafe class UpdateRule
{
    /// <summary>Number of the present update, from 1; how many there have been between updates.</summary>
    public long Update { get; set; }

    /// <summary>Takes what each update makes of the weights; null: nobody averages them.</summary>
    public WeightAverage? Average { get; init; }

    /// <summary>
    /// The running sums, each laid out like the parameters: all that the rule remembers beside <see cref="Update"/>.
    /// </summary>
    public abstract IReadOnlyList<FloatBuffer> State { get; }

    public static UpdateRule For(SequenceOptimizer optimizer, long parameters, WeightAverage? average = null) => optimizer switch
    {
        AdamOptimizer adam => new AdamRule(adam, parameters) { Average = average },
        RmsPropOptimizer rmsProp => new RmsPropRule(rmsProp, parameters) { Average = average },
        SgdOptimizer sgd => new SgdRule(sgd, parameters) { Average = average },
        _ => throw new ArgumentException($"There is no update rule for {optimizer.GetType().Name}.", nameof(optimizer)),
    };

    /// <summary>Begins the next update.</summary>
    public void Advance() => Update++;

    /// <summary>Moves weights [from, from + count), and has them averaged where that is asked for.</summary>
    /// <param name="values">The weights.</param>
    /// <param name="gradients">[count] the gradients of just these weights; null where they are all zero.</param>
    /// <param name="gradientScale">What gradients are multiplied with first: less than 1 where they are clipped.</param>
    /// <param name="learningRate">Size of the step.</param>
    /// <param name="from">A multiple of 16.</param>
    /// <param name="count">A multiple of 16.</param>
    /// <param name="ofVectors">Whether the weights are vectors, such as biases, which weight decay spares, or matrices.</param>
    public void Apply(FloatBuffer values, float* gradients, float gradientScale, float learningRate, long from, long count,
        bool ofVectors)
    {
        Move(values, gradients, gradientScale, learningRate, from, count, ofVectors);
        Average?.Take(values, Update, from, count);
    }

    /// <summary>Moves weights; their averages wait for <see cref="WeightAverage.Take"/>.</summary>
    /// <inheritdoc cref="Apply"/>
    public abstract void Move(FloatBuffer values, float* gradients, float gradientScale, float learningRate,
        long from, long count,
        bool ofVectors);
}
