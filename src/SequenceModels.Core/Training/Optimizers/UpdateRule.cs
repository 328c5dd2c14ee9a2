using SequenceModels.Kernels;

namespace SequenceModels.Training;

/// <summary>
/// An optimizer at work: its running sums, and the updates of a range of weights. Weights that have no gradient for a while may
/// wait: all of their updates are then made at once, with the same bits.
/// </summary>
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

    /// <summary>So many updates, the present one included, can be made up for: older ones are forgotten.</summary>
    public const int Remembered = 256;

    /// <summary>Whether weights of matrices stay as they are while their running sums and gradients are zero.</summary>
    public abstract bool LeavesZeroSums { get; }

    public static UpdateRule For(SequenceOptimizer optimizer, long parameters, WeightAverage? average = null) => optimizer switch
    {
        AdamOptimizer adam => new AdamRule(adam, parameters) { Average = average },
        RmsPropOptimizer rmsProp => new RmsPropRule(rmsProp, parameters) { Average = average },
        SgdOptimizer sgd => new SgdRule(sgd, parameters) { Average = average },
        _ => throw new ArgumentException($"There is no update rule for {optimizer.GetType().Name}.", nameof(optimizer)),
    };

    /// <summary>Begins the next update.</summary>
    /// <param name="rates">[depth] the size of its step.</param>
    public void Advance(float[] rates)
    {
        Update++;
        if (_paces.Length != rates.Length * Remembered)
            _paces = new UpdatePace[rates.Length * Remembered];
        for (int depth = 0; depth < rates.Length; depth++)
            _paces[depth * Remembered + (int)(Update % Remembered)] = PaceOf(rates[depth]);
    }

    /// <summary>[depth][update, round and round] the last updates.</summary>
    private UpdatePace[] _paces = [];

    /// <summary>Moves weights [from, from + count), and has them averaged where that is asked for.</summary>
    /// <param name="values">The weights.</param>
    /// <param name="gradients">[count] the gradients of just these weights; null where they are all zero.</param>
    /// <param name="gradientScale">What gradients are multiplied with first: less than 1 where they are clipped.</param>
    /// <param name="depth">Of the weights.</param>
    /// <param name="from">A multiple of 16.</param>
    /// <param name="count">A multiple of 16.</param>
    /// <param name="ofVectors">Whether the weights are vectors, such as biases, which weight decay spares, or matrices.</param>
    public void Apply(FloatBuffer values, float* gradients, float gradientScale, int depth, long from, long count,
        bool ofVectors)
    {
        Move(values, gradients, gradientScale, PacesOf(Update, depth), from, count, ofVectors);
        Average?.Take(values, Update, from, count);
    }

    /// <summary>
    /// Moves weights of a matrix that have waited, update by update: they had no gradient but perhaps in the last of these.
    /// </summary>
    /// <param name="values">The weights.</param>
    /// <param name="gradients">
    /// [count] the gradients of the present update; null: they have none, or it is not one of these.
    /// </param>
    /// <param name="gradientScale">As in <see cref="Apply"/>.</param>
    /// <param name="depth">As in <see cref="Apply"/>.</param>
    /// <param name="first">The first update to make; at most <see cref="Remembered"/> - 1 before the present one.</param>
    /// <param name="from">A multiple of 16.</param>
    /// <param name="count">A multiple of 16.</param>
    public void CatchUp(FloatBuffer values, float* gradients, float gradientScale, int depth, long first, long from, long count)
    {
        // Behind the end of the ring the updates go on at its beginning.
        long turn = Update - Update % Remembered;
        if (first < turn)
            Move(values, null, gradientScale, PacesOf(first, depth, turn - first), from, count, ofVectors: false);
        Move(values, gradients, gradientScale,
            PacesOf(Math.Max(first, turn), depth, Update - Math.Max(first, turn) + 1), from, count,
            ofVectors: false);
    }

    private ReadOnlySpan<UpdatePace> PacesOf(long first, int depth, long count = 1) =>
        _paces.AsSpan(depth * Remembered + (int)(first % Remembered), (int)count);

    /// <summary>What all weights of one depth have in common in the present update.</summary>
    /// <param name="rate">The size of its step.</param>
    protected abstract UpdatePace PaceOf(float rate);

    /// <summary>Moves weights by one update after the other; gradients are those of the last.</summary>
    protected abstract void Move(FloatBuffer values, float* gradients, float gradientScale, ReadOnlySpan<UpdatePace> paces,
        long from, long count, bool ofVectors);
}

/// <summary>What all weights of one depth have in common in an update.</summary>
/// <param name="Step">The size of the step.</param>
/// <param name="SquareScale">Of Adam: what corrects the mean of squares for its beginning at zero.</param>
/// <param name="Decay">The share that a weight loses by decay.</param>
internal readonly record struct UpdatePace(float Step, float SquareScale, float Decay);
