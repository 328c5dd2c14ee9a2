using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace SequenceModels.Benchmarks.Onnx;

/// <summary>Whole pipelines in ONNX Runtime, row by row.</summary>
internal static class OnnxPipelines
{
    private const string Label = "PredictedLabel", Score = "Score";

    /// <summary>What ONNX Runtime and the pipeline give the test rows, compared.</summary>
    public static OnnxDifference Compare(OnnxSubject subject)
    {
        var ml = new MLContext();
        using var model = new MemoryStream();
        ml.Model.ConvertToOnnx(subject.Model, subject.Test, model, Label, Score);
        using var session = new InferenceSession(model.ToArray());
        IDataView rows = subject.Model.Transform(subject.Test);
        Column[] inputs = [.. session.InputMetadata.Select(input => Column.Of(subject.Test, input.Key, input.Value.Dimensions))];
        uint[][] labels = Values<uint>(rows, Label);
        float[][] scores = Values<float>(rows, Score);
        var difference = new OnnxDifference(0, 0, 0);
        for (int row = 0; row < labels.Length; row++)
        {
            using var outputs = session.Run([.. inputs.Select(input => input.Tensors[row])]);
            uint[] others = [.. outputs.First(output => output.Name == $"{Label}.output").AsEnumerable<uint>()];
            float[] theirs = [.. outputs.First(output => output.Name == $"{Score}.output").AsEnumerable<float>()];
            difference += new OnnxDifference(labels[row].Length,
                labels[row].Length == others.Length ? labels[row].Zip(others, (a, b) => a == b ? 0 : 1).Sum() : labels[row].Length,
                scores[row].Zip(theirs, (a, b) => Math.Abs(a - b)).DefaultIfEmpty().Max());
        }
        return difference;
    }

    private static T[][] Values<T>(IDataView rows, string column) => rows.Schema[column].Type is VectorDataViewType
        ? [.. rows.GetColumn<T[]>(column)] : [.. rows.GetColumn<T>(column).Select(value => new[] { value })];

    /// <summary>What a graph reads of each row.</summary>
    private sealed record Column(IReadOnlyList<NamedOnnxValue> Tensors)
    {
        /// <param name="rows">The rows.</param>
        /// <param name="name">The column's name.</param>
        /// <param name="dimensions">As the graph has them: the row, and one for a number of values or more.</param>
        public static Column Of(IDataView rows, string name, int[] dimensions) =>
            (rows.Schema[name].Type is VectorDataViewType vector ? vector.ItemType : rows.Schema[name].Type) switch
            {
                TextDataViewType => Of<string>(rows, name, dimensions),
                KeyDataViewType => Of<uint>(rows, name, dimensions),
                { RawType: var raw } when raw == typeof(int) => Of<int>(rows, name, dimensions),
                _ => Of<float>(rows, name, dimensions),
            };

        private static Column Of<T>(IDataView rows, string name, int[] dimensions) => new(Values<T>(rows, name).Select(values =>
        {
            int[] sizes = dimensions.Length > 2 ? [1, .. dimensions[1..]] : [1, values.Length];
            int free = Array.FindIndex(sizes, size => size < 0);
            if (free > 0)
                sizes[free] = values.Length / sizes.Where(size => size > 0).Aggregate(1, (product, size) => product * size);
            return NamedOnnxValue.CreateFromTensor(name, new DenseTensor<T>(values, sizes));
        }).ToArray());
    }
}
