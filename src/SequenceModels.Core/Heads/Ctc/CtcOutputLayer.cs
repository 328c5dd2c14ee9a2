using System.Numerics.Tensors;
using SequenceModels.Kernels;
using SequenceModels.Layers;
using SequenceModels.Sequences;

namespace SequenceModels.Heads;

/// <summary>
/// Connectionist temporal classification: each step's outputs are probabilities of the V tokens and of none of them, the blank;
/// the tokens of a sequence are what is left where of equal neighbours all but one, and then all blanks are taken away. The loss
/// is -log of the sum over all ways in which the steps may spell the label: nobody has to know which steps say what.
/// </summary>
/// <remarks>
/// <para>
/// The labels of a batch [M] are, at the first steps of each sequence, its tokens, each by its key, which is its output too;
/// then NaN. The loss of a sequence counts what its first step does. Where that is 0, as it is of a sequence that has too few
/// steps for its label, nothing is learned of it. Its weight in a batch is that times its tokens, so that a batch's mean is the
/// loss of a token; an empty label counts as one.
/// </para>
/// <para>Graves, Fernández, Gomez and Schmidhuber, ICML 2006.</para>
/// </remarks>
internal sealed unsafe class CtcOutputLayer(IDense dense, int outputs) : OutputLayer(dense, outputs, labelSize: 1)
{
    /// <summary>The output of no token; those of tokens are their keys.</summary>
    public const int Blank = 0;

    public override int NumberOfClasses => 0;

    public override string Describe() => Invariant($"{NumberOfOutputs - 1:N0} tokens and the blank, by CTC");

    public override ValidationMetrics Metrics(in MeasuredOutputs measured) => new() { Loss = measured.MeanLoss };

    public override float[] PriorBias(double[] counts, double total) =>
        throw new NotSupportedException("Nobody knows how often each token is said at a step.");

    public override OutputPass CreatePass() => new CtcPass();

    public override double Evaluate(FeatureRows features, ReadOnlySpan<float> labels, ReadOnlySpan<float> weights,
        OutputPass pass, Span<float> decisions)
    {
        OutputRows outputs = Outputs(features, 0, features.Count, pass);
        Decide(outputs, features.Batch, pass, decisions);
        double loss = 0;
        CtcLattice lattice = ((CtcPass)pass).Lattice;
        for (int k = 0; k < features.Batch.Count; k++)
            if (WeightOf(features.Batch, k, weights) is > 0 and float weight)
                loss -= weight * Forward(lattice, outputs, features.Batch, k, labels, factor: 1);
        return loss;
    }

    public override void Losses(FeatureRows features, ReadOnlySpan<float> labels, OutputPass pass, Span<double> losses) =>
        throw new NotSupportedException("The tokens of a sequence have one loss together.");

    public override double Learn(FeatureRows features, float* dFeatures, ReadOnlySpan<float> labels, ReadOnlySpan<float> weights,
        in Regularization regularization, OutputPass pass, FloatBuffer gradients, EmbeddingGradients[] tables)
    {
        SequenceBatch batch = features.Batch;
        OutputRows outputs = Outputs(features, 0, features.Count, pass);
        CtcLattice lattice = ((CtcPass)pass).Lattice;
        double loss = 0;
        for (int k = 0; k < batch.Count; k++)
        {
            float weight = WeightOf(batch, k, weights);
            if (weight > 0)
            {
                loss -= weight * Forward(lattice, outputs, batch, k, labels, weight);
                lattice.Backward();
            }
            for (int t = 0; t < batch.Length(k); t++)
            {
                Span<float> row = new(outputs[batch.Offset(t) + k], outputs.Count);
                if (weight > 0)
                    lattice.Discount(t, weight, row);
                else
                    row.Clear();
            }
        }
        Dense.Backward(features.Count, features[0], dFeatures, features.Stride, pass.Outputs.Data, gradients);
        return loss;
    }

    public override double Explain(ReadOnlySpan<float> outputs, int output, Span<float> gradient) =>
        throw new NotSupportedException("The tokens of a sequence have one score together.");

    /// <summary>The likeliest output of each step.</summary>
    protected override void Decide(OutputRows outputs, SequenceBatch batch, OutputPass pass, Span<float> decisions)
    {
        for (int row = 0; row < outputs.Rows; row++)
            decisions[row] = TensorPrimitives.IndexOfMax(new ReadOnlySpan<float>(outputs[row], outputs.Count));
    }

    protected override void Score(OutputRows outputs, SequenceBatch batch, OutputPass pass)
    {
        for (int row = 0; row < outputs.Rows; row++)
            Softmax.Scaled(outputs[row], outputs.Count, outputs.Stride, factor: 1);
    }

    /// <summary>log p of a sequence's label; its outputs become their probabilities, times a factor.</summary>
    private static double Forward(CtcLattice lattice, OutputRows outputs, SequenceBatch batch, int k, ReadOnlySpan<float> labels,
        float factor)
    {
        Span<float> label = stackalloc float[Math.Min(batch.Length(k), 1024)];
        int length = 0;
        while (length < batch.Length(k) && !float.IsNaN(labels[batch.Offset(length) + k]))
            length++;
        if (length > label.Length)
            label = new float[length];
        for (int i = 0; i < length; i++)
            label[i] = labels[batch.Offset(i) + k];
        lattice.Begin(label[..length], batch.Length(k));
        for (int t = 0; t < batch.Length(k); t++)
        {
            float* row = outputs[batch.Offset(t) + k];
            lattice.SetOutputs(t, new ReadOnlySpan<float>(row, outputs.Count));
            lattice.Normalize(t, Softmax.Scaled(row, outputs.Count, outputs.Stride, factor));
        }
        return lattice.Forward();
    }

    /// <summary>What the loss of a batch's k-th longest sequence counts.</summary>
    private static float WeightOf(SequenceBatch batch, int k, ReadOnlySpan<float> weights) =>
        batch.Length(k) == 0 ? 0 : weights[batch.Offset(0) + k];

    private sealed class CtcPass : OutputPass
    {
        public CtcLattice Lattice { get; } = new();
    }
}
