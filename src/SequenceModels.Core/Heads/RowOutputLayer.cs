using SequenceModels.Kernels;
using SequenceModels.Layers;
using SequenceModels.Sequences;

namespace SequenceModels.Heads;

/// <summary>Outputs each of which speaks for itself, by the head that says what it means.</summary>
internal sealed unsafe class RowOutputLayer(IDense dense, IHead head, int outputs, RowFeatureLayer? rowFeatures)
    : OutputLayer(dense, outputs, head.LabelSize(outputs), rowFeatures)
{
    /// <summary>
    /// Rows whose outputs still lie in the second-level cache when they become gradients and these are multiplied.
    /// </summary>
    private const int ChunkRows = 128;

    public override int NumberOfClasses => head.NumberOfClasses(NumberOfOutputs);

    public override bool HasLogit => head.HasLogit;

    public override bool StandardisesLabels => head.StandardisesLabels;

    public override string Describe() => head.Describe(NumberOfOutputs);

    public override ValidationMetrics Metrics(in MeasuredOutputs measured) => head.Metrics(measured);

    public override float[] PriorBias(double[] counts, double total) => head.PriorBias(counts, total);

    public override double Evaluate(FeatureRows features, ReadOnlySpan<float> labels, ReadOnlySpan<float> weights,
        OutputPass pass,
        Span<float> decisions)
    {
        double loss = 0;
        for (int first = 0; first < features.Count; first += ChunkRows)
        {
            int count = Math.Min(ChunkRows, features.Count - first);
            OutputRows chunk = Outputs(features, first, count, pass);
            head.Decide(chunk, decisions.Slice(first, count));
            loss += head.Loss(chunk, labels.Slice(first * LabelSize, count * LabelSize), weights.Slice(first, count),
                smoothing: 0);
        }
        return loss;
    }

    public override void Losses(FeatureRows features, ReadOnlySpan<float> labels, OutputPass pass, Span<double> losses)
    {
        for (int first = 0; first < features.Count; first += ChunkRows)
        {
            OutputRows chunk = Outputs(features, first, Math.Min(ChunkRows, features.Count - first), pass);
            for (int row = 0; row < chunk.Rows; row++)
                losses[first + row] = head.Loss(chunk with { Data = (nint)chunk[row], Rows = 1 },
                    labels.Slice((first + row) * LabelSize, LabelSize), [1f], smoothing: 0);
        }
    }

    public override double Learn(FeatureRows features, float* dFeatures, ReadOnlySpan<float> labels, ReadOnlySpan<float> weights,
        float smoothing, OutputPass pass, FloatBuffer gradients, EmbeddingGradients[] tables)
    {
        double loss = 0;
        RowFeatureGradients? rowFeatures = RowFeatures is null ? null : (RowFeatureGradients)tables[^1];
        rowFeatures?.Begin(features.Batch.RowFeatures);
        for (int first = 0; first < features.Count; first += ChunkRows)
        {
            int count = Math.Min(ChunkRows, features.Count - first);
            OutputRows chunk = Outputs(features, first, count, pass);
            loss += head.Loss(chunk, labels.Slice(first * LabelSize, count * LabelSize), weights.Slice(first, count), smoothing);
            Dense.Backward(count, features[first], dFeatures + first * features.Stride, features.Stride,
                pass.Outputs.Data, gradients);
            rowFeatures?.Take(first, count, pass.Outputs.Data);
        }
        return loss;
    }

    public override double Explain(ReadOnlySpan<float> outputs, int output, Span<float> gradient) =>
        head.Explain(outputs, output, gradient);

    protected override void Decide(OutputRows outputs, SequenceBatch batch, OutputPass pass, Span<float> decisions) =>
        head.Decide(outputs, decisions);

    protected override void Score(OutputRows outputs, SequenceBatch batch, OutputPass pass) => head.Predict(outputs);
}
