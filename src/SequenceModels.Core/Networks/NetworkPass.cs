using SequenceModels.Heads;
using SequenceModels.Kernels;
using SequenceModels.Layers;
using SequenceModels.Sequences;

namespace SequenceModels.Networks;

/// <summary>The scratch memory of one pass through a network. One per thread or cursor; grows to the largest batch seen.</summary>
internal sealed class NetworkPass
{
    private readonly Network _layers;
    private readonly FloatBuffer _decisions = new();

    internal NetworkPass(Network layers, StepEmbedderPass input, RecurrentStack stack, OutputPass output)
    {
        _layers = layers;
        Output = output;
        Input = input;
        Stack = stack.CreatePass();
        RecurrentLayer top = stack.Layers[^1];
        PoolingLayer = new PoolingLayer(layers.Spec.Pooling, top.Directions.Count, top.Directions[0].StateStride);
    }

    /// <summary>The sequences that pass through.</summary>
    public SequenceBatch Batch { get; } = new();

    /// <summary>What the entrance remembers.</summary>
    public StepEmbedderPass Input { get; }

    /// <summary>What the recurrent layers remember.</summary>
    public StackPass Stack { get; }

    /// <summary>Of the vectors that dropout acts on at present; drawn anew for each place.</summary>
    public DropoutMask Mask { get; } = new();

    public PoolingLayer PoolingLayer { get; }

    /// <summary>[B, D] one vector a sequence, and its gradient; not used where every step has an output.</summary>
    public FloatBuffer Pooled { get; } = new();

    public FloatBuffer PooledGradient { get; } = new();

    /// <summary>[M, D] what the output layer reads: the pooled vectors, or the top layer's states.</summary>
    public FloatBuffer Features { get; set; } = new();

    public FloatBuffer FeatureGradient => _layers.Spec.EveryStep ? Stack.OutputGradient : PooledGradient;

    /// <summary>What the outputs should say; filled before learning.</summary>
    public TargetBatch Targets { get; } = new();

    /// <summary>[M] what each row of outputs comes down to, where that was asked for.</summary>
    public ReadOnlySpan<float> Decisions => _decisions.Span;

    /// <summary>Has the scores [M, K] in its outputs; in learning, scratch memory.</summary>
    public OutputPass Output { get; }

    /// <summary>Room for what each of so many rows of outputs comes down to.</summary>
    public Span<float> DecisionsOf(int rows)
    {
        _decisions.Reserve(rows);
        return _decisions.Span[..rows];
    }

    /// <summary>[K] the scores of one row: the k-th longest sequence, or a step in the order of the batch's rows.</summary>
    public unsafe Span<float> ScoresOf(int row) => new(Output.Outputs.Data + (long)row * _layers.OutputStride, _layers.Spec.NumberOfOutputs);

    /// <summary>Gives each row of outputs its label, and its share of a weight.</summary>
    /// <param name="data">Where the batch's sequences came from.</param>
    /// <param name="rows">Which they are.</param>
    /// <param name="total">What the weights are divided by; with 0 nothing counts.</param>
    /// <param name="classWeights">What each class counts on top; null: all alike.</param>
    /// <param name="firstStep">Which step of the rows is the batch's first.</param>
    public void PlaceLabels(SequenceDataset data, ReadOnlySpan<int> rows, double total, float[]? classWeights, int firstStep = 0)
    {
        Targets.Reserve(_layers.OutputRowsOf(Batch), _layers.LabelSize);
        data.Targets.Place(Batch, rows, firstStep, total, classWeights, Targets);
    }

    /// <summary>Makes room for a backward pass of the batch.</summary>
    internal void ReserveGradients()
    {
        Stack.OutputGradient.Reserve((long)Batch.Rows * _layers.FeatureStride);
        PooledGradient.Reserve((long)Batch.Count * _layers.FeatureStride);
    }
}
