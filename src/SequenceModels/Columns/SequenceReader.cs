using System.Globalization;
using System.Numerics;
using Microsoft.ML;
using Microsoft.ML.Data;
using SequenceModels.Sequences;

namespace SequenceModels.Columns;

/// <summary>Reads a sequence column of one row or cursor. Sparse and dense vectors give the same.</summary>
internal abstract class SequenceReader(SequenceColumn column, DataViewRow row)
{
    protected uint[] TokenBuffer = [];
    protected float[] FrameBuffer = [];

    /// <summary>T, the number of steps of the row read last.</summary>
    public int Length { get; private protected set; }

    /// <summary>The keys of the row read last, 0 = unknown; meaningful for token columns. [T]</summary>
    public ReadOnlySpan<uint> Tokens => TokenBuffer.AsSpan(0, Length);

    /// <summary>The frames of the row read last; meaningful for frame columns. [T, F]</summary>
    public ReadOnlySpan<float> Frames => FrameBuffer.AsSpan(0, Length * Size);

    /// <summary>V or F.</summary>
    protected int Size { get; } = column.InputSize;

    /// <summary>Reads the row's sequence.</summary>
    /// <exception cref="InvalidOperationException">The row holds what the column's kind does not allow.</exception>
    public abstract void Read();

    /// <summary>Turns the sequence round that was read last.</summary>
    public void Reverse()
    {
        if (column.Input == StepFeatureKind.Tokens)
        {
            TokenBuffer.AsSpan(0, Length).Reverse();
            return;
        }
        // All numbers turned round, then those of each frame once more.
        Span<float> frames = FrameBuffer.AsSpan(0, Length * Size);
        frames.Reverse();
        for (int t = 0; t < Length; t++)
            frames.Slice(t * Size, Size).Reverse();
    }

    /// <summary>Gives the row that a data set closes next what was read last, as one of its features.</summary>
    /// <param name="data">The data set.</param>
    /// <param name="feature">The feature's place.</param>
    public virtual void SetIn(SequenceDataset data, int feature)
    {
        if (column.Input == StepFeatureKind.Tokens)
            data.Set(feature, Tokens);
        else
            data.Set(feature, Frames);
    }

    protected static Span<T> Grow<T>(ref T[] buffer, int length)
    {
        if (buffer.Length < length)
            buffer = new T[Math.Max(length, buffer.Length * 2)];
        return buffer.AsSpan(0, length);
    }

    /// <summary>T of a vector that holds T steps.</summary>
    protected int Steps(int length) => length % Size == 0 ? length / Size : throw Invalid(
        Invariant($"{Counted.Of(length, "value")} cannot be cut into steps of {Size}"),
        "Every row must hold whole steps of the same number of values.");

    /// <summary>The column's name.</summary>
    public string Name => column.Column.Name;

    /// <summary>An error of the row read last.</summary>
    public InvalidOperationException Invalid(string what, string mend) =>
        new(Invariant($"Column '{column.Column.Name}', row {row.Position} (counted from 0): {what}. {mend}"));
}

/// <summary>Reads a vector of keys.</summary>
internal sealed class KeyReader<TKey>(SequenceColumn column, DataViewRow row) : SequenceReader(column, row)
    where TKey : unmanaged, IUnsignedNumber<TKey>, IBinaryInteger<TKey>
{
    private readonly ValueGetter<VBuffer<TKey>> _get = row.GetGetter<VBuffer<TKey>>(column.Column);
    private VBuffer<TKey> _keys;

    public override void Read()
    {
        _get(ref _keys);
        Length = _keys.Length;
        Span<uint> tokens = Grow(ref TokenBuffer, Length);
        ReadOnlySpan<TKey> values = _keys.GetValues();
        if (_keys.IsDense)
        {
            for (int t = 0; t < values.Length; t++)
                tokens[t] = uint.CreateTruncating(values[t]);
            return;
        }

        tokens.Clear();
        ReadOnlySpan<int> steps = _keys.GetIndices();
        for (int i = 0; i < values.Length; i++)
            tokens[steps[i]] = uint.CreateTruncating(values[i]);
    }
}

/// <summary>Reads steps of V numbers of which one at most is 1, and the others 0, without ever unfolding them.</summary>
internal sealed class OneHotReader(SequenceColumn column, DataViewRow row) : SequenceReader(column, row)
{
    private readonly ValueGetter<VBuffer<float>> _get = row.GetGetter<VBuffer<float>>(column.Column);
    private VBuffer<float> _values;

    public override void Read()
    {
        _get(ref _values);
        Length = Steps(_values.Length);
        Span<uint> tokens = Grow(ref TokenBuffer, Length);
        tokens.Clear();
        ReadOnlySpan<float> values = _values.GetValues();
        ReadOnlySpan<int> indices = _values.GetIndices();
        for (int i = 0; i < values.Length; i++)
        {
            if (values[i] == 0)
                continue;
            int place = _values.IsDense ? i : indices[i];
            ref uint token = ref tokens[place / Size];
            if (values[i] != 1 || token != 0)
                throw BadStep(place);
            token = (uint)(place % Size) + 1;
        }
    }

    private InvalidOperationException BadStep(int place) => Invalid(
        string.Create(CultureInfo.InvariantCulture,
            $"step {place / Size} has more than one active value, or one that is not 1 (slot {place % Size})"),
        "The column's annotations say that its steps are one-hot, and these have a single 1 at most. Make it of keys with " +
        "OneHotSequenceEncoding or ML.NET's OneHotEncoding; columns without such annotations are read as frames of any numbers.");
}

/// <summary>Reads steps of F finite numbers.</summary>
internal class FrameReader(SequenceColumn column, DataViewRow row) : SequenceReader(column, row)
{
    private readonly ValueGetter<VBuffer<float>> _get = row.GetGetter<VBuffer<float>>(column.Column);
    private VBuffer<float> _values;

    public override void Read()
    {
        _get(ref _values);
        Length = Steps(_values.Length);
        Span<float> frames = Grow(ref FrameBuffer, _values.Length);
        _values.CopyTo(frames);
        for (int i = 0; i < frames.Length; i++)
            if (!float.IsFinite(frames[i]))
                throw Invalid(
                    Invariant($"step {i / Size}, feature {i % Size} is {frames[i].ToString(CultureInfo.InvariantCulture)}"),
                    "Remove such rows or replace such values (ReplaceMissingValues) before.");
    }
}
