using SequenceModels.Kernels;
using SequenceModels.Parameters;

namespace SequenceModels.Layers;

/// <summary>
/// From the states of a source to what the output layer reads at each step of its translation: recurrent layers that begin where
/// the encoder ended and read the tokens so far, and attention over the source. All steps at once, unless what attention found
/// at a step enters at the next (<see cref="StepwiseDecoding"/>).
/// </summary>
internal sealed unsafe class Decoder
{
    /// <summary>The name of the table of the tokens' vectors.</summary>
    public const string TableName = "target.embedding";

    /// <summary>
    /// Places of dropout: of an encoder's are fewer than the first, of the decoder's layers fewer than the second.
    /// </summary>
    private const int StackPlace = 64, EmbeddingPlace = 200, OutputPlace = 201;

    /// <summary>√2, divided by the square root of a vector's length: the variance of <see cref="Initializers.He"/>.</summary>
    private const float TiedDeviation = 1.41421356f;

    private readonly DecoderShape _shape;
    private readonly StepEmbedder _embedder;
    private readonly RecurrentStack _stack;
    private readonly Bridge _bridge;
    private readonly DecoderAttention? _attention;
    private readonly StepwiseDecoding? _stepwise;

    /// <param name="parameters">Takes the parameters.</param>
    /// <param name="shape">The size.</param>
    public Decoder(ParameterSet parameters, DecoderShape shape)
    {
        _shape = shape;
        parameters.Depth = shape.Layers + 1;
        _embedder = new StepEmbedder(parameters, [Sequences.StepFeature.Tokens(shape.Tokens, shape.EmbeddingSize)], shape.IsTied,
            TableName);
        _stack = new RecurrentStack(parameters, shape.Cell, new StackShape(
            shape.EmbeddingSize + (shape.FeedsInput ? shape.OutputSize : 0), shape.HiddenSize, shape.Layers, Bidirectional: false,
            Place: StackPlace), layer => Invariant($"decoder{layer}"));
        parameters.Depth = 1;
        _bridge = new Bridge(parameters, shape.Cell, shape.Source, shape.Layers, shape.HiddenSize);
        _attention = DecoderAttention.Create(parameters, shape);
        if (shape.FeedsInput)
            _stepwise = new StepwiseDecoding(_stack, _attention!, shape);
    }

    /// <summary>The tokens' vectors.</summary>
    public Parameter Table => _embedder.Table;

    /// <summary>A, padded: floats of what the output layer reads.</summary>
    public int FeatureStride => _attention?.Stride ?? _stack.Stride;

    /// <summary>Whether the output layer reads what attention found, not the states themselves.</summary>
    private bool Attends => _attention is not null;

    public DecoderPass CreatePass() => new(_embedder.CreatePass(), _stack.CreatePass, _shape.Layers);

    public IEnumerable<EmbeddingGradients> CreateGradients() => _embedder.CreateGradients();

    /// <param name="random">Where the weights are drawn from.</param>
    /// <param name="embeddingDeviation">Of the tokens' vectors; those that are output weights too are as large as such.</param>
    public void Initialize(ref RandomStream random, float embeddingDeviation)
    {
        _embedder.Initialize(ref random, _shape.IsTied ? TiedDeviation : embeddingDeviation);
        _stack.Initialize(ref random);
        _bridge.Initialize(ref random);
        _attention?.Initialize(ref random);
    }

    public IEnumerable<Transposed> PrepareTraining() =>
    [
        .. _embedder.PrepareTraining(), .. _stack.PrepareTraining(inputGradient: true),
        .. _attention?.PrepareTraining() ?? [],
    ];

    /// <summary>Makes ready to read: the first states, and what attention needs of the sources.</summary>
    /// <param name="pass">Has the sources, the batch, and what the sources end with.</param>
    public void Begin(DecoderPass pass)
    {
        _bridge.Forward(pass.Target.Count, pass.Ends.Data, _shape.Source.Stride, pass.Begin);
        _attention?.Begin(pass);
        _attention?.Reserve(pass);
    }

    /// <summary>
    /// From one token of each hypothesis to its features, for a search. The first call begins; each later one goes on from where
    /// the hypotheses were.
    /// </summary>
    /// <param name="pass">Has the tokens and the sources; takes the states.</param>
    /// <param name="parents">Of each hypothesis, which it was at the call before.</param>
    /// <param name="first">Whether it is the first call.</param>
    public void Step(DecoderPass pass, ReadOnlySpan<int> parents, bool first)
    {
        if (first)
            Begin(pass);
        pass.Move(first, parents, _stack.Stride, FeatureStride);
        RecurrentInput input = _embedder.Read(pass.Input, pass.Target, isPrecomputed: false);
        pass.OutputMask.Draw(Dropout.None, OutputPlace, pass.Target, FeatureStride);
        _attention?.Reserve(pass);
        if (_stepwise is not null)
        {
            _stepwise.Step(pass, input);
            return;
        }
        pass.Stack.RestoreStates(pass.Carried, begins: false);
        FloatBuffer states = _stack.Forward(pass.Stack, pass.Target, input, Regularization.None, training: false);
        pass.Stack.SaveStates(pass.Target);
        pass.Features = states;
        if (_attention is null)
            return;
        _attention.Forward(pass, pass.Target, 0, 0, states.Data, _stack.Stride);
        pass.TakeFeatures(0, pass.Target, FeatureStride);
    }

    /// <summary>From the batch to its features [rows, A], for scoring.</summary>
    public void Forward(DecoderPass pass)
    {
        Begin(pass);
        Read(pass, _embedder.Read(pass.Input, pass.Target, isPrecomputed: false), Regularization.None, training: false);
    }

    /// <summary>From the batch to its features [rows, A], to learn.</summary>
    /// <param name="pass">As in <see cref="Begin"/>.</param>
    /// <param name="regularization">Of this update.</param>
    /// <param name="tables">Of the decoder.</param>
    /// <returns>What entered, for the way back.</returns>
    public RecurrentInput ForwardToLearn(DecoderPass pass, in Regularization regularization,
        ReadOnlySpan<EmbeddingGradients> tables)
    {
        Begin(pass);
        // Where something else enters beside a token, no two occurrences of it are alike.
        RecurrentInput input = _embedder.ReadToLearn(pass.Input, pass.Target,
            drops: regularization.Values.Drops || _shape.FeedsInput, tables);
        pass.InputMask.Draw(regularization.Values, EmbeddingPlace, pass.Target, (int)input.Stride);
        pass.InputMask.ApplyToSteps(pass.Target, input.Vectors);
        Read(pass, input, regularization, training: true);
        long length = (long)pass.Target.Rows * FeatureStride;
        pass.FeatureGradient.Reserve(length);
        pass.FeatureGradient.Clear(length);
        return input;
    }

    /// <summary>
    /// From the gradients of the features to those of the sources, of what they end with, and of the parameters.
    /// </summary>
    /// <param name="pass">As <see cref="ForwardToLearn"/> left it, with the features' gradients.</param>
    /// <param name="input">What entered.</param>
    /// <param name="regularization">Of this update.</param>
    /// <param name="gradients">Of all parameters but the tables; added to.</param>
    /// <param name="tables">Of the decoder.</param>
    public void Backward(DecoderPass pass, in RecurrentInput input, in Regularization regularization, FloatBuffer gradients,
        ReadOnlySpan<EmbeddingGradients> tables)
    {
        pass.Memory.ClearGradient();
        FloatBuffer dInput = _embedder.VectorGradients(pass.Input, tables)!;
        StackPass first = pass.Stack;
        if (_stepwise is not null)
            first = _stepwise.Backward(pass, input, regularization, gradients, dInput);
        else
        {
            BackwardFeatures(pass, gradients);
            _stack.Backward(pass.Stack, pass.Target, input, regularization, gradients, dInput, dropsOutput: !Attends);
        }
        _attention?.EndBackward(pass, gradients);
        long ends = (long)pass.Target.Count * _shape.Source.Stride;
        pass.EndGradient.Reserve(ends);
        pass.EndGradient.Clear(ends);
        _bridge.Backward(pass.Target.Count, pass.Ends.Data, pass.EndGradient.Data, _shape.Source.Stride, pass.Begin, first,
            gradients);
        pass.InputMask.ApplyToSteps(pass.Target, dInput.Data);
        if (_shape.IsTied)
            _embedder.AddTiedGradients(tables, gradients);
    }

    private void Read(DecoderPass pass, in RecurrentInput input, in Regularization regularization, bool training)
    {
        if (Attends)
            pass.OutputMask.Draw(regularization.Values, OutputPlace, pass.Target, FeatureStride);
        if (_stepwise is not null)
        {
            _stepwise.Forward(pass, input, regularization, training);
            return;
        }
        pass.Stack.RestoreStates(pass.Begin, begins: false);
        pass.Stack.WantsInitialGradient = training;
        FloatBuffer states = _stack.Forward(pass.Stack, pass.Target, input, regularization, training, dropsOutput: !Attends);
        pass.Features = states;
        if (_attention is null)
            return;
        _attention.Forward(pass, pass.Target, 0, 0, states.Data, _stack.Stride);
        pass.TakeFeatures(0, pass.Target, FeatureStride);
    }

    /// <summary>From the gradients of the features to those of the states, where all steps were read at once.</summary>
    private void BackwardFeatures(DecoderPass pass, FloatBuffer gradients)
    {
        long length = (long)pass.Target.Rows * _stack.Stride;
        FloatBuffer dStates = pass.Stack.OutputGradient;
        dStates.Reserve(length);
        if (_attention is null)
        {
            Rows.Copy(pass.FeatureGradient.Data, dStates.Data, length);
            return;
        }
        dStates.Clear(length);
        pass.OutputMask.ApplyToSteps(pass.Target, pass.FeatureGradient.Data);
        _attention.Backward(pass, pass.Target, 0, 0, pass.Stack.States[^1].Data, dStates.Data, _stack.Stride,
            pass.FeatureGradient.Data, gradients);
    }
}
