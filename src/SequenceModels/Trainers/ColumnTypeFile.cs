using Microsoft.ML.Data;
using SequenceModels.Files;

namespace SequenceModels.Trainers;

/// <summary>Writes and reads the type of a feature column: a vector of keys, of Single or of text, or a text.</summary>
internal static class ColumnTypeFile
{
    // A model file names the item type by its place in this list: append, never reorder.
    private static readonly Type[] ItemTypes = [typeof(float), typeof(byte), typeof(ushort), typeof(uint),
        typeof(ReadOnlyMemory<char>)];

    public static void Write(PayloadWriter writer, DataViewType type)
    {
        DataViewType item = type is VectorDataViewType vector ? vector.ItemType : type;
        writer.Write(Array.IndexOf(ItemTypes, item.RawType));
        writer.Write(item is KeyDataViewType key ? checked((uint)key.Count) : 0);
        writer.WriteArray(type is VectorDataViewType { Dimensions: var dimensions } ? [.. dimensions] : Array.Empty<int>());
    }

    public static DataViewType Read(PayloadReader reader)
    {
        Type item = ItemTypes[reader.ReadInt32("the feature column's item type", 0, ItemTypes.Length - 1)];
        uint keys = reader.ReadUInt32();
        var dimensions = new int[reader.ReadCount("the feature column's number of dimensions", sizeof(int))];
        long size = 1;
        for (int i = 0; i < dimensions.Length; i++)
        {
            dimensions[i] = reader.ReadInt32("a dimension of the feature column", 0, int.MaxValue);
            size *= dimensions[i];
            if (size > int.MaxValue)
                throw reader.Invalid("the feature column's dimensions are impossible");
        }
        if (dimensions.Length == 0 && item == typeof(ReadOnlyMemory<char>))
            return TextDataViewType.Instance;
        if (dimensions.Length == 0)
            throw reader.Invalid("the feature column has no dimension");
        if (item == typeof(float))
            return new VectorDataViewType(NumberDataViewType.Single, dimensions);
        if (item == typeof(ReadOnlyMemory<char>))
            return new VectorDataViewType(TextDataViewType.Instance, dimensions);
        if (keys == 0 || keys > LargestKey(item))
            throw reader.Invalid(Invariant($"the feature column's number of keys is {keys}"));
        return new VectorDataViewType(new KeyDataViewType(item, keys), dimensions);
    }

    private static uint LargestKey(Type item) =>
        item == typeof(byte) ? byte.MaxValue : item == typeof(ushort) ? ushort.MaxValue : (uint)int.MaxValue;
}
