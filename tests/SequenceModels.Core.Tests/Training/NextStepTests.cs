using SequenceModels.Cells;
using SequenceModels.Heads;
using SequenceModels.Layers;
using SequenceModels.Networks;
using SequenceModels.Parameters;
using SequenceModels.Sequences;
using SequenceModels.Tests.Reference;
using SequenceModels.Text;
using SequenceModels.Training;
using Xunit;

namespace SequenceModels.Tests.Training;

/// <summary>
/// Networks that predict the next step: what they are told is right, and what that costs, against the textbook.
/// </summary>
public class NextStepTests
{
    private const int Vocabulary = 4;

    private static readonly uint[][] s_texts = [[1, 2, 4, 3, 1, 1, 2], [3, 0, 4, 9, 1], [2, 2], [4, 1, 3]];

    public static TheoryData<string> Cells => [.. RecurrentCells.All.Select(cell => cell.Name)];

    [Fact]
    public void The_label_of_a_step_is_the_next_one()
    {
        using SequenceDataset data = Data([[1, 2, 3], [4], [], [3, 1]]);
        Assert.Equal([2, 0, 0, 1], Enumerable.Range(0, 4).Select(data.Length));
        Assert.Equal([1u, 2], data.Tokens(0).ToArray());
        Assert.Equal([2u, 3], data.NextTokens(0).ToArray());
        Assert.Equal([1u], data.NextTokens(3).ToArray());
        Assert.Equal(3, data.NumberOfSteps);
        Assert.Empty(data.NextTokens(1).ToArray());

        using var frames = new SequenceDataset([StepFeature.Frames(2)], targets: data => new NextStepTargets(data));
        frames.Add([1f, 0, 0, 1, 1, 1], labels: []);
        Assert.Equal([1f, 0, 0, 1], frames.Frames(0).ToArray());
        Assert.Equal([0f, 1, 1, 1], frames.NextFrames(0).ToArray());
    }

    [Theory]
    [InlineData(5, 1, new[] { 3, 3, 3, 3, 1 })]
    [InlineData(3, 1, new[] { 4, 4, 4, 1 })]
    [InlineData(1, 1, new[] { 12, 1 })]
    [InlineData(100, 5, new[] { 4, 4, 4, 1 })]
    [InlineData(100, 1, new[] { 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1 })]
    public void A_long_text_becomes_streams_and_loses_no_step(int streams, int shortest, int[] lengths)
    {
        uint[] text = [.. Enumerable.Range(1, 13).Select(t => (uint)t)];
        using SequenceDataset data = Data([text, [21, 22]]);
        data.DealIntoStreams(streams, shortest);
        Assert.Equal(lengths, Enumerable.Range(0, data.Count).Select(data.Length));
        Assert.Equal([.. text[..^1], 21u], Enumerable.Range(0, data.Count).SelectMany(row => data.Tokens(row).ToArray()));
        Assert.Equal([.. text[1..], 22u], Enumerable.Range(0, data.Count).SelectMany(row => data.NextTokens(row).ToArray()));
        Assert.Equal(13, data.NumberOfSteps);
    }

    [Fact]
    public void Rows_that_follow_each_other_become_one_text()
    {
        using SequenceDataset data = Data([[1, 2, 3], [4], [], [3, 1]]), whole = Data([[1, 2, 3, 4, 3, 1]]);
        data.JoinRows();
        Assert.Equal(1, data.Count);
        Assert.Equal([1u, 2, 3, 4, 3], data.Tokens(0).ToArray());
        Assert.Equal([2u, 3, 4, 3, 1], data.NextTokens(0).ToArray());
        Assert.Equal(whole.Fingerprint(), data.Fingerprint());
        data.DealIntoStreams(2, shortest: 1);
        Assert.Equal([2, 3], Enumerable.Range(0, data.Count).Select(data.Length));
        using SequenceDataset step = Data([[1], []]);
        step.JoinRows();
        Assert.Equal((0, 0), (step.Count, step.NumberOfSteps));
    }

    /// <summary>
    /// Two streams of a text, three steps at a time, against the same training in double: each piece begins with the states that
    /// the piece before it ended in, whatever rows the text came in.
    /// </summary>
    [Theory]
    [MemberData(nameof(Cells))]
    public void A_streams_gradient_is_that_of_the_textbook(string cell)
    {
        NetworkShape spec = Spec(cell);
        var run = new NetworkRun(spec);
        using SequenceDataset data = Data([[1, 2, 4], [3, 0], [4, 1, 1, 2, 3], [2], [4, 3]]);
        data.JoinRows();
        data.DealIntoStreams(2, shortest: 1);
        uint[] text = [1, 2, 4, 3, 0, 4, 1, 1, 2, 3, 2, 4, 3];
        List<Example> streams = [Shifted(text[..7]), Shifted(text[6..])];
        using var step = new TrainingStep(run.Network.Layers, data, new LanguageModelOptions
        {
            TruncatedBackpropagationSteps = 3, Optimizer = SequenceOptimizer.Sgd(momentum: 0), GradientClipNorm = 1_000,
        }, seed: 1);
        (double Loss, double Weight, double Norm) expected = PiecesTests.ByHand(spec, run.Weights, streams, _ => 1, 3, 0.1f),
            found = step.Run(data, [0, 1], 0.1f);
        Assert.Equal(expected.Loss, found.Loss, 1e-4);
        Assert.Equal(12, found.Weight);
        Assert.Equal(expected.Norm, found.Norm, 1e-4);
        foreach (Parameter parameter in run.Network.Layers.Parameters.All)
        {
            double[,] wanted = run.Weights[parameter.Name],
                actual = Matrices.Read(parameter, run.Network.Layers.Parameters.Values);
            foreach ((double w, double a) in wanted.Cast<double>().Zip(actual.Cast<double>()))
                Assert.Equal(w, a, 2e-5);
        }
    }

    [Theory]
    [MemberData(nameof(Cells))]
    public void The_loss_is_that_of_the_textbook(string cell)
    {
        foreach (bool tied in new[] { false, true })
        {
            NetworkShape spec = Spec(cell, tied);
            var run = new NetworkRun(spec);
            using SequenceDataset data = Data(s_texts);
            double expected = new ReferenceNetwork(spec, run.Weights).Loss([.. s_texts.Select(Shifted)]);
            Assert.Equal(expected, Measure(run, data), 1e-6);
            Assert.Equal(expected, new TrainingStepLoss(run, data).OfWhole(), 1e-6);
        }
    }

    [Theory]
    [MemberData(nameof(Cells))]
    public void Frames_are_predicted_number_by_number(string cell)
    {
        NetworkShape spec = Spec(cell) with
        {
            Input = StepFeatureKind.Frames,
            InputSize = 3,
            EmbeddingSize = 0,
            Head = HeadKind.MultiLabel,
            NumberOfOutputs = 3,
        };
        var run = new NetworkRun(spec);
        int[][] texts = [[1, 7, 0, 5, 2], [6, 6, 3]]; // a frame is a number of three bits
        float[] FramesOf(int[] text) =>
            [.. text.SelectMany(frame => Enumerable.Range(0, 3).Select(k => ReferenceLoss.Bit(frame, k)))];
        using var data = new SequenceDataset([StepFeature.Frames(3)], targets: data => new NextStepTargets(data));
        foreach (int[] text in texts)
            data.Add(FramesOf(text), labels: []);
        double expected = new ReferenceNetwork(spec, run.Weights)
            .Loss([.. texts.Select(text => new Example(null, FramesOf(text[..^1]), float.NaN)
        {
            StepLabels = [.. text[1..].Select(frame => (float)frame)],
        })]);
        Assert.Equal(expected, Measure(run, data), 1e-6);
        var logProbabilities = new float[texts.Sum(text => text.Length)];
        new SequenceLikelihood(run.Network.Layers)
            .LogProbabilities(data, [.. Enumerable.Range(0, data.Count).OrderByDescending(data.Length)], logProbabilities);
        Assert.Equal(expected, -logProbabilities.Where(value => !float.IsNaN(value)).Average(value => (double)value), 1e-6);
    }

    [Theory]
    [MemberData(nameof(Cells))]
    public void Pieces_that_teach_nothing_cost_what_the_whole_costs(string cell)
    {
        var run = new NetworkRun(Spec(cell));
        using SequenceDataset data = Data(s_texts);
        double whole = new TrainingStepLoss(run, data).OfWhole();
        foreach (int steps in new[] { 1, 2, 3, 100 })
            Assert.Equal(whole, new TrainingStepLoss(run, data).InPieces(steps), 1e-6);
    }

    [Theory]
    [MemberData(nameof(Cells))]
    public void A_long_text_is_measured_in_pieces_as_in_one(string cell)
    {
        var run = new NetworkRun(Spec(cell));
        uint[] text = [.. Enumerable.Range(0, 20_000).Select(t => (uint)(t * (long)t / 7 % 6))];
        using SequenceDataset data = Data([text, [1, 2]]);
        float[] all = new SequenceLikelihood(run.Network.Layers).LogProbabilities(text);
        Assert.Equal(text.Length, all.Length);
        Assert.True(float.IsNaN(all[0]));
        double[] losses = [.. all[1..].Select(value => -(double)value)];
        double shortText = -new SequenceLikelihood(run.Network.Layers).LogProbabilities([1u, 2])[1];
        Assert.Equal(losses.Append(shortText).Average(), Measure(run, data), 1e-7);
        double expected = new ReferenceNetwork(run.Network.Spec, run.Weights).Loss([Shifted(text)]);
        Assert.Equal(expected, losses.Average(), 1e-6);
    }

    [Fact]
    public void Equal_weights_come_of_any_number_of_threads()
    {
        float[] Train(int threads, bool tied)
        {
            using SequenceDataset data = Data([.. Enumerable.Range(0, 40).Select(i => s_texts[i % 4])]);
            return Trainer.Train(Spec("LSTM", tied), data, new LanguageModelOptions
            {
                NumberOfThreads = threads, NumberOfEpochs = 2, Dropout = 0.2f, TruncatedBackpropagationSteps = 2, BatchSize = 20,
            }, seed: 1).Layers.Parameters.Values.Span.ToArray();
        }
        foreach (bool tied in new[] { false, true })
        {
            Assert.Equal(Train(1, tied), Train(2, tied));
            Assert.Equal(Train(1, tied), Train(3, tied));
        }
    }

    [Fact]
    public void A_network_begins_with_the_shares_of_the_next_steps()
    {
        using SequenceDataset data = Data([[1, 2, 2, 2, 9], [3, 1]]);
        var run = new NetworkRun(Spec("GRU"));
        UnigramBias.Of(new RowSelection(data), run.Network.Layers).SetBias(run.Network.Layers);
        double all = 5 + 5 * 0.5;
        double[] expected = [.. new[] { 1.5, 1.5, 3.5, 0.5, 0.5 }.Select(count => Math.Log(count / all))];
        double[,] bias = Matrices.Read(run.Network.Layers.Output.Dense.Bias, run.Network.Layers.Parameters.Values);
        Assert.Equal(expected, bias.Cast<double>(), (a, b) => Math.Abs(a - b) < 1e-6);
    }

    [Fact]
    public void A_cancelled_training_stops_between_the_pieces_of_a_batch()
    {
        using SequenceDataset data = Data([[.. Enumerable.Range(0, 500).Select(t => (uint)(t % 4))]]);
        int asked = 0;
        Assert.Throws<OperationCanceledException>(() => Trainer.Train(new TrainingJob
        {
            Spec = Spec("RNN"), Data = data, Seed = 1,
            Options = new LanguageModelOptions { TruncatedBackpropagationSteps = 5, NumberOfEpochs = 1 },
            IsCanceled = () => ++asked == 10,
        }));
    }

    private static double Measure(NetworkRun run, SequenceDataset data)
    {
        using var validation = new Validation(run.Network.Layers, new RowSelection(data), threads: 2);
        return validation.Measure(() => { }).Loss;
    }

    /// <summary>A text as rows with labels have it: what is read, and what comes next, unknown tokens as class 0.</summary>
    private static Example Shifted(uint[] text) => new(text[..^1], null, float.NaN)
    {
        StepLabels = [.. text[1..].Select(token => token <= Vocabulary ? (float)token : 0)],
    };

    private static SequenceDataset Data(uint[][] texts)
    {
        var data = new SequenceDataset([StepFeature.Tokens(Vocabulary, 0)], targets: data => new NextStepTargets(data));
        foreach (uint[] text in texts)
            data.Add(text, labels: []);
        return data;
    }

    private static NetworkShape Spec(string cell, bool tied = false) => new()
    {
        Input = StepFeatureKind.Tokens, InputSize = Vocabulary, EmbeddingSize = 3, TiedEmbeddings = tied, Cell = cell,
        HiddenSize = 3,
        NumberOfLayers = 2, EveryStep = true, Head = HeadKind.Softmax, NumberOfOutputs = Vocabulary + 1,
    };

    /// <summary>The mean loss of one batch of all rows, learned from at a rate of 0.</summary>
    private sealed class TrainingStepLoss(NetworkRun run, SequenceDataset data)
    {
        public double OfWhole() => InPieces(0);

        public double InPieces(int steps)
        {
            using var step = new TrainingStep(run.Network.Layers, data, new LanguageModelOptions
            {
                TruncatedBackpropagationSteps = steps, Optimizer = SequenceOptimizer.Sgd(momentum: 0),
            }, seed: 1);
            int[] rows = [.. Enumerable.Range(0, data.Count).OrderByDescending(data.Length)];
            (double loss, double weight, _) = step.Run(data, rows, rate: 0);
            Assert.Equal(data.NumberOfSteps, weight);
            return loss / weight;
        }
    }
}
