using Microsoft.ML;
using Microsoft.ML.OnnxRuntime;
using Xunit;

namespace SequenceModels.Tests.Onnx;

/// <summary>A pipeline that ML.NET has converted, in ONNX Runtime.</summary>
internal sealed class ConvertedPipeline : IDisposable
{
    private readonly ITransformer _model;
    private readonly InferenceSession _session;
    private readonly string[] _outputs;

    /// <param name="ml">The context.</param>
    /// <param name="model">What is converted.</param>
    /// <param name="data">What it reads.</param>
    /// <param name="outputs">The columns that are wanted.</param>
    public ConvertedPipeline(MLContext ml, ITransformer model, IDataView data, params string[] outputs)
    {
        (_model, _outputs) = (model, outputs);
        Bytes = Convert(ml, model, data, outputs);
        _session = new InferenceSession(Bytes);
    }

    public byte[] Bytes { get; }

    public static byte[] Convert(MLContext ml, ITransformer model, IDataView data, params string[] outputs)
    {
        using var stream = new MemoryStream();
        ml.Model.ConvertToOnnx(model, data, stream, outputs);
        return stream.ToArray();
    }

    /// <summary>Compares what rows get here and there: each by itself, and all in one batch.</summary>
    /// <param name="rows">At least one.</param>
    /// <param name="together">Whether also in one batch.</param>
    public void RequireSame(IDataView rows, bool together = true)
    {
        var inputs = _session.InputMetadata.Keys.ToDictionary(name => name, name => RowValues.Of(rows, name));
        IDataView own = _model.Transform(rows);
        int count = inputs.Values.First().Rows.Count;
        Dictionary<string, RowValues> expected = _outputs.ToDictionary(name => name, name => RowValues.Of(own, name));
        int[] all = [.. Enumerable.Range(0, count)];
        foreach (int[] batch in all.Select(row => new[] { row }).Concat(together ? [all] : []))
        {
            using IDisposableReadOnlyCollection<DisposableNamedOnnxValue> results =
                _session.Run([.. inputs.Select(input => input.Value.ToTensor(input.Key, batch))]);
            foreach ((string name, RowValues column) in expected)
            {
                DisposableNamedOnnxValue result = results.Single(value => value.Name == $"{name}.output");
                foreach ((int row, Array found) in batch.Zip(column.FromTensor(result, batch)))
                    Equal(column.Rows[row], found, $"{name}, row {row} of {batch.Length}");
            }
        }
    }

    /// <summary>What ONNX Runtime gives for one row.</summary>
    public T[] Run<T>(string output, IDataView row)
    {
        using IDisposableReadOnlyCollection<DisposableNamedOnnxValue> results = _session.Run(
            [.. _session.InputMetadata.Keys.Select(name => RowValues.Of(row, name).ToTensor(name, [0]))]);
        return [.. results.Single(value => value.Name == $"{output}.output").AsEnumerable<T>()];
    }

    public void Dispose() => _session.Dispose();

    private static void Equal(Array expected, Array found, string where)
    {
        if (expected is float[] numbers)
        {
            var others = (float[])found;
            Assert.Equal(numbers.Length, others.Length);
            for (int i = 0; i < numbers.Length; i++)
                Assert.True(float.IsNaN(numbers[i]) == float.IsNaN(others[i]) && !(Math.Abs(numbers[i] - others[i]) >
                    2e-5f * Math.Max(1, Math.Abs(numbers[i]))), $"{where}: {others[i]} for {numbers[i]}");
            return;
        }
        Assert.True(expected.Cast<object>().SequenceEqual(found.Cast<object>()),
            $"{where}: [{string.Join(' ', found.Cast<object>())}] for [{string.Join(' ', expected.Cast<object>())}]");
    }
}
