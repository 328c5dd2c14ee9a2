using SequenceModels.Kernels;
using SequenceModels.Layers;

namespace SequenceModels.Heads;

/// <summary>The end of a network: a dense layer from features to outputs, and the head that says what these mean.</summary>
internal sealed unsafe class OutputLayer(IDense dense, IHead head, int outputs)
{
    /// <summary>Rows whose outputs still lie in the second-level cache when they become gradients and these are multiplied.</summary>
    private const int ChunkRows = 128;

    public IDense Dense => dense;

    /// <summary>L: numbers in the label of a row.</summary>
    public int LabelSize { get; } = head.LabelSize(outputs);

    /// <summary>Floats from one row of scores to the next.</summary>
    public int Stride => dense.Stride;

    /// <summary>scores [rows, K] of features [rows, D].</summary>
    public void Predict(int rows, float* features, nint featureStride, FloatBuffer scores)
    {
        scores.Reserve((long)rows * Stride);
        dense.Forward(rows, features, featureStride, scores.Data);
        head.Predict(new OutputRows((nint)scores.Data, rows, outputs, Stride));
    }

    /// <summary>The weighted sum of losses, and what each row comes down to; nothing is learned.</summary>
    /// <param name="rows">M.</param>
    /// <param name="features">[M, D].</param>
    /// <param name="featureStride">Floats from one row of features to the next.</param>
    /// <param name="labels">[M, L].</param>
    /// <param name="weights">[M] what each row's loss counts.</param>
    /// <param name="scratch">Becomes as large as a chunk of outputs.</param>
    /// <param name="decisions">[M] written.</param>
    public double Evaluate(int rows, float* features, nint featureStride, ReadOnlySpan<float> labels, ReadOnlySpan<float> weights,
        FloatBuffer scratch, Span<float> decisions)
    {
        scratch.Reserve((long)Math.Min(rows, ChunkRows) * Stride);
        double loss = 0;
        for (int first = 0; first < rows; first += ChunkRows)
        {
            int count = Math.Min(ChunkRows, rows - first);
            dense.Forward(count, features + first * featureStride, featureStride, scratch.Data);
            var chunk = new OutputRows((nint)scratch.Data, count, outputs, Stride);
            head.Decide(chunk, decisions.Slice(first, count));
            loss += head.Loss(chunk, labels.Slice(first * LabelSize, count * LabelSize), weights.Slice(first, count), smoothing: 0);
        }
        return loss;
    }

    /// <summary>The loss of each row on its own; nothing is learned.</summary>
    /// <param name="rows">M.</param>
    /// <param name="features">[M, D].</param>
    /// <param name="featureStride">Floats from one row of features to the next.</param>
    /// <param name="labels">[M, L].</param>
    /// <param name="scratch">Becomes as large as a chunk of outputs.</param>
    /// <param name="losses">[M] written.</param>
    public void Losses(int rows, float* features, nint featureStride, ReadOnlySpan<float> labels, FloatBuffer scratch, Span<double> losses)
    {
        scratch.Reserve((long)Math.Min(rows, ChunkRows) * Stride);
        for (int first = 0; first < rows; first += ChunkRows)
        {
            int count = Math.Min(ChunkRows, rows - first);
            dense.Forward(count, features + first * featureStride, featureStride, scratch.Data);
            for (int row = 0; row < count; row++)
                losses[first + row] = head.Loss(new OutputRows((nint)(scratch.Data + (long)row * Stride), 1, outputs, Stride),
                    labels.Slice((first + row) * LabelSize, LabelSize), [1f], smoothing: 0);
        }
    }

    /// <summary>The weighted sum of losses, added to the gradients of the layer's weights and of the features.</summary>
    /// <param name="rows">M.</param>
    /// <param name="features">[M, D].</param>
    /// <param name="dFeatures">[M, D] added to; same stride.</param>
    /// <param name="featureStride">Floats from one row of features to the next.</param>
    /// <param name="labels">[M, L].</param>
    /// <param name="weights">[M] what each row's loss counts.</param>
    /// <param name="smoothing">Of the labels.</param>
    /// <param name="scratch">Becomes as large as a chunk of outputs.</param>
    /// <param name="gradients">Added to.</param>
    public double Learn(int rows, float* features, float* dFeatures, nint featureStride, ReadOnlySpan<float> labels,
        ReadOnlySpan<float> weights, float smoothing, FloatBuffer scratch, FloatBuffer gradients)
    {
        scratch.Reserve((long)Math.Min(rows, ChunkRows) * Stride);
        double loss = 0;
        for (int first = 0; first < rows; first += ChunkRows)
        {
            int count = Math.Min(ChunkRows, rows - first);
            float* from = features + first * featureStride;
            dense.Forward(count, from, featureStride, scratch.Data);
            loss += head.Loss(new OutputRows((nint)scratch.Data, count, outputs, Stride), labels.Slice(first * LabelSize, count * LabelSize),
                weights.Slice(first, count), smoothing);
            dense.Backward(count, from, dFeatures + first * featureStride, featureStride, scratch.Data, gradients);
        }
        return loss;
    }
}
