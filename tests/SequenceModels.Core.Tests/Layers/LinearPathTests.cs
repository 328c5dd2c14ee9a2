using SequenceModels.Heads;
using SequenceModels.Networks;
using SequenceModels.Sequences;
using SequenceModels.Tests.Reference;
using SequenceModels.Tests.Training;
using SequenceModels.Training;
using Xunit;

namespace SequenceModels.Tests.Layers;

/// <summary>Networks whose outputs are also sums of the numbers of the steps.</summary>
public class LinearPathTests
{
    private const int Length = 4;

    public static IEnumerable<TheoryDataRow<string, SequencePooling>> Cases =>
        from head in new[] { HeadKind.Pinball, HeadKind.SquaredError, HeadKind.AbsoluteError, HeadKind.Softmax }
        from pooling in Enum.GetValues<SequencePooling>()
        select new TheoryDataRow<string, SequencePooling>(head.ToString(), pooling);

    [Theory]
    [MemberData(nameof(Cases))]
    public void Gradients_are_those_of_the_textbook(string head, SequencePooling pooling)
    {
        GradientCheck.Check(Spec(Enum.Parse<HeadKind>(head)) with { Pooling = pooling });
        GradientCheck.Check(Spec(Enum.Parse<HeadKind>(head)) with
        {
            Pooling = pooling,
            Bidirectional = true,
            NumberOfLayers = 2,
        });
    }

    /// <summary>More outputs than a panel of weights has columns.</summary>
    [Fact]
    public void Many_outputs_have_the_gradients_of_the_textbook() =>
        GradientCheck.Check(Spec(HeadKind.Softmax) with { NumberOfOutputs = 70, HiddenSize = 2 });

    [Fact]
    public void Stands_beside_numbers_of_rows() =>
        GradientCheck.Check(Spec(HeadKind.Softmax) with { RowFeatureSize = 3 });

    [Fact]
    public void A_window_alone_has_the_bits_that_it_has_in_a_batch_and_the_scores_of_the_textbook()
    {
        NetworkShape spec = Spec(HeadKind.SquaredError);
        var run = new NetworkRun(spec);
        List<Example> windows = Windows(200);
        using SequenceDataset data = LearningTasks.Dataset(spec, windows);
        float[] scores = new float[data.Count * spec.NumberOfOutputs];
        run.Network.Score(data, [.. Enumerable.Range(0, data.Count)], scores, run.Network.CreatePass());
        var textbook = new ReferenceNetwork(spec, run.Weights);
        for (int row = 0; row < windows.Count; row++)
        {
            float[] alone = run.Network.Score(windows[row].Frames);
            Assert.Equal(scores.AsSpan(row * alone.Length, alone.Length).ToArray(), alone);
            double[] expected = textbook.Scores(windows[row]);
            for (int k = 0; k < expected.Length; k++)
                Assert.Equal(expected[k], alone[k], 1e-5);
        }
    }

    [Fact]
    public void Two_threads_learn_the_bits_that_one_learns_and_the_weights_begin_at_zero()
    {
        NetworkShape spec = Spec(HeadKind.SquaredError);
        using SequenceDataset data = LearningTasks.Dataset(spec, Windows(300));
        byte[][] files = [.. new[] { 1, 2 }.Select(threads =>
        {
            using var file = new MemoryStream();
            Trainer.Train(spec, data, Plain.Options with { NumberOfEpochs = 3, BatchSize = 64, NumberOfThreads = threads },
                seed: 1).Save(file);
            return file.ToArray();
        })];
        Assert.Equal(files[0], files[1]);
        var network = new EncoderNetwork(spec, FrameTransform.None, LabelTransform.None);
        network.Parameters.Allocate();
        network.Initialize(seed: 1);
        Assert.All(Matrices.Read(network.Parameters.All.Single(each => each.Name == ReferenceWeights.OutputA),
            network.Parameters.Values).Cast<double>(), weight => Assert.Equal(0, weight));
    }

    [Fact]
    public void Saved_and_loaded_it_scores_the_same_bits()
    {
        SequenceNetwork network = new NetworkRun(Spec(HeadKind.Pinball)).Network;
        using var stream = new MemoryStream();
        network.Save(stream);
        stream.Position = 0;
        SequenceNetwork loaded = SequenceNetwork.Load(stream);
        Assert.All(Windows(5), window => Assert.Equal(network.Score(window.Frames), loaded.Score(window.Frames)));
    }

    [Fact]
    public void Shares_of_an_explanation_add_up_to_the_difference_of_the_scores()
    {
        NetworkShape spec = Spec(HeadKind.Pinball);
        SequenceNetwork network = new NetworkRun(spec).Network;
        float[] frames = Windows(1)[0].Frames!;
        SequenceExplanation explanation = network.Explain(frames, 1);
        double difference = explanation.Score - explanation.BaselineScore;
        Assert.Equal(network.Score(frames)[1], explanation.Score, 1e-4);
        Assert.True(Math.Abs(difference) > 0.1);
        Assert.Equal(difference, explanation.Shares.Sum(share => (double)share), (0.01 * Math.Abs(difference)) + 1e-4);
    }

    [Fact]
    public void What_cannot_be_is_refused()
    {
        SequenceNetwork network = new NetworkRun(Spec(HeadKind.Softmax)).Network;
        Assert.Contains("a linear path from 4 steps; a sequence has 2",
            Assert.Throws<InvalidOperationException>(() => network.Score(new float[6])).Message, StringComparison.Ordinal);
        Assert.Contains("LinearPath = false", Assert.Throws<NotSupportedException>(network.CreateStepper).Message,
            StringComparison.Ordinal);
        Refused("leads from a whole sequence", Spec(HeadKind.Softmax) with { EveryStep = true });
        Refused("only numbers of steps", GradientCheck.Spec("LSTM", layers: 1, bidirectional: false, Steps.EmbeddedTokens,
            SequencePooling.Last, HeadKind.Softmax) with
        { LinearSteps = Length });

        static void Refused(string message, NetworkShape spec) => Assert.Contains(message,
            Assert.Throws<ArgumentException>(() => new NetworkRun(spec)).Message, StringComparison.Ordinal);
    }

    private static NetworkShape Spec(HeadKind head) => GradientCheck.Spec("LSTM", layers: 1, bidirectional: false, Steps.Frames,
        SequencePooling.Last, head) with
    { LinearSteps = Length };

    private static List<Example> Windows(int count)
    {
        var random = new Random(3);
        float[] Numbers(int length) => [.. Enumerable.Range(0, length).Select(_ => 2 * random.NextSingle() - 1)];
        return [.. Enumerable.Range(0, count).Select(_ => new Example(null, Numbers(Length * 3), 0) { Labels = Numbers(2) })];
    }
}
