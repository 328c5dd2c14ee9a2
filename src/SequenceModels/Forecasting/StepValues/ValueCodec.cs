using Microsoft.ML.Data;
using SequenceModels.Files;

namespace SequenceModels.Forecasting;

/// <summary>How values of one type are kept and written into a file.</summary>
internal abstract class ValueCodec
{
    /// <summary>
    /// Every type that a column of ML.NET's may have, but images and types of users. A file names one by its place: append, never
    /// reorder.
    /// </summary>
    public static ValueCodec[] All { get; } =
    [
        new ValueCodec<bool>((writer, value) => writer.Write(value), reader => reader.ReadBoolean()),
        Whole<sbyte>(value => value, value => (sbyte)value),
        Whole<byte>(value => value, value => (byte)value),
        Whole<short>(value => value, value => (short)value),
        Whole<ushort>(value => value, value => (ushort)value),
        Whole<int>(value => value, value => (int)value),
        Whole<uint>(value => value, value => (uint)value),
        Whole<long>(value => value, value => value),
        Whole<ulong>(value => (long)value, value => (ulong)value),
        new ValueCodec<float>((writer, value) => writer.Write(value), reader => reader.ReadSingle()),
        new ValueCodec<double>((writer, value) => writer.Write(value), reader => reader.ReadDouble()),
        Whole<TimeSpan>(value => value.Ticks, value => new TimeSpan(value)),
        new ValueCodec<DateTime>((writer, value) => WriteTime(writer, value, (int)value.Kind), ReadTime),
        new ValueCodec<DateTimeOffset>((writer, value) => WriteTime(writer, value.DateTime, value.TotalOffsetMinutes),
        ReadTimeOffset),
        new ValueCodec<DataViewRowId>((writer, value) =>
        {
            writer.Write(value.Low);
            writer.Write(value.High);
        }, reader => new DataViewRowId((ulong)reader.ReadInt64(), (ulong)reader.ReadInt64())),
        new ValueCodec<ReadOnlyMemory<char>>(
            (writer, value) => writer.Write(value.ToString()), reader => reader.ReadString().AsMemory())
        {
            Own = text => text.ToArray(),
        },
    ];

    public abstract Type Type { get; }

    /// <summary>Room for a value of a column.</summary>
    public abstract StepValue NewValue(bool isKey);

    /// <summary>Room for a vector of values.</summary>
    /// <param name="size">Its length; 0 where each row has one of its own.</param>
    public abstract StepValue NewVector(int size);

    private static ValueCodec<T> Whole<T>(Func<T, long> toNumber, Func<long, T> fromNumber) =>
        new((writer, value) => writer.Write(toNumber(value)), reader => fromNumber(reader.ReadInt64()));

    private static void WriteTime(PayloadWriter writer, DateTime time, int further)
    {
        writer.Write(time.Ticks);
        writer.Write(further);
    }

    private static DateTime ReadTime(PayloadReader reader)
    {
        long ticks = ReadTicks(reader);
        return new DateTime(ticks, (DateTimeKind)reader.ReadInt32("the kind of a time", 0, 2));
    }

    private static DateTimeOffset ReadTimeOffset(PayloadReader reader)
    {
        const int MostMinutes = 14 * 60;
        long ticks = ReadTicks(reader);
        var offset = TimeSpan.FromMinutes(reader.ReadInt32("the offset of a time", -MostMinutes, MostMinutes));
        return ticks - offset.Ticks >= 0 && ticks - offset.Ticks <= DateTime.MaxValue.Ticks ? new DateTimeOffset(ticks, offset)
            : throw reader.Invalid("a time is impossible");
    }

    private static long ReadTicks(PayloadReader reader)
    {
        long ticks = reader.ReadInt64();
        return ticks >= 0 && ticks <= DateTime.MaxValue.Ticks ? ticks : throw reader.Invalid("a time is impossible");
    }
}

/// <summary>How values of a known type are written into a file.</summary>
internal sealed class ValueCodec<T>(Action<PayloadWriter, T> write, Func<PayloadReader, T> read) : ValueCodec
{
    public override Type Type => typeof(T);

    /// <summary>Makes of a row's value one that outlives the row; null where any does.</summary>
    public Func<T, T>? Own { get; init; }

    public void Write(PayloadWriter writer, T value) => write(writer, value);

    public T Read(PayloadReader reader) => read(reader);

    public override StepValue NewValue(bool isKey) =>
        typeof(T) == typeof(ReadOnlyMemory<char>) ? new TextStepValue() : new ScalarStepValue<T>(this, isKey);

    public override StepValue NewVector(int size) => new VectorStepValue<T>(this, size);
}
