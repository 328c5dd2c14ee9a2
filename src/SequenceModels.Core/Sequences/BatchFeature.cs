using System.Runtime.InteropServices;
using SequenceModels.Kernels;

namespace SequenceModels.Sequences;

/// <summary>A further feature of the steps of a batch, in the order of the batch's rows.</summary>
internal sealed unsafe class BatchFeature
{
    private readonly IndexBuffer _keys = new();
    private int _rows;
    private DistinctWords? _distinct;

    /// <summary>What it is.</summary>
    public StepFeature Feature { get; private set; } = null!;

    /// <summary>[Rows] of tokens: keys, 0 = unknown.</summary>
    public ReadOnlySpan<uint> Tokens => MemoryMarshal.Cast<int, uint>(_keys.Span)[.._rows];

    /// <summary>[Rows] of characters: which of <see cref="Words"/> a step has.</summary>
    public ReadOnlySpan<int> WordIndex => _keys.Span[.._rows];

    /// <summary>[Rows, F] of frames: scaled numbers.</summary>
    public FloatBuffer Frames { get; } = new();

    /// <summary>Of characters: each different word of the batch once, the longest first; its steps are its characters.</summary>
    public SequenceBatch Words => (_distinct ??= new DistinctWords()).Batch;

    /// <summary>Takes the values of the batch's steps.</summary>
    /// <param name="batch">Laid out.</param>
    /// <param name="data">Where the rows are.</param>
    /// <param name="feature">The feature's place in the data.</param>
    /// <param name="rows">Which rows the batch has.</param>
    /// <param name="scaling">Applied to frames.</param>
    /// <param name="firstStep">Which step of the rows is the batch's first.</param>
    public void Pack(SequenceBatch batch, SequenceDataset data, int feature, ReadOnlySpan<int> rows, FrameTransform scaling, int firstStep)
    {
        FeatureChannel channel = data.Channels[feature];
        Feature = channel.Feature;
        _rows = batch.Rows;
        if (Feature.Kind == StepFeatureKind.Frames)
            Frames.Reserve((long)_rows * Feature.Size);
        else
            _keys.Reserve(_rows);
        for (int k = 0; k < rows.Length && batch.Length(k) > 0; k++)
            if (Feature.Kind == StepFeatureKind.Frames)
                Place(batch, k, channel.Frames(data.Start(rows[k]) + firstStep, batch.Length(k)), scaling);
            else
                Place(batch, k, channel.Keys(data.Start(rows[k]) + firstStep, batch.Length(k)));
        if (channel.Words is not null)
            (_distinct ??= new DistinctWords()).Find(channel.Words, Feature.Size, _keys.Span[.._rows]);
    }

    private void Place(SequenceBatch batch, int k, ReadOnlySpan<uint> keys)
    {
        bool isToken = Feature.Kind == StepFeatureKind.Tokens;
        for (int t = 0; t < keys.Length; t++)
            _keys.Data[batch.Offset(t) + k] = isToken && keys[t] > (uint)Feature.Size ? 0 : (int)keys[t];
    }

    private void Place(SequenceBatch batch, int k, ReadOnlySpan<float> frames, FrameTransform scaling)
    {
        int size = Feature.Size;
        for (int t = 0; t < batch.Length(k); t++)
            scaling.Apply(frames.Slice(t * size, size), new Span<float>(Frames.Data + (long)(batch.Offset(t) + k) * size, size));
    }
}
