using SequenceModels.Heads;
using SequenceModels.Kernels;
using SequenceModels.Layers;
using SequenceModels.Parameters;
using SequenceModels.Sequences;

namespace SequenceModels.Networks;

/// <summary>
/// A sequence in, another one out, of another length: an encoder of recurrent layers, a bridge from its last states to the first
/// ones of a decoder, and attention from each step of the decoder to all of the encoder's.
/// </summary>
/// <remarks>
/// Sutskever, Vinyals and Le, "Sequence to Sequence Learning with Neural Networks", NIPS 2014; attention: Luong,
/// Pham and Manning, EMNLP 2015.
/// </remarks>
internal sealed unsafe class TranslationNetwork : Network
{
    private readonly StepEmbedder _embedder;
    private readonly RecurrentStack _stack;
    private readonly LastPooling _last;
    private readonly int _sourceTables;

    /// <summary>Builds the layers and gives their parameters places; takes no memory for values yet.</summary>
    /// <exception cref="ArgumentException">There is no such network.</exception>
    public TranslationNetwork(TranslationSpec spec, FrameTransform frames, LabelTransform labels) : base(frames, labels)
    {
        if (spec.Validate() is { } contradiction)
            throw new ArgumentException($"There is no such network: {contradiction}.", nameof(spec));
        Spec = spec;
        int above = spec.Decoder.NumberOfLayers + 1;
        Parameters.Depth = above + spec.Encoder.NumberOfLayers;
        _embedder = new StepEmbedder(Parameters, spec.Inputs);
        _stack = spec.Encoder.CreateStack(Parameters, _embedder, depth: above);
        Decoder = new Decoder(Parameters, spec.ShapeOfDecoder());
        Parameters.Depth = 0;
        _last = new LastPooling(spec.Encoder.Directions, _stack.Stride);
        Output = HeadRegistry.CreateLayer(spec.Output, Parameters, spec.ShapeOfDecoder().OutputSize, vectors: 1,
            spec.Output.TiedEmbeddings ? Decoder.Table : null, labels, stepSize: 0);
        Parameters.LayOut();
        _sourceTables = _embedder.CreateGradients().Count();
    }

    public override TranslationSpec Spec { get; }

    public override OutputLayer Output { get; }

    public Decoder Decoder { get; }

    public override TranslationPass CreatePass() =>
        new(this, _embedder.CreatePass(), _stack.CreatePass(), _last.CreatePass(), Decoder.CreatePass());

    public override CarriedStates CreateCarriedStates() => new(0);

    public override EmbeddingGradients[] CreateEmbeddingGradients() =>
        [.. _embedder.CreateGradients(), .. Decoder.CreateGradients()];

    public override void Initialize(int seed, float embeddingDeviation = 1)
    {
        var random = RandomStream.For(seed, purpose: 0);
        _embedder.Initialize(ref random, embeddingDeviation);
        _stack.Initialize(ref random);
        Decoder.Initialize(ref random, embeddingDeviation);
        Output.InitializeAsTokens(ref random);
    }

    public override Transposed[] PrepareTraining() =>
    [
        .. _embedder.PrepareTraining(), .. _stack.PrepareTraining(_embedder.Learns), .. Decoder.PrepareTraining(),
        .. Output.PrepareTraining(),
    ];

    /// <summary>Reads the pass's sources: their states and what they end with.</summary>
    public void Encode(TranslationPass pass) => Encode(pass,
        _embedder.Read(pass.Input, pass.Batch, isPrecomputed: false), Regularization.None, training: false);

    /// <summary>The tokens before each are the target's.</summary>
    public override FeatureRows ReadFeatures(NetworkPass pass)
    {
        var own = (TranslationPass)pass;
        Encode(own);
        own.Decoder.TakeEnds(own.Ends.Data, _stack.Stride);
        Decoder.Forward(own.Decoder);
        return FeaturesOf(own);
    }

    public override double Learn(NetworkPass pass, in Regularization regularization, FloatBuffer gradients,
        EmbeddingGradients[] tables)
    {
        var own = (TranslationPass)pass;
        ReadOnlySpan<EmbeddingGradients> ofSource = tables.AsSpan(0, _sourceTables), ofTarget = tables.AsSpan(_sourceTables);
        _embedder.MaskTokens(own.Batch, regularization.Words);
        RecurrentInput input = _embedder.ReadToLearn(own.Input, own.Batch, regularization.Values.Drops, ofSource);
        if (_embedder.Drops)
        {
            own.InputMask.Draw(regularization.Values, place: 0, own.Batch, (int)input.Stride);
            own.InputMask.ApplyToSteps(own.Batch, input.Vectors);
        }
        Encode(own, input, regularization, training: true);
        own.Decoder.TakeEnds(own.Ends.Data, _stack.Stride);
        RecurrentInput written = Decoder.ForwardToLearn(own.Decoder, regularization, ofTarget);
        double loss = Output.Learn(FeaturesOf(own), own.Decoder.FeatureGradient.Data, own.Targets.Labels, own.Targets.Weights,
            regularization, own.Output, gradients, tables);
        Decoder.Backward(own.Decoder, written, regularization, gradients, ofTarget);
        BackwardSource(own, input, regularization, gradients, ofSource);
        return loss;
    }

    /// <summary>From one token of each hypothesis to the probabilities of the next, for a search.</summary>
    /// <param name="pass">Encoded; its decoder has the tokens.</param>
    /// <param name="parents">Of each hypothesis, which it was at the call before.</param>
    /// <param name="first">Whether the hypotheses begin.</param>
    public void Step(TranslationPass pass, ReadOnlySpan<int> parents, bool first)
    {
        if (first)
            pass.Decoder.TakeEnds(pass.Ends.Data, _stack.Stride);
        Decoder.Step(pass.Decoder, parents, first);
        Output.Predict(FeaturesOf(pass), pass.Output, []);
    }

    /// <summary>The [rows, A] that the output layer reads.</summary>
    public FeatureRows FeaturesOf(TranslationPass pass) =>
        new(pass.Decoder.Target, pass.OutputRows, (nint)pass.Decoder.Features.Data, Decoder.FeatureStride);

    private void Encode(TranslationPass own, in RecurrentInput input, in Regularization regularization, bool training)
    {
        FloatBuffer states = _stack.Forward(own.Stack, own.Batch, input, regularization, training, dropsOutput: true);
        own.Ends.Reserve((long)own.Batch.Count * _stack.Stride);
        _last.Forward(own.Pooling, own.Batch, states.Data, own.Ends.Data);
        own.Decoder.Memory.Take(own.Batch, states.Data, _stack.Stride);
    }

    private void BackwardSource(TranslationPass own, in RecurrentInput input, in Regularization regularization,
        FloatBuffer gradients, ReadOnlySpan<EmbeddingGradients> tables)
    {
        own.EndGradient.Reserve((long)own.Batch.Count * _stack.Stride);
        own.Decoder.PutEndGradients(own.EndGradient.Data, _stack.Stride);
        own.Stack.OutputGradient.Reserve((long)own.Batch.Rows * _stack.Stride);
        _last.Backward(own.Pooling, own.Batch, own.Ends.Data, own.EndGradient.Data, own.Stack.OutputGradient, gradients);
        own.Decoder.Memory.AddGradientTo(own.Stack.OutputGradient.Data);
        FloatBuffer? dInput = _embedder.VectorGradients(own.Input, tables);
        _stack.Backward(own.Stack, own.Batch, input, regularization, gradients, dInput, dropsOutput: true);
        if (dInput is null)
            return;
        if (_embedder.Drops)
            own.InputMask.ApplyToSteps(own.Batch, dInput.Data);
        _embedder.Backward(own.Input, own.Batch, gradients, tables);
    }
}
