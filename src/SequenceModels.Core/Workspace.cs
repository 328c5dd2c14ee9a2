using SequenceModels.Heads;
using SequenceModels.Kernels;
using SequenceModels.Layers;
using SequenceModels.Sequences;

namespace SequenceModels;

/// <summary>The scratch memory of one pass through a network. One per thread or cursor; grows to the largest batch seen.</summary>
internal sealed class Workspace
{
    private readonly NetworkLayers _layers;
    private readonly RecurrentLayer[] _stack;
    private readonly FloatBuffer _decisions = new();
    private DistinctTokens? _distinctTokens;

    internal Workspace(NetworkLayers layers, RecurrentLayer[] stack)
    {
        _layers = layers;
        _stack = stack;
        Input = layers.CreateInputPass();
        Passes = Array.ConvertAll(stack, layer => layer.CreatePasses());
        States = Array.ConvertAll(stack, _ => new FloatBuffer());
        DroppedStates = Array.ConvertAll(stack, _ => new FloatBuffer());
        StateGradients = Array.ConvertAll(stack, _ => new FloatBuffer());
        Readout = new Readout(layers.Spec.Pooling, stack[^1].Directions.Count, stack[^1].Directions[0].StateStride);
    }

    /// <summary>The sequences that pass through.</summary>
    public SequenceBatch Batch { get; } = new();

    /// <summary>The batch's different tokens; only learning lists them.</summary>
    public DistinctTokens DistinctTokens => _distinctTokens ??= new DistinctTokens(_layers.Spec.InputSize);

    /// <summary>[vectors, E] the tokens' vectors.</summary>
    public FloatBuffer Embedded { get; } = new();

    /// <summary>What the entrance remembers where steps have several features.</summary>
    public InputPass Input { get; }

    /// <summary>What each layer and direction remembers.</summary>
    public RecurrentPass[][] Passes { get; }

    /// <summary>[rows, D] the states of each layer, as the layer above reads them, and their gradients.</summary>
    public FloatBuffer[] States { get; }

    public FloatBuffer[] DroppedStates { get; }

    /// <summary>Of the values that dropout acts on at present; drawn anew for each place.</summary>
    public DropoutMask Mask { get; } = new();

    public FloatBuffer[] StateGradients { get; }

    public Readout Readout { get; }

    /// <summary>[B, D] one vector a sequence, and its gradient; not used where every step has an output.</summary>
    public FloatBuffer Pooled { get; } = new();

    public FloatBuffer PooledGradient { get; } = new();

    /// <summary>[M, D] what the output layer reads: the pooled vectors, or the top layer's states.</summary>
    public FloatBuffer Features { get; set; } = new();

    public FloatBuffer FeatureGradient => _layers.Spec.EveryStep ? StateGradients[^1] : PooledGradient;

    /// <summary>[M, L] what the outputs should say, and [M] what each counts; filled before learning.</summary>
    public FloatBuffer Labels { get; } = new();

    public FloatBuffer LabelWeights { get; } = new();

    /// <summary>[M] what each row of outputs comes down to, where that was asked for.</summary>
    public ReadOnlySpan<float> Decisions => _decisions.Span;

    /// <summary>Has the scores [M, K] in its outputs; in learning, scratch memory.</summary>
    public OutputScratch Output { get; } = new();

    /// <summary>Room for what each of so many rows of outputs comes down to.</summary>
    public Span<float> DecisionsOf(int rows)
    {
        _decisions.Reserve(rows);
        return _decisions.Span[..rows];
    }

    /// <summary>[K] the scores of one row: the k-th longest sequence, or a step in the order of the batch's rows.</summary>
    public unsafe Span<float> ScoresOf(int row) => new(Output.Outputs.Data + (long)row * _layers.OutputStride, _layers.Spec.NumberOfOutputs);

    /// <summary>The batch goes on with the states that its sequences were left in, or begins them. Of networks with one direction.</summary>
    public void Resume(CarriedStates states, bool begins)
    {
        for (int l = 0; l < Passes.Length; l++)
        {
            (Passes[l][0].InitialHidden, Passes[l][0].InitialCellState) = (states.Hidden[l], states.CellStates[l]);
            Passes[l][0].HasInitialState = !begins;
        }
    }

    /// <summary>Leaves the batch's states to the next part of its sequences, for those that have one.</summary>
    public void LeaveStates()
    {
        foreach (RecurrentPass[] layer in Passes)
        {
            layer[0].KeepStates(Batch);
            layer[0].HasInitialState = false;
        }
    }

    /// <summary>Gives each row of outputs its label, and its share of a weight.</summary>
    /// <param name="data">Where the batch's sequences came from.</param>
    /// <param name="rows">Which they are.</param>
    /// <param name="total">What the weights are divided by; with 0 nothing counts.</param>
    /// <param name="classWeights">What each class counts on top; null: all alike.</param>
    /// <param name="firstStep">Which step of the rows is the batch's first.</param>
    public void PlaceLabels(SequenceDataset data, ReadOnlySpan<int> rows, double total, float[]? classWeights, int firstStep = 0)
    {
        int outputs = _layers.OutputRowsOf(Batch);
        Labels.Reserve((long)outputs * _layers.LabelSize);
        LabelWeights.Reserve(outputs);
        Span<float> labels = Labels.Span, weights = LabelWeights.Span;
        for (int k = 0; k < rows.Length; k++)
        {
            double share = total == 0 ? 0 : data.Weight(rows[k]) / total;
            if (data.LabelSize > 0)
            {
                data.Labels(rows[k]).CopyTo(labels[(k * _layers.LabelSize)..]);
                weights[k] = (float)share;
                continue;
            }
            if (!_layers.Spec.EveryStep)
            {
                float label = labels[k] = data.Label(rows[k]);
                weights[k] = (float)(share * (classWeights is null ? 1 : classWeights[(int)label]));
                continue;
            }
            if (data.PredictsNext)
            {
                PlaceNext(data, rows[k], k, firstStep, (float)share);
                continue;
            }
            ReadOnlySpan<float> steps = Batch.Part(data.StepLabels(rows[k]), k, firstStep, 1);
            for (int t = 0; t < steps.Length; t++)
                (labels[Batch.Offset(t) + k], weights[Batch.Offset(t) + k]) = float.IsNaN(steps[t]) ? (0, 0)
                    : (steps[t], (float)(share * (classWeights is null ? 1 : classWeights[(int)steps[t]])));
        }
    }

    /// <summary>Gives each step of a row the step after it: the key (0: unknown), or the frame's numbers.</summary>
    private void PlaceNext(SequenceDataset data, int row, int k, int firstStep, float weight)
    {
        Span<float> labels = Labels.Span, weights = LabelWeights.Span;
        int size = _layers.LabelSize;
        ReadOnlySpan<uint> tokens = data.Input == SequenceInput.Tokens ? Batch.Part(data.NextTokens(row), k, firstStep, 1) : [];
        ReadOnlySpan<float> frames = data.Input == SequenceInput.Frames ? Batch.Part(data.NextFrames(row), k, firstStep, size) : [];
        for (int t = 0; t < Batch.Length(k); t++)
        {
            int place = Batch.Offset(t) + k;
            weights[place] = weight;
            if (data.Input == SequenceInput.Frames)
                frames.Slice(t * size, size).CopyTo(labels.Slice(place * size, size));
            else
                labels[place] = tokens[t] <= (uint)data.InputSize ? tokens[t] : 0;
        }
    }

    /// <summary>Makes room for a forward pass of the batch.</summary>
    internal void Reserve()
    {
        for (int l = 0; l < _stack.Length; l++)
            States[l].Reserve((long)Batch.Rows * _stack[l].Stride);
        Pooled.Reserve((long)Batch.Count * _stack[^1].Stride);
    }

    /// <summary>Makes room for a backward pass of the batch.</summary>
    internal void ReserveGradients()
    {
        for (int l = 0; l < _stack.Length; l++)
            StateGradients[l].Reserve((long)Batch.Rows * _stack[l].Stride);
        PooledGradient.Reserve((long)Batch.Count * _stack[^1].Stride);
    }
}
