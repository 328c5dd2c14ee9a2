using SequenceModels.Heads;
using SequenceModels.Layers;
using SequenceModels.Networks;
using SequenceModels.Reports;
using SequenceModels.Sequences;
using SequenceModels.Tests.Reference;
using SequenceModels.Training;
using Xunit;

namespace SequenceModels.Tests.Training;

/// <summary>Training with a conditional random field: tags as in a BIO scheme (0: O, 1: B, 2: I).</summary>
public class CrfTrainingTests
{
    private static readonly SequenceTrainerOptions s_options =
        Plain.Options with { NumberOfEpochs = 2, BatchSize = 40, LearningRate = 0.01f };

    private static CrfConstraints Bio { get; } =
        new(new[,] { { true, true, false }, { true, true, true }, { true, true, true } }, [true, true, false],
            [true, true, true]);

    [Fact]
    public void Any_number_of_threads_trains_the_same_bits()
    {
        SequenceDataset data = Data(90);
        byte[] one = Bytes(Trainer.Train(Spec, data, s_options with { NumberOfThreads = 1, Dropout = 0.3f }, seed: 1));
        foreach (int threads in new[] { 0, 2, 5 })
            Assert.Equal(one,
                Bytes(Trainer.Train(Spec, data, s_options with { NumberOfThreads = threads, Dropout = 0.3f }, seed: 1)));
        Assert.NotEqual(one,
            Bytes(Trainer.Train(Spec with { Head = HeadKind.Softmax, Constraints = null }, data, s_options, seed: 1)));
    }

    /// <summary>A token begins a span whose length it tells only in part: the tags before decide the rest.</summary>
    [Fact]
    public void It_learns_spans()
    {
        SequenceNetwork network = Trainer.Train(Spec with { HiddenSize = 16 }, Data(300),
            s_options with { NumberOfEpochs = 12, LearningRate = 0.02f }, seed: 1);
        SequenceDataset unseen = Data(100, seed: 77);
        using var validation = new Validation(network.Layers, new RowSelection(unseen), threads: 2);
        ValidationMetrics metrics = validation.Measure(() => { });
        Assert.InRange(metrics.Accuracy!.Value, 0.98, 1);
        Assert.InRange(metrics.Loss, 0, 0.1);
        Assert.Null(metrics.LogLoss);
    }

    /// <summary>
    /// A chain is of a whole sequence, however long: a span must be able to lie over any place where others are cut.
    /// </summary>
    [Fact]
    public void A_long_row_is_measured_whole()
    {
        NetworkShape spec = Spec with { Bidirectional = false };
        EncoderNetwork network = new NetworkRun(spec).Network.Layers;
        float[] tags = new float[8_200];
        (tags[8_191], tags[8_192]) = (1, 2);
        using var data = new SequenceDataset([StepFeature.Tokens(spec.InputSize, 0)], targets: data => new StepTargets(data));
        data.Add([.. Enumerable.Range(0, tags.Length).Select(t => (uint)(1 + t * t % 3))], tags);
        EncoderPass whole = network.CreatePass();
        whole.Load(data, [0], numbers: [0], StepRange.All);
        whole.LoadTargets(data, [0], total: 1, classWeights: null);
        double expected = network.Evaluate(whole, new float[tags.Length]) / tags.Length;
        using var validation = new Validation(network, new RowSelection(data), threads: 1);
        Assert.True(double.IsFinite(expected));
        Assert.Equal(expected, validation.Measure(() => { }).Loss, 1e-9);
    }

    [Fact]
    public void Validation_is_of_the_likeliest_sequences_and_per_step()
    {
        var run = new NetworkRun(Spec);
        var textbook = new ReferenceNetwork(Spec, run.Weights);
        var chain = ChainReference.Of(run.Weights, Bio);
        List<Example> examples = [.. Examples(60, seed: 5).Where(example => example.Tokens!.Length < 9)];
        double right = 0, ofLargestMarginals = 0, total = 0;
        foreach (Example example in examples)
        {
            double[][] outputs = textbook.AllOutputs(example), marginals = chain.Marginals(outputs);
            int[] path = chain.Likeliest(outputs);
            for (int t = 0; t < outputs.Length; t++)
            {
                total += example.Weight;
                right += path[t] == example.StepLabels![t] ? example.Weight : 0;
                ofLargestMarginals += Array.IndexOf(marginals[t], marginals[t].Max()) == example.StepLabels![t]
                    ? example.Weight : 0;
            }
        }
        Assert.NotEqual(right, ofLargestMarginals);
        SequenceDataset data = LearningTasks.Dataset(Spec, examples);
        foreach (int threads in new[] { 1, 3 })
        {
            using var validation = new Validation(run.Network.Layers, new RowSelection(data), threads);
            ValidationMetrics metrics = validation.Measure(() => { });
            Assert.Equal(right / total, metrics.Accuracy!.Value, 1e-9);
            Assert.Equal(textbook.Loss(examples), metrics.Loss, 1e-5);
        }
        Example[] counted = [.. examples.Select(example => example with { Weight = 1 })];
        Predictions predictions = PredictionMeasurement.Measure(run.Network, data, i => $"{i}", threads: 1);
        double each =
            counted.Sum(e => chain.Likeliest(textbook.AllOutputs(e)).Where((tag, t) => tag == e.StepLabels![t]).Count());
        Assert.Equal(each / counted.Sum(e => e.Tokens!.Length), predictions.Accuracy, 1e-9);
    }

    /// <summary>
    /// One update from whole sequences, although all states come from earlier steps: the gradient is cut between states only.
    /// </summary>
    [Fact]
    public void Sequences_are_learned_whole_also_when_backpropagation_is_truncated()
    {
        NetworkShape spec = Spec with { Bidirectional = false };
        Assert.Equal(1, Updates(spec));
        Assert.InRange(Updates(spec with { Head = HeadKind.Softmax, Constraints = null }), 2, 10);

        static long Updates(NetworkShape spec)
        {
            SequenceDataset data = Data(8);
            using var step = new TrainingStep(new NetworkRun(spec).Network.Layers, data,
                s_options with { TruncatedBackpropagationSteps = 2 }, seed: 1);
            step.Run(data, [.. Enumerable.Range(0, 8).OrderByDescending(data.Length)], rate: 0.1f);
            return step.Updates;
        }
    }

    [Fact]
    public void Options_of_single_steps_classes_are_refused()
    {
        var smoothed = Assert.Throws<ArgumentException>(() =>
            Trainer.Train(Spec, Data(5), s_options with { LabelSmoothing = 0.1f }, seed: 1));
        Assert.Contains("LabelSmoothing is 0.1", smoothed.Message, StringComparison.Ordinal);
        var weighted = Assert.Throws<ArgumentException>(() =>
            Trainer.Train(Spec, Data(5), s_options with { ClassWeights = ClassWeights.Balanced }, seed: 1));
        Assert.Contains("ClassWeights is balanced", weighted.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(new float[] { 0, 2 }, "at step 1 tag 2, which may not follow tag 0")]
    [InlineData(new float[] { 2, 0 }, "at step 0 tag 2, which may not begin a sequence")]
    public void A_row_with_excluded_tags_is_named(float[] labels, string what)
    {
        SequenceDataset bad = Data(3);
        bad.Add([1u, 2], labels);
        Assert.Contains($"Row 3 of the training data (counted from 0) has {what}.",
            Assert.Throws<InvalidOperationException>(() => Trainer.Train(Spec, bad, s_options, seed: 1)).Message,
            StringComparison.Ordinal);
        Assert.Contains("Row 3 of the validation data", Assert.Throws<InvalidOperationException>(() => Trainer.Train(
            new TrainingJob { Spec = Spec, Data = Data(3), Validation = bad, Options = s_options, Seed = 1 })).Message,
                StringComparison.Ordinal);
        Trainer.Train(Spec with { Constraints = null }, bad, s_options, seed: 1);
    }

    [Fact]
    public void A_training_with_other_constraints_is_another_training()
    {
        string differences = TrainingFingerprint.Differences(TrainingFingerprint.OfShape(Spec),
            TrainingFingerprint.OfShape(Spec with { Constraints = null }));
        Assert.StartsWith("Constraints (2 excluded", differences, StringComparison.Ordinal);
    }

    private static NetworkShape Spec { get; } = new()
    {
        Input = StepFeatureKind.Tokens, InputSize = 4, EmbeddingSize = 3, Cell = "LSTM", HiddenSize = 5, Bidirectional = true,
        EveryStep = true,
        Head = HeadKind.Crf, NumberOfOutputs = 3, Constraints = Bio,
    };

    private static SequenceDataset Data(int count, int seed = 3) => LearningTasks.Dataset(Spec, Examples(count, seed));

    /// <summary>
    /// Token 1 begins a span of one, token 2 a longer one that goes on over tokens 3; a 3 outside is none, and 4 is never one.
    /// </summary>
    private static List<Example> Examples(int count, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(i =>
        {
            uint[] tokens = [.. Enumerable.Range(0, i % 11).Select(_ => (uint)random.Next(1, 5))];
            float[] tags = new float[tokens.Length];
            for (int t = 0; t < tokens.Length; t++)
                tags[t] = tokens[t] switch { 1 or 2 => 1, 3 when t > 0 && (tags[t - 1] == 2 || tokens[t - 1] == 2) => 2, _ => 0 };
            return new Example(tokens, null, float.NaN, 1 + i % 2) { StepLabels = tags };
        })];
    }

    private static byte[] Bytes(SequenceNetwork network)
    {
        using var stream = new MemoryStream();
        network.Save(stream);
        return stream.ToArray();
    }
}
