using SequenceModels.Heads;
using SequenceModels.Kernels;
using SequenceModels.Layers;
using SequenceModels.Parameters;
using SequenceModels.Sequences;

namespace SequenceModels.Networks;

/// <summary>
/// Sequences in, a score for each or for each of their steps out: an embedder of steps, a stack of recurrent layers,
/// pooling where a sequence has one output, and the output layer.
/// </summary>
internal sealed unsafe class EncoderNetwork : Network
{
    /// <summary>The largest table of precomputed input products, in floats (64 MB), that scoring makes by itself.</summary>
    private const long LargestPrecomputed = 1 << 24;

    private readonly StepEmbedder _embedder;
    private readonly RecurrentStack _stack;
    private readonly PoolingLayer? _pooling;
    private bool _inputIsPrecomputed, _precomputingBegun;
    private long _tokensScored;

    /// <summary>Builds the layers and gives their parameters places; takes no memory for values yet.</summary>
    /// <exception cref="ArgumentException">There is no such network.</exception>
    public EncoderNetwork(EncoderNetworkSpec spec, FrameTransform frames, LabelTransform labels) : base(frames, labels)
    {
        if (spec.Validate() is { } contradiction)
            throw new ArgumentException($"There is no such network: {contradiction}.", nameof(spec));
        Spec = spec;
        Parameters.Depth = spec.Encoder.NumberOfLayers + 1;
        _embedder = new StepEmbedder(Parameters, spec.Inputs, spec.Output.TiedEmbeddings);
        _stack = spec.Encoder.CreateStack(Parameters, _embedder);
        Parameters.Depth = 0;
        _pooling = spec.Output.EveryStep ? null
            : PoolingLayer.Create(spec.Output.Pooling, Parameters, spec.Encoder.Directions, spec.Encoder.HiddenSize);
        Output = HeadRegistry.CreateLayer(spec.Output, Parameters, spec.Encoder.HiddenSize,
            spec.Encoder.Directions * (_pooling?.Vectors ?? 1),
            spec.Output.TiedEmbeddings ? _embedder.Table : null, labels, _embedder.Size);
        Parameters.LayOut();
    }

    public override EncoderNetworkSpec Spec { get; }

    public override OutputLayer Output { get; }

    /// <summary>The recurrent layers, the lowest first.</summary>
    public IReadOnlyList<RecurrentLayer> Stack => _stack.Layers;

    /// <summary>Floats from one row of the top layer's states to the next.</summary>
    public int StateStride => _stack.Stride;

    /// <summary>Floats from one row of features to the next.</summary>
    public int FeatureStride => _pooling?.Stride ?? _stack.Stride;

    /// <summary>Floats that are kept of the states of a sequence that comes in parts, where these become one vector.</summary>
    public int PooledLength => _pooling?.KeptLength ?? 0;

    public override EncoderPass CreatePass() =>
        new(this, _embedder.CreatePass(), _stack.CreatePass(), _pooling?.CreatePass());

    public override CarriedStates CreateCarriedStates() => new(Spec.Encoder.NumberOfLayers);

    public override void Initialize(int seed, float embeddingDeviation = 1)
    {
        var random = RandomStream.For(seed, purpose: 0);
        _embedder.Initialize(ref random, embeddingDeviation);
        _stack.Initialize(ref random);
        _pooling?.Initialize(ref random);
        Output.Initialize(ref random);
    }

    public override Transposed[] PrepareTraining() =>
        [.. _embedder.PrepareTraining(), .. _stack.PrepareTraining(_embedder.Learns), .. Output.PrepareTraining()];

    /// <summary>
    /// Floats that <see cref="PrecomputeInput"/> takes: for every key, its product with the first layer's input weights.
    /// 0 where steps are not tokens alone.
    /// </summary>
    public long PrecomputedLength => Spec.Inputs.AreTokens ? (Spec.Inputs[0].Size + 1L) * _stack.PrecomputedWidth : 0;

    /// <summary>Whether <see cref="PrecomputeInput"/> has been called.</summary>
    public bool InputIsPrecomputed => Volatile.Read(ref _inputIsPrecomputed);

    /// <summary>
    /// Computes once what every key puts into the first layer. Scores stay the same; the weights must not change any more.
    /// </summary>
    public void PrecomputeInput()
    {
        _stack.PrecomputeInput(_embedder.ReadVocabulary());
        Volatile.Write(ref _inputIsPrecomputed, true);
    }

    /// <summary>
    /// Once as many tokens were scored as the vocabulary has, what every token puts into the first layer is computed for good:
    /// the work already done for single tokens has then cost as much, and every later token costs less. No score changes by it.
    /// </summary>
    public void CountTokens(int count)
    {
        if (Volatile.Read(ref _precomputingBegun) || Interlocked.Add(ref _tokensScored, count) < Spec.Inputs[0].Size ||
            Interlocked.Exchange(ref _precomputingBegun, true))
            return;
        if (PrecomputedLength is > 0 and <= LargestPrecomputed)
            PrecomputeInput();
    }

    /// <summary>
    /// As <see cref="Network.Predict"/>, but only the last of the M rows, which comes first in Outputs. Not of networks with a
    /// CRF.
    /// </summary>
    public void PredictLast(EncoderPass pass)
    {
        FeatureRows features = ReadFeatures(pass);
        Output.Predict(features with { Count = 1, Data = (nint)features[features.Count - 1] }, pass.Output, []);
    }

    public override FeatureRows ReadFeatures(NetworkPass pass)
    {
        var own = (EncoderPass)pass;
        Forward(own, _embedder.Read(own.Input, own.Batch, InputIsPrecomputed), Regularization.None, training: false);
        return FeaturesOf(own);
    }

    public override double Learn(NetworkPass pass, in Regularization regularization, FloatBuffer gradients,
        EmbeddingGradients[] tables)
    {
        var own = (EncoderPass)pass;
        _embedder.MaskTokens(own.Batch, regularization.Words);
        regularization.Frames.Apply(own.Batch);
        RecurrentInput input = _embedder.ReadToLearn(own.Input, own.Batch, regularization.Values.Drops, tables);
        if (_embedder.Drops)
            own.DropSteps(regularization.Values, input.Vectors, (int)input.Stride);
        Forward(own, input, regularization, training: true);
        own.ReserveGradients();
        own.FeatureGradient.Clear((long)own.OutputRows * FeatureStride);
        WorkClock.Begin(WorkKind.Loss);
        double loss = Output.Learn(FeaturesOf(own), own.FeatureGradient.Data, own.Targets.Labels, own.Targets.Weights,
            regularization, own.Output, gradients, tables);
        WorkClock.End();
        Backward(own, input, regularization, gradients, tables);
        return loss;
    }

    /// <summary>The vectors that enter at the batch's steps, or its tokens where these are one-hot.</summary>
    public RecurrentInput ReadSteps(EncoderPass pass) => _embedder.Read(pass.Input, pass.Batch, isPrecomputed: false);

    private FeatureRows FeaturesOf(EncoderPass own) => new(own.Batch, own.OutputRows, (nint)own.Features.Data, FeatureStride);

    /// <summary>From the batch to its Features [M, D].</summary>
    private void Forward(EncoderPass own, RecurrentInput input, in Regularization regularization, bool training)
    {
        FloatBuffer states =
            _stack.Forward(own.Stack, own.Batch, input, regularization, training, dropsOutput: Spec.Output.EveryStep);
        (own.Features, own.States) = (states, states);
        if (_pooling is null)
            return;
        own.Features = own.Pooled;
        own.Pooled.Reserve((long)own.Batch.Count * FeatureStride);
        _pooling.Forward(own.Pooling!, own.Batch, states.Data, own.Pooled.Data);
        own.DropPooled(regularization.Values, own.Pooled);
    }

    /// <summary>From dLoss/dFeatures to the gradients of all parameters.</summary>
    private void Backward(EncoderPass own, RecurrentInput input, in Regularization regularization, FloatBuffer gradients,
        EmbeddingGradients[] tables)
    {
        if (_pooling is not null)
        {
            own.DropPooled(regularization.Values, own.PooledGradient);
            _pooling.Backward(own.Pooling!, own.Batch, own.States.Data, own.PooledGradient.Data, own.Stack.OutputGradient,
                gradients);
        }
        for (int d = 0; _embedder.IsOneHot && d < own.Stack.Directions[0].Length; d++)
            own.Stack.Directions[0][d].GatheredGradient = tables[0].Vectors[d];
        FloatBuffer? dInput = _embedder.VectorGradients(own.Input, tables);
        _stack.Backward(own.Stack, own.Batch, input, regularization, gradients, dInput, dropsOutput: Spec.Output.EveryStep);
        if (dInput is null)
            return;
        own.DropSteps(regularization.Values, dInput.Data, (int)input.Stride);
        _embedder.Backward(own.Input, own.Batch, gradients, tables);
        if (Spec.Output.TiedEmbeddings)
            _embedder.AddTiedGradients(tables, gradients);
    }

    public override EmbeddingGradients[] CreateEmbeddingGradients() =>
    [
        .. _embedder.IsOneHot ? [_stack.CreateInputGradients(Spec.Inputs[0].Size)] : _embedder.CreateGradients(),
        .. Output.CreateGradients(),
    ];
}
