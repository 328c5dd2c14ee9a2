using SequenceModels.Heads;
using SequenceModels.Kernels;
using SequenceModels.Networks;
using SequenceModels.Sequences;
using SequenceModels.Tests.Reference;
using SequenceModels.Training;
using Xunit;

namespace SequenceModels.Tests.Heads;

/// <summary>Several numbers with quantiles; their gradients are checked with those of all heads.</summary>
public class QuantileHeadTests
{
    private static readonly NetworkShape Spec = new()
    {
        Input = StepFeatureKind.Frames, InputSize = 1, Cell = "GRU", HiddenSize = 4, Head = HeadKind.Pinball, NumberOfOutputs = 6,
        Quantiles = new(0.1f, 0.5f, 0.9f),
    };

    /// <summary>Labels whose distribution does not depend on the input: the outputs must become its quantiles.</summary>
    [Theory]
    [InlineData("Pinball", new[] { 0.1f, 0.5f, 0.9f }, new[] { 1.1, 1.5, 1.9, -1.8, -1, -0.2 })]
    [InlineData("SquaredError", new[] { 0.1f, 0.9f }, new[] { 1.5, 1.1, 1.9, -1, -1.8, -0.2 })]
    [InlineData("AbsoluteError", new[] { 0.25f }, new[] { 1.5, 1.25, -1, -1.5 })]
    public void Outputs_become_means_medians_and_quantiles(string head, float[] quantiles, double[] expected)
    {
        HeadKind kind = Enum.Parse<HeadKind>(head);
        using var data = new SequenceDataset([StepFeature.Frames(1)], targets: data => new RowTargets(data, 2));
        const int Rows = 1000;
        for (int i = 0; i < Rows; i++)
            data.Add([0f], [1 + (i + 0.5f) / Rows, i % 5 == 0 ? float.NaN : -2 + 2 * ((i * 7 % Rows) + 0.5f) / Rows]);
        SequenceNetwork network =
            Trainer.Train(Spec with { Head = kind, Quantiles = new(quantiles), NumberOfOutputs = expected.Length }, data,
            Plain.Options with
            {
                NumberOfEpochs = 60,
                BatchSize = 100,
                LearningRate = 0.03f,
                LearningRateSchedule = LearningRateSchedule.Cosine()
            }, seed: 1);
        float[] outputs = network.Score([0f]);
        for (int k = 0; k < expected.Length; k++)
            Assert.Equal(expected[k], outputs[k], 0.05);
    }

    [Fact]
    public void A_saved_network_has_its_quantiles()
    {
        var run = new NetworkRun(Spec);
        using var file = new MemoryStream();
        run.Network.Save(file);
        file.Position = 0;
        var loaded = SequenceNetwork.Load(file);
        Assert.Equal<EncoderNetworkSpec>(Spec, loaded.Spec);
        Assert.Equal(run.Network.Score([1f, 2f]), loaded.Score([1f, 2f]));
    }

    [Fact]
    public void Quantiles_that_do_not_fit_the_outputs_are_refused()
    {
        foreach (NetworkShape wrong in new[] { Spec with { NumberOfOutputs = 5 }, Spec with { Quantiles = Quantiles.None },
            Spec with { Head = HeadKind.SquaredError },
            Spec with { Head = HeadKind.Softmax } })
            Assert.Contains("quantiles", Assert.Throws<ArgumentException>(() => NetworkOf(wrong)).Message,
                StringComparison.Ordinal);
        using var file = new MemoryStream();
        NetworkOf(Spec with { Quantiles = new(0.1f, 0.5f, 1f) }).Save(file);
        file.Position = 0;
        Assert.Throws<InvalidDataException>(() => SequenceNetwork.Load(file));
    }

    [Fact]
    public void Labels_are_part_of_what_a_data_set_is()
    {
        byte[] Print(float label)
        {
            using var data = new SequenceDataset([StepFeature.Frames(1)], targets: data => new RowTargets(data, 2));
            data.Add([1f, 2], [3, label]);
            return data.Fingerprint();
        }
        Assert.Equal(Print(4), Print(4));
        Assert.NotEqual(Print(4), Print(5));
        using var other = new SequenceDataset([StepFeature.Frames(1)], targets: data => new RowTargets(data, 2));
        Assert.Throws<ArgumentException>(() => other.Add([1f], [1]));
    }

    private static SequenceNetwork NetworkOf(NetworkShape spec)
    {
        var layers = new EncoderNetwork(spec, FrameTransform.None, LabelTransform.None);
        layers.Parameters.Allocate();
        return new SequenceNetwork(layers);
    }
}
