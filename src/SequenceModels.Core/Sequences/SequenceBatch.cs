using System.Runtime.InteropServices;
using SequenceModels.Kernels;

namespace SequenceModels.Sequences;

/// <summary>
/// Sequences of different lengths without padding: time-major, longest first. Row <c>Offsets[t] + k</c> is step t of the k-th
/// longest sequence; <c>Alive(t)</c> of them have a step t. Sequences without steps come last and have no rows.
/// </summary>
internal sealed unsafe class SequenceBatch
{
    private int[] _offsets = [0];
    private int[] _lengths = [];
    private int[] _numbers = [];
    private readonly IndexBuffer _tokens = new();
    private BatchFeature[] _features = [];
    private int _featureCount;

    /// <summary>B: sequences, empty ones included.</summary>
    public int Count { get; private set; }

    /// <summary>T: steps of the longest sequence.</summary>
    public int Steps { get; private set; }

    /// <summary>Steps of all sequences together.</summary>
    public int Rows => _offsets[Steps];

    /// <summary>[Rows] keys, 0 = unknown. Empty for frames.</summary>
    public ReadOnlySpan<uint> Tokens => MemoryMarshal.Cast<int, uint>(_tokens.Span)[..(Frames.Data is null ? Rows : 0)];

    /// <summary>[Rows] the same keys as the index of rows in a table.</summary>
    public int* Keys => _tokens.Data;

    /// <summary>[Rows, F] numbers. No memory for tokens.</summary>
    public FloatBuffer Frames { get; } = new();

    /// <summary>What the steps have beside their tokens or frames.</summary>
    public ReadOnlySpan<BatchFeature> Features => _features.AsSpan(0, _featureCount);

    /// <summary>[Rows] keys of a feature that is tokens, by its place from 0; 0 = unknown.</summary>
    public ReadOnlySpan<uint> TokensOf(int feature) => feature == 0 ? Tokens : _features[feature - 1].Tokens;

    /// <summary>[Rows, F] numbers of a feature that is frames, by its place from 0.</summary>
    public FloatBuffer FramesOf(int feature) => feature == 0 ? Frames : _features[feature - 1].Frames;

    /// <summary>The row of step <paramref name="t"/> of the longest sequence.</summary>
    public int Offset(int t) => _offsets[t];

    /// <summary>n: how many sequences have a step <paramref name="t"/>; none before the first and after the last.</summary>
    public int Alive(int t) => (uint)t < (uint)Steps ? _offsets[t + 1] - _offsets[t] : 0;

    /// <summary>Steps of the k-th longest sequence.</summary>
    public int Length(int k) => _lengths[k];

    /// <summary>What the caller calls the k-th longest sequence: its place in the whole batch, whatever shard it is in.</summary>
    public int Number(int k) => _numbers[k];

    /// <summary>Packs rows of a data set.</summary>
    /// <param name="data">Where they are.</param>
    /// <param name="rows">Which, longest first.</param>
    /// <param name="numbers">What each is called.</param>
    /// <param name="scaling">Applied to frames.</param>
    public void Pack(SequenceDataset data, ReadOnlySpan<int> rows, ReadOnlySpan<int> numbers, FrameTransform scaling) =>
        Pack(data, rows, numbers, scaling, StepRange.All);

    /// <summary>Packs some of the steps of rows of a data set, counted from 0 again; rows that end before them become empty.</summary>
    public void Pack(SequenceDataset data, ReadOnlySpan<int> rows, ReadOnlySpan<int> numbers, FrameTransform scaling, StepRange steps)
    {
        Reserve(rows.Length);
        for (int k = 0; k < rows.Length; k++)
        {
            _lengths[k] = steps.StepsOf(data.Length(rows[k]));
            if (k > 0 && _lengths[k] > _lengths[k - 1]) // would be packed outside of the rows that there are
                throw new ArgumentException(Invariant($"Row {rows[k]} is longer than the row before it: the longest must come first."), nameof(rows));
            _numbers[k] = numbers[k];
        }
        LayOut();
        for (int k = 0; k < rows.Length; k++)
            if (data.Input == SequenceInput.Tokens)
                Place(k, Part(data.Tokens(rows[k]), k, steps.First, 1), data.InputSize);
            else
                Place(k, Part(data.Frames(rows[k]), k, steps.First, data.InputSize), data.InputSize, scaling);
        PackFeatures(data, rows, scaling, steps.First);
    }

    /// <summary>The batch's steps of the k-th longest sequence, <paramref name="size"/> items each, out of all that it has.</summary>
    public ReadOnlySpan<T> Part<T>(ReadOnlySpan<T> items, int k, int first, int size) =>
        _lengths[k] == 0 ? [] : items.Slice(first * size, _lengths[k] * size);

    /// <summary>Makes the token of a step an unknown one.</summary>
    public void MaskToken(int t, int k) => _tokens.Data[_offsets[t] + k] = 0;

    /// <summary>Packs one sequence of tokens; keys above <paramref name="vocabularySize"/> become unknown.</summary>
    public void Pack(ReadOnlySpan<uint> tokens, int vocabularySize)
    {
        Single(tokens.Length);
        Place(0, tokens, vocabularySize);
    }

    /// <summary>Packs one sequence of frames [T, F].</summary>
    public void Pack(ReadOnlySpan<float> frames, int frameSize, FrameTransform scaling)
    {
        Single(frames.Length / frameSize);
        Place(0, frames, frameSize, scaling);
    }

    /// <summary>Packs words of a table, the longest first: a word's steps are its characters.</summary>
    public void Pack(WordTable words, ReadOnlySpan<uint> numbers, int vocabularySize)
    {
        Reserve(numbers.Length);
        for (int k = 0; k < numbers.Length; k++)
            (_lengths[k], _numbers[k]) = (words.Characters(numbers[k]).Length, k);
        LayOut();
        for (int k = 0; k < numbers.Length; k++)
            Place(k, words.Characters(numbers[k]), vocabularySize);
    }

    private void PackFeatures(SequenceDataset data, ReadOnlySpan<int> rows, FrameTransform scaling, int firstStep)
    {
        int count = data.Features.Count;
        if (_features.Length < count)
            _features = [.. _features, .. Enumerable.Range(0, count - _features.Length).Select(_ => new BatchFeature())];
        for (int i = 0; i < count; i++)
            _features[i].Pack(this, data, i, rows, scaling.Of(i), firstStep);
        _featureCount = count;
    }

    private void Single(int length)
    {
        Reserve(1);
        _lengths[0] = length;
        _numbers[0] = 0;
        LayOut();
    }

    private void Reserve(int count)
    {
        Count = count;
        _featureCount = 0;
        if (_lengths.Length < count)
            (_lengths, _numbers) = (new int[count], new int[count]);
    }

    private void LayOut()
    {
        Steps = Count == 0 ? 0 : _lengths[0];
        if (_offsets.Length <= Steps)
            _offsets = new int[Math.Max(Steps + 1, 2 * _offsets.Length)];
        int alive = Count;
        for (int t = 0; t < Steps; t++)
        {
            while (_lengths[alive - 1] <= t)
                alive--;
            _offsets[t + 1] = ArrayLength.Of((long)_offsets[t] + alive);
        }
        _tokens.Reserve(Rows);
    }

    private void Place(int k, ReadOnlySpan<uint> tokens, int vocabularySize)
    {
        for (int t = 0; t < tokens.Length; t++)
            _tokens.Data[_offsets[t] + k] = tokens[t] <= (uint)vocabularySize ? (int)tokens[t] : 0;
    }

    private void Place(int k, ReadOnlySpan<float> frames, int frameSize, FrameTransform scaling)
    {
        Frames.Reserve((long)Rows * frameSize);
        for (int t = 0; t < _lengths[k]; t++)
            scaling.Apply(frames.Slice(t * frameSize, frameSize),
                new Span<float>(Frames.Data + (long)(_offsets[t] + k) * frameSize, frameSize));
    }
}
