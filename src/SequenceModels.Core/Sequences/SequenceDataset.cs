namespace SequenceModels.Sequences;

/// <summary>Training rows, read once: all steps of all sequences in one array, with offsets, labels and weights.</summary>
/// <param name="input">What a step is.</param>
/// <param name="inputSize">V (number of tokens) or F (numbers in a frame).</param>
internal sealed class SequenceDataset(SequenceInput input, int inputSize)
{
    private uint[] _tokens = [];
    private float[] _frames = [], _stepLabels = [];
    private readonly List<long> _ends = [];
    private readonly List<float> _labels = [];
    private readonly List<float> _weights = [];

    public SequenceInput Input { get; } = input;

    public int InputSize { get; } = inputSize;

    public int Count => _ends.Count;

    public long NumberOfSteps => Count == 0 ? 0 : _ends[^1];

    /// <param name="tokens">Keys; those above V are taken as unknown (0).</param>
    /// <param name="label">Class index from 0, 0 or 1, or the number to predict.</param>
    /// <param name="weight">Finite and not negative.</param>
    public void Add(ReadOnlySpan<uint> tokens, float label, float weight = 1)
    {
        Append(ref _tokens, NumberOfSteps, tokens);
        Close(tokens.Length, label, weight);
    }

    /// <param name="tokens">Keys; those above V are taken as unknown (0).</param>
    /// <param name="labels">[T] for each step, as the label of a whole sequence would be.</param>
    /// <param name="weight">Of each step; finite and not negative.</param>
    public void Add(ReadOnlySpan<uint> tokens, ReadOnlySpan<float> labels, float weight = 1)
    {
        if (labels.Length != tokens.Length)
            throw new ArgumentException($"{tokens.Length} steps have {labels.Length} labels.", nameof(labels));
        Append(ref _stepLabels, NumberOfSteps, labels);
        Add(tokens, float.NaN, weight);
    }

    /// <param name="frames">[T, F] numbers, step after step; finite.</param>
    /// <param name="label">Class index from 0, 0 or 1, or the number to predict.</param>
    /// <param name="weight">Finite and not negative.</param>
    public void Add(ReadOnlySpan<float> frames, float label, float weight = 1)
    {
        if (frames.Length % InputSize != 0)
            throw new ArgumentException($"{frames.Length} numbers do not divide into frames of {InputSize}.", nameof(frames));
        Append(ref _frames, NumberOfSteps * InputSize, frames);
        Close(frames.Length / InputSize, label, weight);
    }

    /// <param name="frames">[T, F] numbers, step after step; finite.</param>
    /// <param name="labels">[T] for each step, as the label of a whole sequence would be.</param>
    /// <param name="weight">Of each step; finite and not negative.</param>
    public void Add(ReadOnlySpan<float> frames, ReadOnlySpan<float> labels, float weight = 1)
    {
        if ((long)labels.Length * InputSize != frames.Length)
            throw new ArgumentException($"{frames.Length} numbers in frames of {InputSize} have {labels.Length} labels.", nameof(labels));
        Append(ref _stepLabels, NumberOfSteps, labels);
        Add(frames, float.NaN, weight);
    }

    /// <summary>Forgets all rows and keeps the memory for others.</summary>
    public void Clear()
    {
        _ends.Clear();
        _labels.Clear();
        _weights.Clear();
    }

    public int Length(int row) => (int)(_ends[row] - Start(row));

    public ReadOnlySpan<uint> Tokens(int row) => _tokens.AsSpan((int)Start(row), Length(row));

    /// <summary>[T, F] numbers of the row.</summary>
    public ReadOnlySpan<float> Frames(int row) => _frames.AsSpan((int)(Start(row) * InputSize), Length(row) * InputSize);

    /// <summary>The sequence's label; NaN where each step has one.</summary>
    public float Label(int row) => _labels[row];

    /// <summary>[T] the labels of the row's steps.</summary>
    public ReadOnlySpan<float> StepLabels(int row) => _stepLabels.AsSpan((int)Start(row), Length(row));

    public float Weight(int row) => _weights[row];

    private long Start(int row) => row == 0 ? 0 : _ends[row - 1];

    private void Close(int steps, float label, float weight)
    {
        _ends.Add(NumberOfSteps + steps);
        _labels.Add(label);
        _weights.Add(weight);
    }

    private static void Append<T>(ref T[] array, long count, ReadOnlySpan<T> items)
    {
        long needed = count + items.Length;
        if (needed > Array.MaxLength)
            throw new InvalidOperationException(
                $"The training data has more than {Array.MaxLength:N0} values. Train on fewer rows or cut the sequences (MaximumLength).");
        if (needed > array.Length)
            Array.Resize(ref array, (int)Math.Min(Math.Max(needed, array.Length * 2L), Array.MaxLength));
        items.CopyTo(array.AsSpan((int)count));
    }
}
