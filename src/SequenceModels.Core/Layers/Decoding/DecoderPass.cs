using SequenceModels.Kernels;
using SequenceModels.Sequences;

namespace SequenceModels.Layers;

/// <summary>What a <see cref="Decoder"/> remembers between forward and backward, for one batch.</summary>
internal sealed unsafe class DecoderPass(StepEmbedderPass input, Func<StackPass> createStack, int layers)
{
    private readonly List<DecoderStep> _steps = [];
    private CarriedStates _moved = new(layers);
    private int[] _sources = [];

    /// <summary>What the decoder reads: for each sequence the boundary, then its tokens; the longest first.</summary>
    public SequenceBatch Target { get; } = new();

    /// <summary>One step of it, where steps are read one by one.</summary>
    public SequenceBatch Part { get; } = new();

    /// <summary>The states of the sources.</summary>
    public AttentionMemory Memory { get; } = new();

    public StepEmbedderPass Input => input;

    /// <summary>All steps at once.</summary>
    public StackPass Stack { get; } = createStack();

    /// <summary>What the sequences begin with, as the bridge made it; and the states on their way.</summary>
    public CarriedStates Begin { get; } = new(layers);

    public CarriedStates Carried { get; private set; } = new(layers);

    /// <summary>[n, A] in a search, the features of each hypothesis at the step before.</summary>
    public FloatBuffer Fed { get; } = new();

    /// <summary>What attention found.</summary>
    public AttendedRows Attended { get; } = new();

    /// <summary>[B, D] what the sources end with, in the order of <see cref="Target"/>, and its gradient.</summary>
    public FloatBuffer Ends { get; } = new();

    public FloatBuffer EndGradient { get; } = new();

    /// <summary>[rows, A] what the output layer reads, and its gradient.</summary>
    public FloatBuffer Features { get; set; } = new();

    public FloatBuffer FeatureGradient { get; } = new();

    /// <summary>[rows, A] features that dropout has acted on.</summary>
    public FloatBuffer Dropped { get; } = new();

    /// <summary>[n, E + A] the gradient of a step's input, where what was found enters at the next step.</summary>
    public FloatBuffer InputGradient { get; } = new();

    /// <summary>The rows of weight gradients that wait for those of earlier steps, where steps are read one by one.</summary>
    public PendingRows Pending { get; } = new();

    public DropoutMask InputMask { get; } = new();

    public DropoutMask OutputMask { get; } = new();

    /// <summary>The place among the encoder's sequences of the source of the k-th sequence.</summary>
    public int Source(int k) => _sources[k];

    /// <summary>How many sequences from the k-th on, at most up to a count, have its source: hypotheses of a search.</summary>
    public int OfOneSource(int k, int count)
    {
        int end = k + 1;
        while (end < count && _sources[end] == _sources[k])
            end++;
        return end - k;
    }

    /// <summary>Says which source each sequence has.</summary>
    public void SetSources(ReadOnlySpan<int> sources)
    {
        if (_sources.Length < sources.Length)
            _sources = new int[sources.Length];
        sources.CopyTo(_sources);
    }

    /// <summary>Memory of one step, where steps are read one by one.</summary>
    public DecoderStep Step(int step)
    {
        while (_steps.Count <= step)
            _steps.Add(new DecoderStep(createStack(), Pending));
        return _steps[step];
    }

    /// <summary>The states on their way are those that sequences begin with.</summary>
    /// <param name="stride">H, padded.</param>
    public void CarryFirstStates(int stride)
    {
        long length = (long)Target.Count * stride;
        for (int l = 0; l < layers; l++)
        {
            Copy(Begin.Hidden[l], Carried.Hidden[l], length);
            if (Begin.CellStates[l].Length > 0)
                Copy(Begin.CellStates[l], Carried.CellStates[l], length);
        }
    }

    /// <summary>Each hypothesis of a search takes the states and features of its parent; those of the first step begin.</summary>
    /// <param name="first">Whether it is the first step.</param>
    /// <param name="parents">Of each hypothesis its place before.</param>
    /// <param name="state">H, padded.</param>
    /// <param name="feature">A.</param>
    public void Move(bool first, ReadOnlySpan<int> parents, int state, int feature)
    {
        Fed.Reserve((long)Target.Count * feature);
        if (first)
        {
            CarryFirstStates(state);
            Fed.Clear((long)Target.Count * feature);
            return;
        }
        Rows.Take(Features, Fed, parents, feature);
        _moved.Take(Carried, parents, state);
        (Carried, _moved) = (_moved, Carried);
    }

    /// <summary>Takes what the sources end with [B, D], in the encoder's order.</summary>
    public void TakeEnds(float* ends, int stride)
    {
        Ends.Reserve((long)Target.Count * stride);
        for (int k = 0; k < Target.Count; k++)
            Rows.Copy(ends + (long)Source(k) * stride, Ends.Data + (long)k * stride, stride);
    }

    /// <summary>The vectors that attention gave become features: as they are, or with dropout.</summary>
    /// <param name="firstRow">The first of the rows.</param>
    /// <param name="part">Theirs: the batch, or a step of it.</param>
    /// <param name="stride">A.</param>
    public void TakeFeatures(int firstRow, SequenceBatch part, int stride)
    {
        Features = OutputMask.Drops ? Dropped : Attended.Vectors;
        if (!OutputMask.Drops)
            return;
        Dropped.Reserve((long)Target.Rows * stride);
        long first = (long)firstRow * stride;
        for (int t = 0; t < part.Steps; t++)
        {
            long at = first + (long)part.Offset(t) * stride;
            OutputMask.Apply(Attended.Vectors.Data + at, firstRow + part.Offset(t), part.Alive(t), Dropped.Data + at);
        }
    }

    /// <summary>Gives the gradients of what the sources end with [B, D] back, in the encoder's order.</summary>
    public void PutEndGradients(float* dEnds, int stride)
    {
        for (int k = 0; k < Target.Count; k++)
            Rows.Copy(EndGradient.Data + (long)k * stride, dEnds + (long)Source(k) * stride, stride);
    }

    private static void Copy(FloatBuffer from, FloatBuffer to, long length)
    {
        to.Reserve(length);
        Rows.Copy(from.Data, to.Data, length);
    }
}

/// <summary>What a <see cref="Decoder"/> that reads step by step remembers of one step.</summary>
internal sealed class DecoderStep
{
    public DecoderStep(StackPass stack, PendingRows pending) => (Stack, stack.Pending) = (stack, pending);

    public StackPass Stack { get; }

    /// <summary>[n, E + A] what entered.</summary>
    public FloatBuffer Inputs { get; } = new();
}
