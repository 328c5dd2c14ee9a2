using Microsoft.ML;
using Microsoft.ML.Data;
using SequenceModels.Columns;
using SequenceModels.Files;

namespace SequenceModels.Forecasting;

/// <summary>A column whose value at the last step of each series is kept.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">Its type, as ML.NET writes it.</param>
/// <param name="Item">Of its values, or of the vectors' items.</param>
/// <param name="Size">Of its vectors, 0 where each has one of its own; null where it has none.</param>
/// <param name="IsKey">Whether its values are keys.</param>
/// <param name="Keys">Tells what its keys stand for, in their order; empty where they have no names.</param>
internal sealed record KeptColumn(string Name, string Type, ValueCodec Item, int? Size, bool IsKey, string Keys)
{
    /// <summary>The column as one that is kept; null where its values cannot be.</summary>
    public static KeptColumn? Of(DataViewSchema.Column column)
    {
        DataViewType item = column.Type is VectorDataViewType vector ? vector.ItemType : column.Type;
        return item is PrimitiveDataViewType && Array.Find(ValueCodec.All, codec => codec.Type == item.RawType) is { } codec
            ? new(column.Name, column.Type.ToString()!, codec, (column.Type as VectorDataViewType)?.Size, item is KeyDataViewType,
                item is KeyDataViewType ? KeyFingerprint.Of(column) : "") : null;
    }

    /// <summary>Its type, and where that is not all, what else tells it from others of the name.</summary>
    public string Describe() => Keys == "" ? Type : $"{Type}, values {Keys[..8]}";

    /// <summary>
    /// How it differs from a column of the same name; null: nothing is known to differ. Keys without names can only be counted.
    /// </summary>
    public string? DifferenceTo(KeptColumn other) =>
        this with { Keys = other.Keys } != other ? $"it is {Type} here, and was {other.Type}"
        : Keys == "" || other.Keys == "" || Keys == other.Keys ? null
        : "its keys stand for other values here, or for the same in another order, than they did";

    public StepValue NewValue() => Size is { } size ? Item.NewVector(size) : Item.NewValue(IsKey);

    /// <summary>Room for a value of each column.</summary>
    public static StepValue[] NewValues(KeptColumn[] columns) => Array.ConvertAll(columns, column => column.NewValue());

    public static void Write(PayloadWriter writer, KeptColumn[] columns)
    {
        writer.Write(columns.Length);
        foreach (KeptColumn column in columns)
        {
            writer.Write(column.Name);
            writer.Write(column.Type);
            writer.Write(Array.IndexOf(ValueCodec.All, column.Item));
            writer.Write(column.Size ?? -1);
            writer.Write(column.IsKey);
            writer.Write(column.Keys);
        }
    }

    public static KeptColumn[] ReadAll(PayloadReader reader)
    {
        const int LeastBytes = 3 + 2 * sizeof(int) + 1;
        var columns = new KeptColumn[reader.ReadCount("the number of kept columns", LeastBytes)];
        for (int i = 0; i < columns.Length; i++)
        {
            string name = reader.ReadString(), type = reader.ReadString();
            ValueCodec item = ValueCodec.All[reader.ReadInt32("the type of a kept column", 0, ValueCodec.All.Length - 1)];
            int size = reader.ReadInt32("the size of a kept column", -1, int.MaxValue);
            columns[i] = new(name, type, item, size < 0 ? null : size, reader.ReadBoolean(), reader.ReadString());
        }
        return columns.DistinctBy(column => column.Name).Count() == columns.Length ? columns
            : throw reader.Invalid("a column is kept twice");
    }
}
