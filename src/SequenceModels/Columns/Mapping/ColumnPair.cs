using SequenceModels.Files;

namespace SequenceModels.Columns;

/// <summary>The columns of a transform that makes one of another.</summary>
/// <param name="Output">Its name may be the input's, which it then hides.</param>
/// <param name="Input">What is read.</param>
internal sealed record ColumnPair(string Output, string Input)
{
    /// <summary>The columns as a catalog's method is given them.</summary>
    /// <exception cref="ArgumentException">The output has no name.</exception>
    public static ColumnPair Of(string outputColumnName, string? inputColumnName)
    {
        ArgumentException.ThrowIfNullOrEmpty(outputColumnName);
        return new ColumnPair(outputColumnName, inputColumnName ?? outputColumnName);
    }

    public void Write(PayloadWriter writer)
    {
        writer.Write(Output);
        writer.Write(Input);
    }

    public static ColumnPair Read(PayloadReader reader) => new(reader.ReadString(), reader.ReadString());
}
