using SequenceModels.Kernels;
using SequenceModels.Layers;
using SequenceModels.Sequences;

namespace SequenceModels.Heads;

/// <summary>Outputs each of which speaks for itself, by the head that says what it means.</summary>
internal sealed unsafe class RowOutputLayer(IDense dense, IHead head, int outputs) : OutputLayer(dense, outputs, head.LabelSize(outputs))
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
            loss += head.Loss(chunk, labels.Slice(first * LabelSize, count * LabelSize), weights.Slice(first, count), smoothing: 0);
        }
        return loss;
    }

    public override void Losses(FeatureRows features, ReadOnlySpan<float> labels, OutputScratch scratch, Span<double> losses)
    {
        for (int first = 0; first < features.Count; first += ChunkRows)
        {
            OutputRows chunk = Outputs(features, first, Math.Min(ChunkRows, features.Count - first), scratch);
            for (int row = 0; row < chunk.Rows; row++)
                losses[first + row] = head.Loss(chunk with { Data = (nint)chunk[row], Rows = 1 },
                    labels.Slice((first + row) * LabelSize, LabelSize), [1f], smoothing: 0);
        }
    }

    public override double Learn(FeatureRows features, float* dFeatures, ReadOnlySpan<float> labels, ReadOnlySpan<float> weights,
        float smoothing, OutputScratch scratch, FloatBuffer gradients)
    {
        double loss = 0;
        for (int first = 0; first < features.Count; first += ChunkRows)
        {
            int count = Math.Min(ChunkRows, features.Count - first);
            OutputRows chunk = Outputs(features, first, count, scratch);
            loss += head.Loss(chunk, labels.Slice(first * LabelSize, count * LabelSize), weights.Slice(first, count), smoothing);
            Dense.Backward(count, features[first], dFeatures + first * features.Stride, features.Stride, scratch.Outputs.Data, gradients);
        }
        return loss;
    }

    protected override void Decide(OutputRows outputs, SequenceBatch batch, ChainLattice lattice, Span<float> decisions) =>
        head.Decide(outputs, decisions);

    protected override void Score(OutputRows outputs, SequenceBatch batch, ChainLattice lattice) => head.Predict(outputs);
}
