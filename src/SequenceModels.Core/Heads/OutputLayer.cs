using SequenceModels.Kernels;
using SequenceModels.Layers;
using SequenceModels.Parameters;
using SequenceModels.Sequences;

namespace SequenceModels.Heads;

/// <summary>
/// The end of a network: a dense layer from features to outputs, and what these mean. Either each row of outputs speaks for itself
/// (<see cref="RowOutputLayer"/>), or those of a sequence belong together (<see cref="ChainOutputLayer"/>).
/// </summary>
/// <param name="dense">From features [M, D] to outputs [M, K].</param>
/// <param name="outputs">K.</param>
/// <param name="labelSize">L: numbers in the label of a row.</param>
internal abstract unsafe class OutputLayer(IDense dense, int outputs, int labelSize)
{
    public IDense Dense => dense;

    /// <summary>L: numbers in the label of a row.</summary>
    public int LabelSize => labelSize;

    /// <summary>Floats from one row of scores to the next.</summary>
    public int Stride => dense.Stride;

    public void Initialize(ref RandomStream random) => dense.Initialize(ref random);

    public IEnumerable<Transposed> PrepareTraining() => dense.PrepareTraining();

    /// <summary>scores [M, K] of features [M, D].</summary>
    /// <param name="features">[M, D].</param>
    /// <param name="scratch">Its outputs become the scores.</param>
    /// <param name="decisions">[M] becomes what each row comes down to; empty where that is not asked for.</param>
    public void Predict(FeatureRows features, OutputScratch scratch, Span<float> decisions)
    {
        OutputRows rows = Outputs(features, 0, features.Count, scratch);
        if (!decisions.IsEmpty)
            Decide(rows, features.Batch, scratch.Lattice, decisions);
        Score(rows, features.Batch, scratch.Lattice);
    }

    /// <summary>The weighted sum of losses, and what each row comes down to; nothing is learned.</summary>
    /// <param name="features">[M, D].</param>
    /// <param name="labels">[M, L].</param>
    /// <param name="weights">[M] what each row's loss counts.</param>
    /// <param name="scratch">Overwritten.</param>
    /// <param name="decisions">[M] written.</param>
    public abstract double Evaluate(FeatureRows features, ReadOnlySpan<float> labels, ReadOnlySpan<float> weights, OutputScratch scratch,
        Span<float> decisions);

    /// <summary>The loss of each row on its own; nothing is learned.</summary>
    /// <param name="features">[M, D].</param>
    /// <param name="labels">[M, L].</param>
    /// <param name="scratch">Overwritten.</param>
    /// <param name="losses">[M] written.</param>
    /// <exception cref="NotSupportedException">Outputs belong together: a row has no loss of its own.</exception>
    public abstract void Losses(FeatureRows features, ReadOnlySpan<float> labels, OutputScratch scratch, Span<double> losses);

    /// <summary>The weighted sum of losses; its gradient is added to those of the layer's weights and of the features.</summary>
    /// <param name="features">[M, D].</param>
    /// <param name="dFeatures">[M, D] added to; same stride.</param>
    /// <param name="labels">[M, L].</param>
    /// <param name="weights">[M] what each row's loss counts.</param>
    /// <param name="smoothing">Of the labels.</param>
    /// <param name="scratch">Overwritten.</param>
    /// <param name="gradients">Added to.</param>
    public abstract double Learn(FeatureRows features, float* dFeatures, ReadOnlySpan<float> labels, ReadOnlySpan<float> weights,
        float smoothing, OutputScratch scratch, FloatBuffer gradients);

    /// <summary>What each row of outputs comes down to: a class, a logit, or a value in the label's own unit.</summary>
    protected abstract void Decide(OutputRows outputs, SequenceBatch batch, ChainLattice lattice, Span<float> decisions);

    /// <summary>Turns outputs into scores, in place.</summary>
    protected abstract void Score(OutputRows outputs, SequenceBatch batch, ChainLattice lattice);

    /// <summary>Outputs of some of the features' rows.</summary>
    protected OutputRows Outputs(FeatureRows features, int first, int count, OutputScratch scratch)
    {
        scratch.Outputs.Reserve((long)count * Stride);
        dense.Forward(count, features[first], features.Stride, scratch.Outputs.Data);
        return new OutputRows((nint)scratch.Outputs.Data, count, outputs, Stride);
    }
}

/// <summary>What the output layer reads: rows of features [M, D].</summary>
/// <param name="Batch">The sequences that they belong to.</param>
/// <param name="Count">M: the batch's sequences, or its steps where each has an output.</param>
/// <param name="Data">The first row.</param>
/// <param name="Stride">Floats from one row to the next.</param>
internal readonly unsafe record struct FeatureRows(SequenceBatch Batch, int Count, nint Data, nint Stride)
{
    public float* this[int row] => (float*)Data + row * Stride;
}

/// <summary>The output layer's scratch memory in one pass.</summary>
internal sealed class OutputScratch
{
    /// <summary>[M, K] outputs, then scores; in learning a part of the rows.</summary>
    public FloatBuffer Outputs { get; } = new();

    /// <summary>Of the sequence at work, where outputs belong together.</summary>
    public ChainLattice Lattice { get; } = new();
}
