using SequenceModels.Cells;
using SequenceModels.Heads;
using SequenceModels.Kernels;
using SequenceModels.Layers;
using SequenceModels.Parameters;
using SequenceModels.Sequences;

namespace SequenceModels.Networks;

/// <summary>The layers of a network in their order, and the way of one batch through them, forward and back.</summary>
internal sealed unsafe class Network
{
    private readonly StepEmbedder _embedder;
    private readonly RecurrentStack _stack;
    private readonly OutputLayer _output;
    private bool _inputIsPrecomputed;

    /// <summary>Builds the layers and gives their parameters places; takes no memory for values yet.</summary>
    public Network(NetworkSpec spec, FrameTransform frames, LabelTransform labels)
    {
        Spec = spec;
        Frames = frames;
        Labels = labels;
        if (spec.Contradiction() is { } contradiction)
            throw new ArgumentException($"There is no such network: {contradiction}.", nameof(spec));
        RecurrentCell cell = RecurrentCells.Find(spec.Cell)
            ?? throw new ArgumentException($"There is no recurrent cell '{spec.Cell}'.", nameof(spec));
        _embedder = spec.ReadsOneHot ? new StepEmbedder(spec.InputSize) : new StepEmbedder(Parameters, spec.AllFeatures(), spec.TiedEmbeddings);
        _stack = new RecurrentStack(Parameters, cell,
            new StackShape(_embedder.Size, spec.HiddenSize, spec.NumberOfLayers, spec.Bidirectional, _embedder.IsOneHot), layer => Invariant($"layer{layer}"));
        int directions = spec.Bidirectional ? 2 : 1;
        IDense dense = spec.TiedEmbeddings ? new TiedDense(Parameters, _embedder.Table)
            : new Dense(Parameters, directions * spec.HiddenSize, directions, spec.NumberOfOutputs);
        _output = HeadRegistry.CreateLayer(spec.Head, Parameters, dense, spec.NumberOfOutputs, labels, spec.Quantiles, spec.Constraints);
        Parameters.LayOut();
    }

    public NetworkSpec Spec { get; }

    public FrameTransform Frames { get; }

    public LabelTransform Labels { get; }

    public ParameterSet Parameters { get; } = new();

    /// <summary>Floats from one output row to the next.</summary>
    public int OutputStride => _output.Stride;

    /// <summary>L: numbers in the label of a row of outputs.</summary>
    public int LabelSize => _output.LabelSize;

    /// <summary>What the outputs mean.</summary>
    public OutputLayer Output => _output;

    /// <summary>The recurrent layers, the lowest first.</summary>
    public IReadOnlyList<RecurrentLayer> Stack => _stack.Layers;

    /// <summary>A network of the same shape and weights, without what only training needs.</summary>
    public Network Copy()
    {
        var copy = new Network(Spec, Frames, Labels);
        copy.Parameters.Allocate();
        Parameters.Values.Span.CopyTo(copy.Parameters.Values.Span);
        return copy;
    }

    public NetworkPass CreatePass() => new(this, _embedder.CreatePass(), _stack, _output.CreatePass());

    /// <summary>Draws the first weights.</summary>
    public void Initialize(int seed)
    {
        var random = RandomStream.For(seed, purpose: 0);
        _embedder.Initialize(ref random);
        _stack.Initialize(ref random);
        _output.Initialize(ref random);
    }

    /// <summary>Makes the network able to go <see cref="Backward"/>; returns the transposes to refresh before each batch.</summary>
    public Transposed[] PrepareTraining() =>
        [.. _embedder.PrepareTraining(), .. _stack.PrepareTraining(_embedder.Learns), .. _output.PrepareTraining()];

    /// <summary>
    /// Floats that <see cref="PrecomputeInput"/> takes: for every key, its product with the first layer's input weights. 0 where the input is
    /// frames, or steps have further features.
    /// </summary>
    public long PrecomputedLength => Spec.Input == SequenceInput.Frames || Spec.Features.Count > 0 ? 0
        : Stack[0].Directions.Sum(d => (Spec.InputSize + 1L) * d.Input.Weight.PhysicalColumns);

    /// <summary>Whether <see cref="PrecomputeInput"/> has been called.</summary>
    public bool InputIsPrecomputed => Volatile.Read(ref _inputIsPrecomputed);

    /// <summary>Computes once what every key puts into the first layer. Scores stay the same; the weights must not change any more.</summary>
    public void PrecomputeInput()
    {
        foreach (Recurrent direction in Stack[0].Directions)
            direction.Input.Precompute(_embedder.ReadVocabulary());
        Volatile.Write(ref _inputIsPrecomputed, true);
    }

    /// <summary>From the workspace's batch to its Outputs: the scores [M, K], a row for each sequence or, where asked for, each step.</summary>
    /// <param name="w">Has the batch.</param>
    /// <param name="decisions">
    /// [M] becomes what each row of outputs comes down to: the class, the logit or the value; of a CRF the tags of the likeliest sequence,
    /// which the scores of each step by itself do not tell. Empty: not asked for.
    /// </param>
    public void Predict(NetworkPass w, Span<float> decisions = default)
    {
        Forward(w, _embedder.Read(w.Input, w.Batch, InputIsPrecomputed), Regularization.None, training: false);
        _output.Predict(FeaturesOf(w), w.Output, decisions);
    }

    /// <summary>As <see cref="Predict"/>, but only the last of the M rows, which comes first in Outputs. Not of networks with a CRF.</summary>
    public void PredictLast(NetworkPass w)
    {
        Forward(w, _embedder.Read(w.Input, w.Batch, InputIsPrecomputed), Regularization.None, training: false);
        FeatureRows features = FeaturesOf(w);
        _output.Predict(features with { Count = 1, Data = (nint)features[features.Count - 1] }, w.Output, []);
    }

    /// <summary>The loss of each of the M rows of outputs by its label, as the network would predict it.</summary>
    /// <param name="w">Has the batch and its labels.</param>
    /// <param name="losses">[M] written.</param>
    public void Losses(NetworkPass w, Span<double> losses)
    {
        Forward(w, _embedder.Read(w.Input, w.Batch, InputIsPrecomputed), Regularization.None, training: false);
        _output.Losses(FeaturesOf(w), w.Targets.Labels, w.Output, losses);
    }

    /// <summary>The weighted sum of the losses of the workspace's batch by its labels, as they are without anything that only training adds.</summary>
    /// <param name="w">Has the batch, its labels and their weights.</param>
    /// <param name="decisions">[M] becomes what each row of outputs comes down to.</param>
    public double Evaluate(NetworkPass w, Span<float> decisions)
    {
        Forward(w, _embedder.Read(w.Input, w.Batch, InputIsPrecomputed), Regularization.None, training: false);
        return _output.Evaluate(FeaturesOf(w), w.Targets.Labels, w.Targets.Weights, w.Output, decisions);
    }

    /// <summary>
    /// The loss of the workspace's batch by its labels and their weights, and the gradients of all parameters but the tables,
    /// which are added to.
    /// </summary>
    /// <param name="w">Has the batch, its labels and their weights.</param>
    /// <param name="regularization">Of this update.</param>
    /// <param name="gradients">Of all parameters but the tables; added to.</param>
    /// <param name="tables">As <see cref="CreateEmbeddingGradients"/> made them: become what the tables' gradients are summed from.</param>
    public double Learn(NetworkPass w, in Regularization regularization, FloatBuffer gradients, EmbeddingGradients[] tables)
    {
        Dropout dropout = regularization.Values;
        DropWords(regularization.Words, w.Batch);
        RecurrentInput input = _embedder.ReadToLearn(w.Input, w.Batch, dropout.Drops, tables);
        if (_embedder.Drops)
            Drop(w, dropout, input.Vectors, (int)input.Stride, place: 0);
        Forward(w, input, regularization, training: true);
        int rows = OutputRowsOf(w.Batch);
        w.ReserveGradients();
        w.FeatureGradient.Clear((long)rows * FeatureStride);
        double loss = _output.Learn(FeaturesOf(w), w.FeatureGradient.Data, w.Targets.Labels, w.Targets.Weights,
            regularization.LabelSmoothing, w.Output, gradients);
        Backward(w, input, regularization, gradients, tables);
        return loss;
    }

    /// <summary>M: rows of outputs that a batch has.</summary>
    public int OutputRowsOf(SequenceBatch batch) => Spec.EveryStep ? batch.Rows : batch.Count;

    private FeatureRows FeaturesOf(NetworkPass w) => new(w.Batch, OutputRowsOf(w.Batch), (nint)w.Features.Data, FeatureStride);

    /// <summary>From the workspace's batch to its Features [M, D].</summary>
    private void Forward(NetworkPass w, RecurrentInput input, in Regularization regularization, bool training)
    {
        FloatBuffer states = _stack.Forward(w.Stack, w.Batch, input, regularization, training, dropsOutput: Spec.EveryStep);
        w.Features = states;
        if (Spec.EveryStep)
            return;
        w.Features = w.Pooled;
        w.Pooled.Reserve((long)w.Batch.Count * FeatureStride);
        w.PoolingLayer.Forward(w.Batch, states.Data, w.Pooled.Data);
        DropPooled(w, regularization.Values, w.Pooled.Data);
    }

    /// <summary>From dLoss/dFeatures to the gradients of all parameters.</summary>
    private void Backward(NetworkPass w, RecurrentInput input, in Regularization regularization, FloatBuffer gradients, EmbeddingGradients[] tables)
    {
        Dropout dropout = regularization.Values;
        if (!Spec.EveryStep)
        {
            DropPooled(w, dropout, w.PooledGradient.Data);
            w.PoolingLayer.Backward(w.Batch, w.PooledGradient.Data, w.Stack.OutputGradient);
        }
        for (int d = 0; _embedder.IsOneHot && d < w.Stack.Directions[0].Length; d++)
            w.Stack.Directions[0][d].GatheredGradient = tables[0].Vectors[d];
        FloatBuffer? dInput = _embedder.VectorGradients(w.Input, tables);
        _stack.Backward(w.Stack, w.Batch, input, regularization, gradients, dInput, dropsOutput: Spec.EveryStep);
        if (dInput is null)
            return;
        Drop(w, dropout, dInput.Data, (int)input.Stride, place: 0);
        _embedder.Backward(w.Input, w.Batch, gradients, tables);
        if (Spec.TiedEmbeddings)
            _embedder.AddTiedGradients(tables, gradients);
    }

    /// <summary>Takes what a shard's batch leaves for the tables whose rows tokens pick, in the tables' order.</summary>
    public EmbeddingGradients[] CreateEmbeddingGradients() => _embedder.IsOneHot
        ? [new([.. Stack[0].Directions.Select(direction => direction.Input.Weight)], Spec.InputSize, hasUnknownRow: false)]
        : [.. _embedder.CreateGradients()];

    /// <summary>Floats from one row of features to the next.</summary>
    public int FeatureStride => _stack.Stride;

    /// <summary>Dropout on the values of every step [rows, width].</summary>
    private static void Drop(NetworkPass w, Dropout dropout, float* rows, int width, int place)
    {
        w.Mask.Draw(dropout, place, w.Batch, width);
        w.Mask.ApplyToSteps(w.Batch, rows);
    }

    /// <summary>Dropout on the pooled vectors [B, D].</summary>
    private void DropPooled(NetworkPass w, Dropout dropout, float* pooled)
    {
        w.Mask.Draw(dropout, 1 + Stack.Count, w.Batch, FeatureStride);
        w.Mask.Apply(pooled, w.Batch.Count, pooled);
    }

    private void DropWords(Dropout words, SequenceBatch batch)
    {
        if (!words.Drops || Spec.Input == SequenceInput.Frames)
            return;
        for (int t = 0; t < batch.Steps; t++)
            for (int k = 0; k < batch.Alive(t); k++)
                if (words.DropsToken(batch.Number(k), t))
                    batch.MaskToken(t, k);
    }
}
