using System.Numerics.Tensors;
using SequenceModels.Kernels;
using SequenceModels.Layers;
using SequenceModels.Sequences;

namespace SequenceModels.Heads;

/// <summary>Outputs each of which speaks for itself, by the head that says what it means.</summary>
internal sealed unsafe class RowOutputLayer(IDense dense, IHead head, int outputs, RowFeatureLayer? rowFeatures,
    LinearPath? linear)
    : OutputLayer(dense, outputs, head.LabelSize(outputs), rowFeatures, linear)
{
    /// <summary>
    /// Rows whose outputs still lie in the second-level cache when they become gradients and these are multiplied.
    /// </summary>
    private const int ChunkRows = 128;

    /// <summary>
    /// Outputs of a row that are too many for that, though not for twice as many rows in memory: then it pays to go through the
    /// layer's weights, which do not stay in that cache either, half as often.
    /// </summary>
    private const int ManyOutputs = 1 << 11, MostOutputs = 1 << 14;

    /// <summary>
    /// Outputs of a row so many that those of a chunk take more memory than fewer passes over the weights are worth.
    /// </summary>
    private const int HugeOutputs = 1 << 16;

    /// <summary>Rows that are learned from at once.</summary>
    private int LearnedRows => Stride switch
    {
        > ManyOutputs and <= MostOutputs => 2 * ChunkRows,
        > HugeOutputs => ChunkRows / 2,
        _ => ChunkRows,
    };

    /// <summary>Rows that are measured at once.</summary>
    private int MeasuredRows => Math.Min(ChunkRows, LearnedRows);

    public override int NumberOfClasses => head.NumberOfClasses(NumberOfOutputs);

    public override int DecisionSize => head.DecisionSize(NumberOfOutputs);

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
        for (int first = 0; first < features.Count; first += MeasuredRows)
        {
            int count = Math.Min(MeasuredRows, features.Count - first);
            OutputRows chunk = Outputs(features, first, count, pass);
            head.Decide(chunk, decisions.Slice(first * DecisionSize, count * DecisionSize));
            loss += head.Loss(chunk, labels.Slice(first * LabelSize, count * LabelSize), weights.Slice(first, count),
                smoothing: 0);
        }
        return loss;
    }

    public override void Losses(FeatureRows features, ReadOnlySpan<float> labels, OutputPass pass, Span<double> losses)
    {
        for (int first = 0; first < features.Count; first += MeasuredRows)
        {
            OutputRows chunk = Outputs(features, first, Math.Min(MeasuredRows, features.Count - first), pass);
            for (int row = 0; row < chunk.Rows; row++)
                losses[first + row] = head.Loss(chunk with { Data = (nint)chunk[row], Rows = 1 },
                    labels.Slice((first + row) * LabelSize, LabelSize), [1f], smoothing: 0);
        }
    }

    public override double Learn(FeatureRows features, float* dFeatures, ReadOnlySpan<float> labels, ReadOnlySpan<float> weights,
        in Regularization regularization, OutputPass pass, FloatBuffer gradients, EmbeddingGradients[] tables)
    {
        double loss = 0;
        float smoothing = regularization.LabelSmoothing;
        RowFeatureGradients? rowFeatures = RowFeatures is null ? null : (RowFeatureGradients)tables[^1];
        rowFeatures?.Begin(features.Batch.RowFeatures);
        for (int first = 0; first < features.Count; first += LearnedRows)
        {
            int count = Math.Min(LearnedRows, features.Count - first);
            OutputRows chunk = Outputs(features, first, count, pass);
            for (int row = 0, rows; row < count; row += rows)
            {
                rows = Math.Min(ChunkRows, count - row); // however many are learned from at once, losses are added alike
                loss += head.Loss(chunk with { Data = (nint)chunk[row], Rows = rows },
                    labels.Slice((first + row) * LabelSize, rows * LabelSize), weights.Slice(first + row, rows), smoothing);
            }
            Dense.Backward(count, features[first], dFeatures + first * features.Stride, features.Stride,
                pass.Outputs.Data, gradients);
            rowFeatures?.Take(first, count, pass.Outputs.Data);
            Linear?.Backward(count, pass.Steps, pass.Outputs.Data, Stride, gradients);
            if (rowFeatures is not null && regularization.AuxiliaryLossWeight > 0)
                LearnAlone(features, first, chunk, dFeatures, labels, weights, regularization, pass, gradients);
        }
        return loss;
    }

    /// <summary>
    /// Adds the gradients of the loss that a chunk would have if rows had nothing beside their steps, so that these are learned
    /// from even where what stands beside them says all.
    /// </summary>
    private void LearnAlone(FeatureRows features, int first, OutputRows chunk, float* dFeatures, ReadOnlySpan<float> labels,
        ReadOnlySpan<float> weights, in Regularization regularization, OutputPass pass, FloatBuffer gradients)
    {
        Span<float> counts = stackalloc float[chunk.Rows];
        TensorPrimitives.Multiply(weights.Slice(first, chunk.Rows), regularization.AuxiliaryLossWeight, counts);
        Dense.Forward(chunk.Rows, features[first], features.Stride, pass.Outputs.Data);
        head.Loss(chunk, labels.Slice(first * LabelSize, chunk.Rows * LabelSize), counts, regularization.LabelSmoothing);
        Dense.Backward(chunk.Rows, features[first], dFeatures + first * features.Stride, features.Stride, pass.Outputs.Data,
            gradients);
    }

    public override double Explain(ReadOnlySpan<float> outputs, int output, Span<float> gradient) =>
        head.Explain(outputs, output, gradient);

    protected override void Decide(OutputRows outputs, SequenceBatch batch, OutputPass pass, Span<float> decisions) =>
        head.Decide(outputs, decisions);

    protected override void Score(OutputRows outputs, SequenceBatch batch, OutputPass pass) => head.Predict(outputs);
}
