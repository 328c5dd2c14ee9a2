using SequenceModels.Kernels;
using SequenceModels.Layers;
using SequenceModels.Sequences;

namespace SequenceModels.Heads;

/// <summary>Outputs each of which speaks for itself, by the head that says what it means.</summary>
internal sealed unsafe class RowOutputLayer(Dense dense, IHead head, int outputs) : OutputLayer(dense, outputs)
{
    /// <summary>Rows whose outputs still lie in the second-level cache when they become gradients and these are multiplied.</summary>
    private const int ChunkRows = 128;

    public override double Evaluate(FeatureRows features, ReadOnlySpan<float> labels, ReadOnlySpan<float> weights, OutputScratch scratch,
        Span<float> decisions)
    {
        double loss = 0;
        for (int first = 0; first < features.Count; first += ChunkRows)
        {
            int count = Math.Min(ChunkRows, features.Count - first);
            OutputRows chunk = Outputs(features, first, count, scratch);
            head.Decide(chunk, decisions.Slice(first, count));
            loss += head.Loss(chunk, labels.Slice(first, count), weights.Slice(first, count), smoothing: 0);
        }
        return loss;
    }

    public override double Learn(FeatureRows features, float* dFeatures, ReadOnlySpan<float> labels, ReadOnlySpan<float> weights,
        float smoothing, OutputScratch scratch, FloatBuffer gradients)
    {
        double loss = 0;
        for (int first = 0; first < features.Count; first += ChunkRows)
        {
            int count = Math.Min(ChunkRows, features.Count - first);
            OutputRows chunk = Outputs(features, first, count, scratch);
            loss += head.Loss(chunk, labels.Slice(first, count), weights.Slice(first, count), smoothing);
            Dense.Backward(count, features[first], dFeatures + first * features.Stride, features.Stride, scratch.Outputs.Data, gradients);
        }
        return loss;
    }

    protected override void Decide(OutputRows outputs, SequenceBatch batch, ChainLattice lattice, Span<float> decisions) =>
        head.Decide(outputs, decisions);

    protected override void Score(OutputRows outputs, SequenceBatch batch, ChainLattice lattice) => head.Predict(outputs);
}
