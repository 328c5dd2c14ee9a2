using System.Runtime.InteropServices;
using SequenceModels.Kernels;

namespace SequenceModels.Sequences;

/// <summary>The values of one feature at the steps of a batch, in the order of the batch's rows.</summary>
internal sealed unsafe class BatchFeature
{
    private readonly IndexBuffer _keys = new();
    private int _rows, _size;
    private StepFeatureKind _kind;
    private DistinctWords? _distinct;

    /// <summary>Whether the values are frames.</summary>
    public bool IsFrames => _kind == StepFeatureKind.Frames;

    /// <summary>[Rows] of tokens: keys, 0 = unknown. Empty of frames.</summary>
    public ReadOnlySpan<uint> Tokens =>
        MemoryMarshal.Cast<int, uint>(_keys.Span)[..(_kind == StepFeatureKind.Frames ? 0 : _rows)];

    /// <summary>[Rows] the same keys as the index of rows in a table.</summary>
    public int* Keys => _keys.Data;

    /// <summary>[Rows] of words: which of <see cref="Words"/> a step has.</summary>
    public ReadOnlySpan<int> WordIndex => _keys.Span[.._rows];

    /// <summary>[Rows, F] of frames: scaled numbers.</summary>
    public FloatBuffer Frames { get; } = new();

    /// <summary>F of frames.</summary>
    public int FrameSize => _size;

    /// <summary>Of words: each different one of the batch once, the longest first; its steps are its parts.</summary>
    public SequenceBatch Words => (_distinct ??= new DistinctWords()).Batch;

    /// <summary>Makes room for the values of a batch's steps.</summary>
    /// <param name="rows">Of the batch.</param>
    /// <param name="kind">What the values are.</param>
    /// <param name="size">V or F.</param>
    public void Begin(int rows, StepFeatureKind kind, int size)
    {
        (_rows, _kind, _size) = (rows, kind, size);
        if (kind == StepFeatureKind.Frames)
            Frames.Reserve((long)rows * size);
        else
            _keys.Reserve(rows);
    }

    /// <summary>
    /// Takes the values of the k-th longest sequence: tokens, of which those above V are unknown, or numbers of words.
    /// </summary>
    public void Place(SequenceBatch batch, int k, ReadOnlySpan<uint> keys)
    {
        uint largest = _kind == StepFeatureKind.Tokens ? (uint)_size : uint.MaxValue;
        for (int t = 0; t < keys.Length; t++)
            _keys.Data[batch.Offset(t) + k] = keys[t] <= largest ? (int)keys[t] : 0;
    }

    /// <summary>Takes the tokens of the k-th longest sequence, which are held as whole numbers of 0 to V.</summary>
    public void PlaceTokens(SequenceBatch batch, int k, ReadOnlySpan<float> tokens)
    {
        for (int t = 0; t < tokens.Length; t++)
            _keys.Data[batch.Offset(t) + k] = (int)tokens[t];
    }

    /// <summary>Takes the values of the k-th longest sequence: [T, F] numbers, which are scaled.</summary>
    public void Place(SequenceBatch batch, int k, ReadOnlySpan<float> frames, FeatureScaling scaling)
    {
        for (int t = 0; t < batch.Length(k); t++)
            scaling.Apply(frames.Slice(t * _size, _size),
                new Span<float>(Frames.Data + (long)(batch.Offset(t) + k) * _size, _size));
    }

    /// <summary>Lists the words that the steps have.</summary>
    /// <param name="words">Of the data that the batch came from.</param>
    public void FindWords(WordTable words) => (_distinct ??= new DistinctWords()).Find(words, _size, _keys.Span[.._rows]);

    /// <summary>Makes the token of a row an unknown one.</summary>
    public void MaskToken(int row) => _keys.Data[row] = 0;
}
