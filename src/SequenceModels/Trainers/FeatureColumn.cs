using Microsoft.ML;
using Microsoft.ML.Data;
using SequenceModels.Columns;

namespace SequenceModels.Trainers;

/// <summary>A column that a tagger reads at each step.</summary>
/// <param name="Name">The column's name.</param>
/// <param name="Type">The type that it had in training.</param>
internal sealed record FeatureColumn(string Name, VectorDataViewType Type)
{
    /// <summary>Bytes that one takes in a file, at least.</summary>
    public const int LeastBytes = 1 + 4 * sizeof(int);

    /// <summary>The columns as a trained network needs them.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing, or holds other steps than the network was trained on.</exception>
    public static StepColumns Bind(DataViewSchema schema, FeatureColumn[] features, NetworkSpec spec) =>
        new(SequenceColumn.Bind(schema, features[0].Name, spec.Input, spec.InputSize, features[0].Type));

    public void Write(BinaryWriter writer)
    {
        writer.Write(Name);
        FeatureColumnTypes.Write(writer, Type);
    }

    public static FeatureColumn Read(PayloadReader reader) => new(reader.ReadString(), FeatureColumnTypes.Read(reader));
}
