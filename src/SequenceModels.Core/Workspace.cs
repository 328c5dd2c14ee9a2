using SequenceModels.Heads;
using SequenceModels.Kernels;
using SequenceModels.Layers;
using SequenceModels.Sequences;

namespace SequenceModels;

/// <summary>The scratch memory of one pass through a network. One per thread or cursor; grows to the largest batch seen.</summary>
internal sealed class Workspace
{
    private readonly NetworkLayers _layers;
    private readonly FloatBuffer _decisions = new();

    internal Workspace(NetworkLayers layers, StepEmbedderPass input, RecurrentStack stack)
    {
        _layers = layers;
        Input = input;
        Stack = stack.CreatePass();
        RecurrentLayer top = stack.Layers[^1];
        Readout = new Readout(layers.Spec.Pooling, top.Directions.Count, top.Directions[0].StateStride);
    }

    /// <summary>The sequences that pass through.</summary>
    public SequenceBatch Batch { get; } = new();

    /// <summary>What the entrance remembers.</summary>
    public StepEmbedderPass Input { get; }

    /// <summary>What the recurrent layers remember.</summary>
    public StackPass Stack { get; }

    /// <summary>Of the vectors that dropout acts on at present; drawn anew for each place.</summary>
    public DropoutMask Mask { get; } = new();

    public Readout Readout { get; }

    /// <summary>[B, D] one vector a sequence, and its gradient; not used where every step has an output.</summary>
    public FloatBuffer Pooled { get; } = new();

    public FloatBuffer PooledGradient { get; } = new();

    /// <summary>[M, D] what the output layer reads: the pooled vectors, or the top layer's states.</summary>
    public FloatBuffer Features { get; set; } = new();

    public FloatBuffer FeatureGradient => _layers.Spec.EveryStep ? Stack.OutputGradient : PooledGradient;

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

    /// <summary>Makes room for a backward pass of the batch.</summary>
    internal void ReserveGradients()
    {
        Stack.OutputGradient.Reserve((long)Batch.Rows * _layers.FeatureStride);
        PooledGradient.Reserve((long)Batch.Count * _layers.FeatureStride);
    }
}
