using System.Numerics;
using Microsoft.ML;
using Microsoft.ML.Data;
using SequenceModels.Files;

namespace SequenceModels.Forecasting;

/// <summary>The value of one column at one step, kept when its row is gone. Written over by the next.</summary>
internal abstract class StepValue
{
    /// <summary>Whether it says that there is none: NaN, an empty text, or the key 0.</summary>
    public virtual bool IsMissing => false;

    /// <summary>Binds to a row; the action gives a value of this column the row's present one.</summary>
    public abstract Action<StepValue> Reader(DataViewRow row, DataViewSchema.Column column);

    /// <summary>A ValueGetter that gives the value of whatever is current then.</summary>
    public abstract Delegate GetterOf(Func<StepValue> current);

    /// <summary>Takes over the value of the same column at another step.</summary>
    public abstract void CopyFrom(StepValue other);

    /// <summary>Orders values of the same column.</summary>
    public virtual int CompareTo(StepValue other) => throw new NotSupportedException();

    public abstract void Write(PayloadWriter writer);

    public abstract void Read(PayloadReader reader);
}

/// <summary>A number, a key, a truth value or a time.</summary>
internal sealed class ScalarStepValue<T>(ValueCodec<T> codec, bool isKey) : StepValue
{
    private T _value = default!;

    public override bool IsMissing => _value switch
    {
        float number => float.IsNaN(number),
        double number => double.IsNaN(number),
        _ => isKey && EqualityComparer<T>.Default.Equals(_value, default),
    };

    public override Action<StepValue> Reader(DataViewRow row, DataViewSchema.Column column)
    {
        ValueGetter<T> get = row.GetGetter<T>(column);
        return target => get(ref ((ScalarStepValue<T>)target)._value);
    }

    public override Delegate GetterOf(Func<StepValue> current) =>
        (ValueGetter<T>)((ref T value) => value = ((ScalarStepValue<T>)current())._value);

    public override void CopyFrom(StepValue other) => _value = ((ScalarStepValue<T>)other)._value;

    public override int CompareTo(StepValue other) => Comparer<T>.Default.Compare(_value, ((ScalarStepValue<T>)other)._value);

    public override void Write(PayloadWriter writer) => codec.Write(writer, _value);

    public override void Read(PayloadReader reader) => _value = codec.Read(reader);

    /// <summary>As an error message shows it.</summary>
    public override string ToString() => InvariantText.Of(_value) ?? "";
}

/// <summary>A text, in memory of its own: the row's may be written over.</summary>
internal sealed class TextStepValue : StepValue
{
    private char[] _text = [];
    private int _length;

    /// <summary>What readers are given, and may keep; made when the first one asks.</summary>
    private string? _given;

    public override bool IsMissing => _length == 0;

    public override Action<StepValue> Reader(DataViewRow row, DataViewSchema.Column column)
    {
        ValueGetter<ReadOnlyMemory<char>> get = row.GetGetter<ReadOnlyMemory<char>>(column);
        ReadOnlyMemory<char> value = default;
        return target =>
        {
            get(ref value);
            ((TextStepValue)target).Set(value.Span);
        };
    }

    public override Delegate GetterOf(Func<StepValue> current) =>
        (ValueGetter<ReadOnlyMemory<char>>)((ref ReadOnlyMemory<char> value) => value = current().ToString().AsMemory());

    public override void CopyFrom(StepValue other) => Set(((TextStepValue)other).Span);

    public override int CompareTo(StepValue other) => Span.SequenceCompareTo(((TextStepValue)other).Span);

    public override void Write(PayloadWriter writer) => writer.Write(ToString());

    public override void Read(PayloadReader reader) => Set(reader.ReadString());

    public override string ToString() => _given ??= Span.ToString();

    private ReadOnlySpan<char> Span => _text.AsSpan(0, _length);

    private void Set(ReadOnlySpan<char> text)
    {
        if (text.SequenceEqual(Span))
            return;
        if (_text.Length < text.Length)
            _text = new char[BitOperations.RoundUpToPowerOf2((uint)text.Length)];
        text.CopyTo(_text);
        (_length, _given) = (text.Length, null);
    }
}

/// <summary>A vector.</summary>
/// <param name="codec">Of its items.</param>
/// <param name="size">Its length; 0 where each row has one of its own.</param>
internal sealed class VectorStepValue<T>(ValueCodec<T> codec, int size) : StepValue
{
    private VBuffer<T> _value;

    public override Action<StepValue> Reader(DataViewRow row, DataViewSchema.Column column)
    {
        ValueGetter<VBuffer<T>> get = row.GetGetter<VBuffer<T>>(column);
        VBuffer<T> value = default;
        return target =>
        {
            get(ref value);
            ((VectorStepValue<T>)target).Set(in value);
        };
    }

    public override Delegate GetterOf(Func<StepValue> current) =>
        (ValueGetter<VBuffer<T>>)((ref VBuffer<T> value) => ((VectorStepValue<T>)current())._value.CopyTo(ref value));

    public override void CopyFrom(StepValue other) => ((VectorStepValue<T>)other)._value.CopyTo(ref _value);

    /// <summary>
    /// Of a vector of known size that is mostly empty only what is there; a length that only the vector states is paid for in
    /// values.
    /// </summary>
    public override void Write(PayloadWriter writer)
    {
        bool isSparse = size > 0 && !_value.IsDense;
        writer.Write(isSparse);
        if (!isSparse)
        {
            writer.Write(_value.Length);
            foreach (T value in _value.DenseValues())
                codec.Write(writer, value);
            return;
        }
        writer.Write(_value.GetValues().Length);
        foreach ((int place, T value) in _value.Items())
        {
            writer.Write(place);
            codec.Write(writer, value);
        }
    }

    public override void Read(PayloadReader reader)
    {
        bool isSparse = reader.ReadBoolean();
        int count = reader.ReadCount("the number of a vector's values", 1);
        if (isSparse ? count > size : size > 0 && count != size)
            throw reader.Invalid(Invariant($"a vector of {size} has {count} values"));
        VBufferEditor<T> editor = VBufferEditor.Create(ref _value, isSparse ? size : count, count);
        for (int i = 0, next = 0; i < count; i++)
        {
            if (isSparse)
                next = 1 + (editor.Indices[i] = reader.ReadInt32("a place in a vector", next, size - 1));
            editor.Values[i] = codec.Read(reader);
        }
        _value = editor.Commit();
    }

    private void Set(in VBuffer<T> value)
    {
        value.CopyTo(ref _value);
        if (codec.Own is not { } own)
            return;
        VBufferEditor<T> editor = VBufferEditor.CreateFromBuffer(ref _value);
        for (int i = 0; i < editor.Values.Length; i++)
            editor.Values[i] = own(editor.Values[i]);
        _value = editor.Commit();
    }
}
