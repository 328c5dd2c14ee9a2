using SequenceModels.Files;

namespace SequenceModels.Networks;

/// <summary>The table of an embedding in a file: [V + 1, E], or [V, E] where unknown tokens have no vector.</summary>
internal static class EmbeddingTable
{
    /// <summary>The table.</summary>
    public static WeightTensor Of(WeightPlaces places, string name, SafetensorsFile? file)
    {
        WeightTensor whole = places.Matrix(name, "embedding", [0]);
        return LacksUnknown(whole, file) ? whole with
        {
            Shape = [whole.Rows - 1, whole.RowLength],
            Read = (row, values) => whole.Read(row + 1, values),
            Write = (row, values) => whole.Write(row + 1, values),
        } : whole;
    }

    /// <summary>The output layer's weights, which must be the embedding's.</summary>
    public static WeightTensor Twin(WeightPlaces places, string name, SafetensorsFile? file)
    {
        WeightTensor table = Of(places, name, file);
        return table with
        {
            IsOptional = true,
            Write = (row, values) =>
            {
                float[] own = new float[values.Length];
                table.Read(row, own);
                if (!values.SequenceEqual(own))
                    throw new InvalidDataException(Invariant($"'{name}' is not the embedding: row {row} differs. ") +
                        "Read the network with SequenceNetworkShape.TiedEmbeddings = false.");
            },
        };
    }

    private static bool LacksUnknown(WeightTensor whole, SafetensorsFile? file) =>
        file is not null && file.Tensors.TryGetValue(whole.Name, out SafetensorsTensor? tensor) &&
        tensor.Shape is [var rows, _] && rows == whole.Rows - 1;
}
