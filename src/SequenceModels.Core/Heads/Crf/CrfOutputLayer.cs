using SequenceModels.Kernels;
using SequenceModels.Layers;
using SequenceModels.Parameters;
using SequenceModels.Sequences;

namespace SequenceModels.Heads;

/// <summary>
/// A linear-chain conditional random field: the outputs e [T, K] of a sequence's steps are scores of its tags, and learned scores
/// of neighbours join them. Of all K^T tag sequences y, p(y) is proportional to e^s(y) with
/// s(y) = start[y_1] + sum_t e_t[y_t] + sum_t transitions[y_t-1, y_t] + end[y_T].
/// </summary>
/// <remarks>
/// <para>
/// The loss of a sequence is -log p(labels) = log Z - s(labels), times the weight that each of its steps has (they have the same
/// one, or 0 where the label is not known: then log of the sum of e^s over all sequences with the known labels stands in place of
/// s(labels); Tsuboi et al., COLING 2008). Its weight in a batch is, as for any labels of steps, that times T: a batch's mean
/// is the loss per step,
/// and without transitions it is that of a softmax at each step. The scores are the marginals p(y_t = k), the decision is the
/// likeliest sequence as a whole.
/// </para>
/// <para>
/// Lafferty, McCallum and Pereira, ICML 2001; Sutton and McCallum, "An Introduction to Conditional Random Fields",
/// Foundations and Trends in Machine Learning 4, 2012, section 4.1; on top of an LSTM: Lample et al., "Neural Architectures for
/// Named Entity Recognition", NAACL 2016, section 2.2.
/// </para>
/// </remarks>
internal sealed unsafe class CrfOutputLayer : OutputLayer
{
    /// <summary>K² transitions are kept and summed over at every step: beyond this neither memory nor time suffices.</summary>
    public const int MostTags = 4096;

    private readonly ParameterSet _parameters;
    private readonly Parameter _transitions, _start, _end;
    private readonly CrfConstraints? _constraints;
    private readonly int _tags;

    /// <param name="parameters">Gets the layer's own: all 0 at first, when steps are decided each by itself.</param>
    /// <param name="dense">From features to the steps' scores.</param>
    /// <param name="tags">K.</param>
    /// <param name="constraints">What may stand beside what; null: anything.</param>
    public CrfOutputLayer(ParameterSet parameters, IDense dense, int tags, CrfConstraints? constraints)
        : base(dense, tags, labelSize: 1)
    {
        (_parameters, _tags, _constraints) = (parameters, tags, constraints);
        // One panel: rows of the matrix lie one after the other.
        int width = Rows.Padded(tags);
        _transitions = parameters.Add(new Parameter("crf.transitions", tags, 1, tags, width)); // [from, to]
        _start = parameters.Add(new Parameter("crf.start", 1, 1, tags, width));
        _end = parameters.Add(new Parameter("crf.end", 1, 1, tags, width));
    }

    public override int NumberOfClasses => _tags;

    public override string Describe() => Invariant($"{_tags:N0} classes, a CRF");

    /// <summary>The loss is of tag sequences, not of the steps' probabilities: there is no log loss.</summary>
    public override ValidationMetrics Metrics(in MeasuredOutputs measured) =>
        new() { Loss = measured.MeanLoss, Accuracy = measured.Accuracy };

    public override float[] PriorBias(double[] counts, double total) =>
        throw new NotSupportedException("The tags of a sequence depend on each other: how often each is right says little.");

    public override OutputPass CreatePass() => new CrfPass();

    public override double Evaluate(FeatureRows features, ReadOnlySpan<float> labels, ReadOnlySpan<float> weights,
        OutputPass pass,
        Span<float> decisions)
    {
        OutputRows outputs = Outputs(features, 0, features.Count, pass);
        Decide(outputs, features.Batch, pass, decisions);
        CrfPass memory = Prepared(pass);
        memory.Lattice.Forward(memory.Scores, outputs, features.Batch);
        return Loss(memory, outputs, features.Batch, labels, weights);
    }

    public override void Losses(FeatureRows features, ReadOnlySpan<float> labels, OutputPass pass, Span<double> losses) =>
        throw new NotSupportedException("The tags of a sequence have one loss together.");

    public override double Learn(FeatureRows features, float* dFeatures, ReadOnlySpan<float> labels, ReadOnlySpan<float> weights,
        in Regularization regularization, OutputPass pass, FloatBuffer gradients, EmbeddingGradients[] tables)
    {
        if (regularization.LabelSmoothing > 0)
            throw new NotSupportedException("A CRF's labels are not smoothed.");
        SequenceBatch batch = features.Batch;
        CrfPass memory = Prepared(pass);
        OutputRows outputs = Outputs(features, 0, features.Count, pass);
        memory.Lattice.Forward(memory.Scores, outputs, batch);
        double loss = Loss(memory, outputs, batch, labels, weights);
        memory.Lattice.Backward(memory.Labelled.Weights, memory.Counts);
        for (int k = 0; k < batch.Count && batch.Length(k) > 0; k++)
            if (memory.Labelled.IsWhole(k))
            {
                memory.Counts.Discount(labels, batch, k, memory.Labelled.Weights[k]);
                WriteGradient(memory.Lattice, outputs, labels, batch, k, memory.Labelled.Weights[k]);
            }
            else
                WritePartialGradient(memory, outputs, labels, weights, batch, k);
        memory.Counts.AddTransitionsTo(_transitions.In(gradients), _transitions.PhysicalColumns);
        CrfCounts.AddTo(_start.In(gradients), memory.Counts.Starts);
        CrfCounts.AddTo(_end.In(gradients), memory.Counts.Ends);
        Dense.Backward(features.Count, features[0], dFeatures, features.Stride, pass.Outputs.Data, gradients);
        return loss;
    }

    public override double Explain(ReadOnlySpan<float> outputs, int output, Span<float> gradient) =>
        throw new NotSupportedException("The tags of a sequence have one score together.");

    protected override void Decide(OutputRows outputs, SequenceBatch batch, OutputPass pass, Span<float> decisions)
    {
        CrfPass memory = Prepared(pass);
        memory.Paths.Find(memory.Scores, outputs, batch, decisions);
    }

    protected override void Score(OutputRows outputs, SequenceBatch batch, OutputPass pass)
    {
        CrfPass memory = Prepared(pass);
        memory.Lattice.Forward(memory.Scores, outputs, batch);
        memory.Lattice.Backward([], counts: null);
        for (int row = 0; row < batch.Rows; row++)
            Write(memory.Lattice.Marginals(row), 1, outputs[row]);
    }

    private CrfPass Prepared(OutputPass pass)
    {
        var memory = (CrfPass)pass;
        memory.Scores.Prepare(_tags, _transitions.In(_parameters.Values), _transitions.PhysicalColumns,
            _start.In(_parameters.Values), _end.In(_parameters.Values), _constraints);
        return memory;
    }

    /// <summary>The weighted sum of losses.</summary>
    private static double Loss(CrfPass memory, OutputRows outputs, SequenceBatch batch, ReadOnlySpan<float> labels,
        ReadOnlySpan<float> weights)
    {
        double loss = 0;
        memory.Labelled.Read(batch, weights);
        for (int k = 0; k < batch.Count && batch.Length(k) > 0; k++)
            if (memory.Labelled.Weights[k] > 0)
                loss += memory.Labelled.Weights[k] * (memory.Lattice.LogPartition(k) - (memory.Labelled.IsWhole(k)
                    ? memory.Scores.ScoreOf(outputs, labels, batch, k)
                    : memory.Lattice.KnownForward(labels, weights, k)));
        return loss;
    }

    /// <summary>
    /// dLoss/dOutput of a step is weight · (marginals - marginals of the sequences with the known tags).
    /// </summary>
    private static void WritePartialGradient(CrfPass memory, OutputRows outputs, ReadOnlySpan<float> labels,
        ReadOnlySpan<float> weights, SequenceBatch batch, int k)
    {
        float weight = memory.Labelled.Weights[k];
        memory.Lattice.DiscountKnown(labels, weights, k, weight, memory.Counts);
        for (int t = 0; t < batch.Length(k); t++)
        {
            int row = batch.Offset(t) + k;
            ReadOnlySpan<double> marginals = memory.Lattice.Marginals(row), known = memory.Lattice.KnownMarginals(t);
            for (int tag = 0; tag < marginals.Length; tag++)
                outputs[row][tag] = (float)(weight * (marginals[tag] - known[tag]));
        }
    }

    /// <summary>dLoss/dOutput of a step is weight · (marginals - 1 at the label).</summary>
    private static void WriteGradient(CrfLattice lattice, OutputRows outputs, ReadOnlySpan<float> labels,
        SequenceBatch batch, int k,
        float weight)
    {
        for (int t = 0; t < batch.Length(k); t++)
        {
            int row = batch.Offset(t) + k, label = (int)labels[row];
            Write(lattice.Marginals(row), weight, outputs[row]);
            outputs[row][label] = (float)(weight * (lattice.Marginals(row)[label] - 1));
        }
        // What stands beyond K is zero since the dense layer wrote it.
    }

    private static void Write(ReadOnlySpan<double> marginals, double factor, float* row)
    {
        for (int tag = 0; tag < marginals.Length; tag++)
            row[tag] = (float)(factor * marginals[tag]);
    }

    private sealed class CrfPass : OutputPass
    {
        public CrfScores Scores { get; } = new();

        public CrfLattice Lattice { get; } = new();

        public CrfCounts Counts { get; } = new();

        public LikeliestPaths Paths { get; } = new();

        public LabelledSteps Labelled { get; } = new();
    }
}
