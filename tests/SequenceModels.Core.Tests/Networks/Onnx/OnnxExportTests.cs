using Microsoft.ML.OnnxRuntime;
using SequenceModels.Cells;
using SequenceModels.Heads;
using SequenceModels.Networks;
using SequenceModels.Sequences;
using SequenceModels.Tests.Layers;
using SequenceModels.Tests.Reference;
using SequenceModels.Tests.Training;
using Xunit;

namespace SequenceModels.Tests.Networks;

/// <summary>
/// ONNX Runtime gives the scores that the network gives, of ragged batches, empty sequences and batches of them.
/// </summary>
public class OnnxExportTests
{
    private static readonly HeadKind[] s_heads =
        [HeadKind.Softmax, HeadKind.Sigmoid, HeadKind.Regression, HeadKind.MultiLabel, HeadKind.SquaredError];

    public static IEnumerable<TheoryDataRow<string, Steps, int, bool>> Stacks =>
        from cell in RecurrentCells.All
        from steps in Enum.GetValues<Steps>()
        from layers in new[] { 1, 2 }
        from bidirectional in new[] { false, true }
        select new TheoryDataRow<string, Steps, int, bool>(cell.Name, steps, layers, bidirectional);

    [Theory]
    [MemberData(nameof(Stacks))]
    public void Scores_are_those_of_the_network(string cell, Steps steps, int layers, bool bidirectional)
    {
        foreach (SequencePooling pooling in Enum.GetValues<SequencePooling>())
            foreach (HeadKind head in s_heads)
                Check(GradientCheck.Spec(cell, layers, bidirectional, steps, pooling, head));
        foreach (HeadKind head in new[] { HeadKind.Softmax, HeadKind.Sigmoid, HeadKind.Regression, HeadKind.MultiLabel,
            HeadKind.Crf, HeadKind.Ctc })
            Check(GradientCheck.Spec(cell, layers, bidirectional, steps, SequencePooling.Last, head) with { EveryStep = true });
    }

    /// <summary>More tokens than the gates have numbers: they enter as what they put into the gates.</summary>
    [Theory]
    [InlineData("GRU", false)]
    [InlineData("LSTM", true)]
    [InlineData("PeepholeLSTM", true)]
    [InlineData("LayerNormLSTM", true)]
    public void Many_one_hot_tokens_enter_as_their_products(string cell, bool bidirectional) =>
        Check(GradientCheck.Spec(cell, layers: 2, bidirectional, Steps.OneHotTokens, SequencePooling.Mean, HeadKind.Softmax) with
        {
            InputSize = 90,
        });

    [Theory]
    [InlineData("all", true)]
    [InlineData("twice", false)]
    [InlineData("characters", false)]
    [InlineData("subwords", true)]
    [InlineData("both", false)]
    [InlineData("frames", true)]
    public void Steps_of_several_features_are_read(string features, bool everyStep)
    {
        foreach (bool frames in new[] { false, true })
            Check(FeatureTests.Spec(features, frames, bidirectional: true) with { EveryStep = everyStep });
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Numbers_of_whole_rows_are_read(bool sparse)
    {
        NetworkShape spec = GradientCheck.Spec("LSTM", 1, false, Steps.EmbeddedTokens, SequencePooling.Max, HeadKind.Softmax) with
        {
            RowFeatureSize = 5,
        };
        Check(spec, new OnnxExportOptions { SparseRowFeatures = sparse });
    }

    [Theory]
    [InlineData("GRU", 1)]
    [InlineData("LSTM", 2)]
    public void Frames_of_several_steps_are_stacked(string cell, int size)
    {
        var run = new NetworkRun(GradientCheck.Spec(cell, 1, true, Steps.Frames, SequencePooling.MaxMeanLast,
            HeadKind.Softmax) with
        {
            InputSize = 3 * size,
        });
        EncoderNetworkSpec own = run.Network.Spec;
        var layers = new EncoderNetwork(own with
        {
            Encoder = own.Encoder with { Inputs = [StepFeature.Frames(size, stacked: 3)] },
        }, run.Network.Layers.Frames, LabelTransform.None);
        layers.Parameters.Allocate();
        run.Network.Layers.Parameters.Values.Span.CopyTo(layers.Parameters.Values.Span);
        var network = new SequenceNetwork(layers);
        var random = new Random(5);
        Example[] rows = [.. Enumerable.Range(0, 9).Select(steps =>
            new Example(null, [.. Enumerable.Range(0, steps * size).Select(_ => random.NextSingle())], 0))];
        foreach (Example[] batch in new Example[][] { rows, [.. rows.Reverse()], [rows[0]], [rows[4]] })
        {
            using InferenceSession session = Session(network);
            OnnxAnswer.Run(session, new OnnxBatch(network.Spec.Inputs, batch).Inputs(), batch.Length)
                .AssertIs(new([.. batch.Select(row => network.Score(row.Frames!))], null), 1e-5);
        }
    }

    [Fact]
    public void Tied_embeddings_are_written_once()
    {
        NetworkShape spec = GradientCheck.Spec("GRU", 1, false, Steps.EmbeddedTokens, SequencePooling.Last, HeadKind.Softmax) with
        {
            InputSize = 500,
            NumberOfOutputs = 501,
            EmbeddingSize = 8,
            HiddenSize = 8,
            EveryStep = true,
        };
        Check(spec with { TiedEmbeddings = true });
        Assert.True(Size(spec with { TiedEmbeddings = true }) < Size(spec) - 400 * 8 * sizeof(float));

        static long Size(NetworkShape shape)
        {
            using var stream = new MemoryStream();
            new NetworkRun(shape).Network.ExportOnnx(stream);
            return stream.Length;
        }
    }

    /// <summary>A CRF whose constraints exclude many sequences, and whose scores are far apart.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(300)]
    public void A_CRF_decides_for_the_tags_that_the_network_decides_for(int scale)
    {
        NetworkShape spec = GradientCheck.Spec("GRU", 1, true, Steps.EmbeddedTokens, SequencePooling.Last, HeadKind.Crf) with
        {
            EveryStep = true,
            Constraints = new CrfConstraints(new bool[,] { { true, true, false }, { true, true, true }, { true, false, true } },
                [true, true, false], [true, true, true]),
        };
        var run = new NetworkRun(spec);
        System.Numerics.Tensors.TensorPrimitives.Multiply(run.Vector("output.W"), scale, run.Vector("output.W"));
        OnnxCase.OfBatches(run.Network, spec, Rows(spec)).Check(tolerance: scale * 1e-5);
    }

    [Theory]
    [InlineData("RNN")]
    [InlineData("GRU")]
    [InlineData("LSTM")]
    [InlineData("PeepholeLSTM")]
    [InlineData("LayerNormLSTM")]
    public void A_stream_goes_on_where_its_states_are_handed_on(string cell)
    {
        foreach (Steps steps in Enum.GetValues<Steps>())
            foreach (HeadKind head in new[] { HeadKind.Softmax, HeadKind.Sigmoid, HeadKind.Regression })
            {
                foreach (SequencePooling pooling in Enum.GetValues<SequencePooling>())
                    Stream(GradientCheck.Spec(cell, 2, false, steps, pooling, head));
                Stream(GradientCheck.Spec(cell, 1, false, steps, SequencePooling.Last, head) with { EveryStep = true });
            }

        static void Stream(NetworkShape spec) =>
            OnnxCase.OfStreams(new NetworkRun(spec).Network, spec, Rows(spec)).Check();
    }

    [Theory]
    [InlineData("GRU", SequencePooling.Last)]
    [InlineData("LSTM", SequencePooling.MaxMeanLast)]
    public void A_forecaster_with_a_linear_path_is_written(string cell, SequencePooling pooling)
    {
        foreach (HeadKind head in new[] { HeadKind.SquaredError, HeadKind.Pinball })
            foreach (bool bidirectional in new[] { false, true })
            {
                NetworkShape spec = GradientCheck.Spec(cell, 1, bidirectional, Steps.Frames, pooling, head);
                spec = spec with { LinearSteps = 4 };
                var random = new Random(2);
                Example[] rows = [.. Enumerable.Range(0, 5).Select(_ => new Example(null,
                    [.. Enumerable.Range(0, 4 * spec.InputSize).Select(_ => random.NextSingle())], 0))];
                OnnxCase.OfBatches(new NetworkRun(spec).Network, spec, rows).Check();
            }
    }

    [Fact]
    public void An_export_takes_no_second_copy_of_the_weights()
    {
        SequenceNetwork network = new NetworkRun(GradientCheck.Spec("LSTM", 1, false, Steps.EmbeddedTokens, SequencePooling.Last,
            HeadKind.Sigmoid) with
        { InputSize = 20_000, EmbeddingSize = 20 }).Network;
        long weights = (long)network.NumberOfParameters * sizeof(float);
        using var stream = new MemoryStream((int)(3 * weights));
        network.ExportOnnx(stream); // what is made once for all exports is made now
        (long first, long before) = (stream.Length, GC.GetAllocatedBytesForCurrentThread());
        network.ExportOnnx(stream);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, weights / 4);
        Assert.InRange(stream.Length - first, weights, weights + 20_000);
    }

    [Fact]
    public void The_file_says_what_it_is()
    {
        NetworkShape spec = GradientCheck.Spec("GRU", 1, false, Steps.EmbeddedTokens, SequencePooling.Last, HeadKind.Softmax);
        SequenceNetwork network = new NetworkRun(spec).Network;
        using InferenceSession session = Session(network, new OnnxExportOptions
        {
            Labels = ["a", "é", "\"c\""], Vocabulary = ["w", "x", "한", "z"],
        });
        ModelMetadata metadata = session.ModelMetadata;
        Assert.Equal("SequenceModels", metadata.ProducerName);
        Assert.Equal("""["a","é","\"c\""]""", metadata.CustomMetadataMap["labels"]);
        Assert.Equal("""["w","x","한","z"]""", metadata.CustomMetadataMap["vocabulary"]);
        Assert.Equal("GRU", metadata.CustomMetadataMap["cell"]);
        Assert.Equal(["tokens", "lengths"], session.InputMetadata.Keys);
        Assert.Equal(["scores", "labels"], session.OutputMetadata.Keys);
    }

    [Fact]
    public void What_does_not_fit_is_refused_by_name()
    {
        NetworkShape spec = GradientCheck.Spec("GRU", 1, true, Steps.EmbeddedTokens, SequencePooling.Last, HeadKind.Softmax);
        Refused<NotSupportedException>(spec, new() { StepGraph = true }, "Bidirectional = false");
        Refused<NotSupportedException>(GradientCheck.Spec("GRU", 1, false, Steps.Frames, SequencePooling.Last,
            HeadKind.SquaredError) with
        { LinearSteps = 3 }, new() { StepGraph = true }, "LinearPath = false");
        Refused<ArgumentException>(spec, new() { Labels = ["a"] }, "Labels has 1 name; the network has 3 classes");
        Refused<ArgumentException>(spec, new() { Vocabulary = ["a"] }, "Vocabulary has 1 token; the network reads 4");
        Refused<ArgumentException>(spec, new() { SparseRowFeatures = true }, "SparseRowFeatures");

        static void Refused<T>(NetworkShape shape, OnnxExportOptions options, string message) where T : Exception =>
            Assert.Contains(message, Assert.Throws<T>(() =>
                new NetworkRun(shape).Network.ExportOnnx(new MemoryStream(), options)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    public void Weights_that_are_no_numbers_are_refused_and_nothing_is_written(float weight)
    {
        var run = new NetworkRun(
            GradientCheck.Spec("GRU", 1, true, Steps.EmbeddedTokens, SequencePooling.Last, HeadKind.Softmax));
        run.Vector("output.b")[1] = weight;
        string path = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}.onnx");
        Assert.Contains("'output.b'", Assert.Throws<ArithmeticException>(() => run.Network.ExportOnnx(path)).Message,
            StringComparison.Ordinal);
        Assert.False(File.Exists(path));
    }

    private static void Check(NetworkShape spec, OnnxExportOptions? options = null) =>
        OnnxCase.OfBatches(new NetworkRun(spec).Network, spec, Rows(spec), options).Check();

    /// <summary>Rows of several lengths, the last of them empty.</summary>
    internal static List<Example> Rows(NetworkShape spec)
    {
        List<Example> rows = FeatureTests.Rows(spec, 7);
        rows.Add(spec.Input == StepFeatureKind.Tokens ? new Example([], null, 0) : new Example(null, [], 0));
        rows[^1] = rows[^1] with
        {
            StepLabels = spec.EveryStep ? [] : null,
            Features = GradientCheck.FurtherValues(spec, 0, 1),
        };
        if (spec.RowFeatureSize == 0)
            return rows;
        var random = new Random(3);
        return [.. rows.Select(row => row with
        {
            RowFeatures = [.. Enumerable.Range(0, spec.RowFeatureSize).Select(_ => random.Next(2) * random.NextSingle())],
        })];
    }

    private static InferenceSession Session(SequenceNetwork network, OnnxExportOptions? options = null)
    {
        using var stream = new MemoryStream();
        network.ExportOnnx(stream, options);
        return new InferenceSession(stream.ToArray());
    }
}
