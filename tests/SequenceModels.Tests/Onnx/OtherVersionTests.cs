using System.Reflection;
using System.Runtime.Loader;
using System.Text;
using Microsoft.ML;
using Microsoft.ML.Data;
using SequenceModels.Interop;
using SequenceModels.Tests.Trainers;
using Xunit;

namespace SequenceModels.Tests.Onnx;

/// <summary>A version of ML.NET without the interface of the conversion costs the conversion, and nothing else.</summary>
public class OtherVersionTests
{
    private const string Interface = "ITransformCanSaveOnnx";

    [Fact]
    public void Training_saving_loading_and_scoring_do_without_the_interface()
    {
        var other = new Context();
        Assembly tests = other.LoadFromAssemblyPath(typeof(OtherVersionTests).Assembly.Location);
        MethodInfo run = tests.GetType(typeof(OtherVersionTests).FullName!)!
            .GetMethod(nameof(ScoreAfterLoading), BindingFlags.NonPublic | BindingFlags.Static)!;
        var there = (float[])run.Invoke(null, [false])!;
        Assert.Equal(ScoreAfterLoading(takesPart: true), there);
    }

    [Fact]
    public void A_view_is_itself_where_there_is_no_interface()
    {
        var ml = new MLContext(1);
        IDataView rows = ml.View(3);
        ITransformer transformer = ml.Tokens().Fit(rows);
        Assert.Same(rows, ConvertibleView.Of(rows, rows, transformer, _ => { }, contract: null));
        Assert.Same(rows, ConvertibleView.Of(rows, rows, transformer, _ => { }, contract: typeof(IDisposable)));
        Assert.Same(rows, ConvertibleView.Of(rows, rows, transformer, _ => { }, contract: typeof(EmptyView))); // no interface
    }

    /// <summary>Trains a model, saves it, loads it and scores with it.</summary>
    /// <param name="takesPart">Whether views are expected to take part in a conversion.</param>
    private static float[] ScoreAfterLoading(bool takesPart)
    {
        var ml = new MLContext(1);
        IDataView rows = ml.View(30);
        using var stream = new MemoryStream();
        ml.Model.Save(ml.BinaryPipeline(Examples.Glance).Fit(rows), rows.Schema, stream);
        stream.Position = 0;
        IDataView scored = ml.Model.Load(stream, out _).Transform(rows);
        return scored is ConvertibleView == takesPart ? [.. scored.GetColumn<float>("Score")]
            : throw new InvalidOperationException($"{scored.GetType()}");
    }

    /// <summary>All of ML.NET and of this library once more, where the interface is called something else.</summary>
    private sealed class Context() : AssemblyLoadContext(nameof(OtherVersionTests))
    {
        protected override Assembly? Load(AssemblyName assemblyName)
        {
            string path = Path.Combine(AppContext.BaseDirectory, $"{assemblyName.Name}.dll");
            if (!File.Exists(path) || !(assemblyName.Name!.StartsWith("Microsoft.ML", StringComparison.Ordinal) ||
                assemblyName.Name.StartsWith("SequenceModels", StringComparison.Ordinal)))
                return null;
            if (assemblyName.Name != "Microsoft.ML.Data")
                return LoadFromAssemblyPath(path);
            byte[] image = File.ReadAllBytes(path);
            int at = image.AsSpan().IndexOf(Encoding.ASCII.GetBytes($"\0{Interface}\0"));
            Assert.True(at > 0, $"{path} has no {Interface}");
            image[at + 1] = (byte)'X';
            return LoadFromStream(new MemoryStream(image));
        }
    }
}
