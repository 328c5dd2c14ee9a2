using Microsoft.ML;

namespace SequenceModels.Columns;

/// <summary>The error of a part of a pipeline that cannot become a part of an ONNX model.</summary>
internal static class OnnxRefusal
{
    /// <param name="transformer">The part.</param>
    /// <param name="added">The columns that it adds.</param>
    public static NotSupportedException Of(ITransformer transformer, IEnumerable<DataViewSchema.Column> added) => new(
        $"{transformer.GetType().Name} cannot be written as ONNX. Convert the pipeline without it, and make " +
        $"{string.Join(", ", added.Select(column => $"'{column.Name}'"))} where the model is used.");
}
