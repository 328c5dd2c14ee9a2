using SequenceModels.Kernels;
using SequenceModels.Parameters;
using SequenceModels.Sequences;

namespace SequenceModels.Layers;

/// <summary>
/// Many states to one vector. Each pooling is a class; what it keeps of a sequence's steps so far is enough to go on from, so
/// that a sequence may also come in parts. Of an empty sequence: zero.
/// </summary>
/// <param name="stateStride">D: floats of a state, each direction padded to a multiple of 16.</param>
internal abstract unsafe class PoolingLayer(int stateStride)
{
    /// <summary>D.</summary>
    public int StateStride => stateStride;

    /// <summary>How many vectors of D numbers stand side by side in what is pooled.</summary>
    public virtual int Vectors => 1;

    /// <summary>Floats of what is pooled.</summary>
    public int Stride => Vectors * stateStride;

    /// <summary>Floats that are kept of the steps so far.</summary>
    public virtual int KeptLength => Stride;

    /// <summary>Makes the layer, and its parameters.</summary>
    /// <param name="pooling">Which.</param>
    /// <param name="parameters">Takes the parameters.</param>
    /// <param name="directions">1 or 2.</param>
    /// <param name="hiddenSize">H: units of a direction.</param>
    public static PoolingLayer Create(SequencePooling pooling, ParameterSet parameters, int directions, int hiddenSize)
    {
        int stateStride = directions * Rows.Padded(hiddenSize);
        return pooling switch
        {
            SequencePooling.Last => new LastPooling(directions, stateStride),
            SequencePooling.Mean => new MeanPooling(stateStride),
            SequencePooling.Max => new MaxPooling(stateStride),
            SequencePooling.Attention => new AttentionPooling(parameters, directions, hiddenSize),
            SequencePooling.MaxMeanLast => new SeveralPoolings(new MaxPooling(stateStride), new MeanPooling(stateStride),
                new LastPooling(directions, stateStride)),
            _ => throw new ArgumentOutOfRangeException(nameof(pooling), pooling, "There is no such pooling."),
        };
    }

    /// <summary>Memory for passes, one for each thread.</summary>
    public virtual PoolingPass CreatePass() => new();

    /// <summary>pooled [B, Stride] from states [rows, D].</summary>
    public void Forward(PoolingPass pass, SequenceBatch batch, float* states, float* pooled)
    {
        Span<float> kept = pass.Carried is null ? pass.Reserve(KeptLength) : pass.Carried.Reserve(KeptLength);
        if (pass.Carried is { } carried)
        {
            GoOn(new SequenceStates(batch, 0, (nint)states, stateStride), carried, kept, new Span<float>(pooled, Stride));
            return;
        }
        for (int k = 0; k < batch.Count; k++)
        {
            var to = new Span<float>(pooled + (long)k * Stride, Stride);
            to.Clear();
            if (batch.Length(k) == 0)
                continue;
            kept.Clear();
            Pool(new SequenceStates(batch, k, (nint)states, stateStride), kept, to);
        }
    }

    /// <summary>
    /// From the gradients of what is pooled to those of the states, which are written whole, and of the parameters.
    /// </summary>
    /// <param name="pass">Scratch memory.</param>
    /// <param name="batch">As in Forward.</param>
    /// <param name="states">[rows, D] as in Forward.</param>
    /// <param name="dPooled">[B, Stride].</param>
    /// <param name="dStates">[rows, D].</param>
    /// <param name="gradients">Of the parameters; added to.</param>
    public void Backward(PoolingPass pass, SequenceBatch batch, float* states, float* dPooled, FloatBuffer dStates,
        FloatBuffer gradients)
    {
        dStates.Clear((long)batch.Rows * stateStride);
        for (int k = 0; k < batch.Count; k++)
            if (batch.Length(k) > 0)
                AddGradient(pass, new SequenceStates(batch, k, (nint)states, stateStride),
                    new ReadOnlySpan<float>(dPooled + (long)k * Stride, Stride),
                    new SequenceStates(batch, k, (nint)dStates.Data, stateStride), gradients);
    }

    /// <summary>Draws the first weights.</summary>
    public virtual void Initialize(ref RandomStream random) { }

    /// <summary>Takes one more step.</summary>
    /// <param name="kept">[KeptLength] what is kept of the steps before; zero before the first.</param>
    /// <param name="state">[D].</param>
    /// <param name="before">How many steps there were.</param>
    protected internal abstract void Take(Span<float> kept, ReadOnlySpan<float> state, long before);

    /// <summary>What the steps so far come down to.</summary>
    /// <param name="kept">[KeptLength].</param>
    /// <param name="steps">How many, at least 1.</param>
    /// <param name="pooled">[Stride] written.</param>
    protected internal virtual void Read(ReadOnlySpan<float> kept, long steps, Span<float> pooled) =>
        kept[..Stride].CopyTo(pooled);

    /// <summary>Pools a whole sequence of at least one step.</summary>
    /// <param name="states">T of [D].</param>
    /// <param name="kept">[KeptLength] zero.</param>
    /// <param name="pooled">[Stride] written.</param>
    protected internal virtual void Pool(SequenceStates states, Span<float> kept, Span<float> pooled)
    {
        for (int t = 0; t < states.Count; t++)
            Take(kept, states[t], t);
        Read(kept, states.Count, pooled);
    }

    /// <summary>Adds to the gradients of a sequence's states, and of the parameters.</summary>
    /// <param name="pass">Scratch memory.</param>
    /// <param name="states">T of [D], at least one.</param>
    /// <param name="dPooled">[Stride].</param>
    /// <param name="dStates">T of [D].</param>
    /// <param name="gradients">Of the parameters.</param>
    protected internal abstract void AddGradient(PoolingPass pass, SequenceStates states, ReadOnlySpan<float> dPooled,
        SequenceStates dStates, FloatBuffer gradients);

    /// <summary>One sequence that goes on: what is pooled is all of its steps so far, in the same order of sums.</summary>
    private void GoOn(SequenceStates states, PooledStates carried, Span<float> kept, Span<float> pooled)
    {
        for (int t = 0; t < states.Count; t++)
            Take(kept, states[t], carried.Steps++);
        pooled.Clear();
        if (carried.Steps > 0)
            Read(kept, carried.Steps, pooled);
    }
}
