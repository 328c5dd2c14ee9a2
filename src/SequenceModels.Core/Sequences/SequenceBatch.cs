using SequenceModels.Kernels;

namespace SequenceModels.Sequences;

/// <summary>
/// Sequences of different lengths without padding: time-major, longest first. Row <c>Offsets[t] + k</c> is step t of the k-th
/// longest sequence; <c>Alive(t)</c> of them have a step t. Sequences without steps come last and have no rows.
/// </summary>
internal sealed class SequenceBatch
{
    private int[] _offsets = [0];
    private int[] _lengths = [];
    private int[] _numbers = [];
    private BatchFeature[] _features = [new()];
    private int _featureCount;

    /// <summary>B: sequences, empty ones included.</summary>
    public int Count { get; private set; }

    /// <summary>T: steps of the longest sequence.</summary>
    public int Steps { get; private set; }

    /// <summary>Which step of the whole sequences step 0 is, where the batch has a part of them; else 0.</summary>
    public int FirstStep { get; private set; }

    /// <summary>Steps of all sequences together.</summary>
    public int Rows => _offsets[Steps];

    /// <summary>The values of the steps, a feature after the other.</summary>
    public ReadOnlySpan<BatchFeature> Features => _features.AsSpan(0, _featureCount);

    /// <summary>What the sequences have as a whole, beside their steps.</summary>
    public BatchRowFeatures RowFeatures { get; } = new();

    /// <summary>[Rows] of steps that are tokens and nothing else: keys, 0 = unknown. Empty for frames.</summary>
    public ReadOnlySpan<uint> Tokens => _features[0].Tokens;

    /// <summary>[Rows, F] of steps that are frames and nothing else: scaled numbers.</summary>
    public FloatBuffer Frames => _features[0].Frames;

    /// <summary>F of these frames.</summary>
    public int FrameSize => _features[0].FrameSize;

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

    /// <summary>
    /// Packs some of the steps of rows of a data set, counted from 0 again; rows that end before them become empty.
    /// </summary>
    public void Pack(SequenceDataset data, ReadOnlySpan<int> rows, ReadOnlySpan<int> numbers, FrameTransform scaling,
        StepRange steps)
    {
        Reserve(rows.Length);
        for (int k = 0; k < rows.Length; k++)
        {
            _lengths[k] = steps.StepsOf(data.Length(rows[k]));
            if (k > 0 && _lengths[k] > _lengths[k - 1]) // would be packed outside of the rows that there are
                throw new ArgumentException(
                    Invariant($"Row {rows[k]} is longer than the row before it: the longest must come first."), nameof(rows));
            _numbers[k] = numbers[k];
        }
        FirstStep = steps.First;
        LayOut();
        for (int i = 0; i < data.Channels.Count; i++)
            Pack(data, i, rows, scaling[i], steps.First);
        RowFeatures.Take(data.RowFeatures, rows);
    }

    /// <summary>
    /// The batch's steps of the k-th longest sequence, <paramref name="size"/> items each, out of all that it has.
    /// </summary>
    public ReadOnlySpan<T> Part<T>(ReadOnlySpan<T> items, int k, int first, int size) =>
        _lengths[k] == 0 ? [] : items.Slice(first * size, _lengths[k] * size);

    /// <summary>Takes the shape of sequences of one length, without values.</summary>
    public void Shape(int count, int steps)
    {
        Reserve(count);
        for (int k = 0; k < count; k++)
            (_lengths[k], _numbers[k]) = (steps, k);
        LayOut();
    }

    /// <summary>
    /// Takes the shape of one step of another batch, without values: a sequence of length 1 for each that has it.
    /// </summary>
    public void ShapeAsStep(SequenceBatch other, int step)
    {
        Reserve(other.Alive(step));
        for (int k = 0; k < Count; k++)
            (_lengths[k], _numbers[k]) = (1, other.Number(k));
        FirstStep = other.FirstStep + step;
        LayOut();
    }

    /// <summary>Packs what a decoder reads of label sequences: what every one begins with, then its tokens.</summary>
    /// <param name="targets">The labels.</param>
    /// <param name="rows">Which rows have them, the longest label first.</param>
    /// <param name="numbers">What each is called.</param>
    public void Pack(SequenceTargets targets, ReadOnlySpan<int> rows, ReadOnlySpan<int> numbers)
    {
        Reserve(rows.Length);
        for (int k = 0; k < rows.Length; k++)
            (_lengths[k], _numbers[k]) = (targets.Steps(rows[k]), numbers[k]);
        LayOut();
        BatchFeature tokens = Begin(StepFeatureKind.Tokens, targets.Boundary);
        for (int k = 0; k < rows.Length; k++)
            tokens.PlaceTokens(this, k, targets.Inputs(rows[k]));
    }

    /// <summary>Packs sequences of one token each.</summary>
    public void PackStep(ReadOnlySpan<uint> tokens, int vocabularySize)
    {
        Shape(tokens.Length, 1);
        BatchFeature feature = Begin(StepFeatureKind.Tokens, vocabularySize);
        for (int k = 0; k < tokens.Length; k++)
            feature.Place(this, k, tokens.Slice(k, 1));
    }

    /// <summary>Packs one sequence of tokens; keys above <paramref name="vocabularySize"/> become unknown.</summary>
    public void Pack(ReadOnlySpan<uint> tokens, int vocabularySize)
    {
        Single(tokens.Length);
        Begin(StepFeatureKind.Tokens, vocabularySize).Place(this, 0, tokens);
    }

    /// <summary>Packs one sequence of frames [T, F].</summary>
    public void Pack(ReadOnlySpan<float> frames, int frameSize, FrameTransform scaling)
    {
        Single(frames.Length / frameSize);
        Begin(StepFeatureKind.Frames, frameSize).Place(this, 0, frames, scaling[0]);
    }

    /// <summary>Packs words of a table, the longest first: a word's steps are its parts.</summary>
    public void Pack(WordTable words, ReadOnlySpan<uint> numbers, int vocabularySize)
    {
        Reserve(numbers.Length);
        for (int k = 0; k < numbers.Length; k++)
            (_lengths[k], _numbers[k]) = (words.Parts(numbers[k]).Length, k);
        LayOut();
        BatchFeature parts = Begin(StepFeatureKind.Tokens, vocabularySize);
        for (int k = 0; k < numbers.Length; k++)
            parts.Place(this, k, words.Parts(numbers[k]));
    }

    private void Pack(SequenceDataset data, int feature, ReadOnlySpan<int> rows, FeatureScaling scaling, int firstStep)
    {
        FeatureChannel channel = data.Channels[feature];
        BatchFeature values = Begin(channel.Feature.Kind, channel.Feature.Size);
        if (channel.IsDealt)
            Fetch(data, channel, rows, firstStep);
        for (int k = 0; k < rows.Length && _lengths[k] > 0; k++)
            if (channel.Feature.Kind == StepFeatureKind.Frames)
                values.Place(this, k, channel.Frames(data.Start(rows[k]) + firstStep, _lengths[k]), scaling);
            else
                values.Place(this, k, channel.Keys(data.Start(rows[k]) + firstStep, _lengths[k]));
        if (channel.Words is { } words)
            values.FindWords(words);
    }

    private void Fetch(SequenceDataset data, FeatureChannel channel, ReadOnlySpan<int> rows, int firstStep)
    {
        var stretches = new (long Start, int Length)[rows.Length];
        for (int k = 0; k < rows.Length && _lengths[k] > 0; k++)
            stretches[k] = (data.Start(rows[k]) + firstStep, _lengths[k] + 1); // the last may be a label only
        channel.Fetch(stretches);
    }

    /// <summary>Makes room for another feature of the steps.</summary>
    private BatchFeature Begin(StepFeatureKind kind, int size)
    {
        if (_featureCount == _features.Length)
            _features = [.. _features, new BatchFeature()];
        BatchFeature feature = _features[_featureCount++];
        feature.Begin(Rows, kind, size);
        return feature;
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
        FirstStep = 0;
        _featureCount = 0;
        RowFeatures.Clear();
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
    }
}
