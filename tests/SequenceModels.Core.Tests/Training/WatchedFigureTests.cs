using SequenceModels.Heads;
using SequenceModels.Layers;
using SequenceModels.Networks;
using SequenceModels.Sequences;
using SequenceModels.Tagging;
using SequenceModels.Tests.Reference;
using SequenceModels.Training;
using Xunit;

namespace SequenceModels.Tests.Training;

/// <summary>The figure of the validation rows that early stopping, the best epoch and plateaus go by.</summary>
public class WatchedFigureTests
{
    private static readonly string[] s_tags = ["O", "B-A", "I-A", "B-B"];

    private static readonly SequenceTrainerOptions s_options = Plain.Options with
    {
        NumberOfEpochs = 40,
        BatchSize = 16,
        LearningRate = 0.02f,
        EarlyStoppingPatience = 4,
    };

    public static TheoryData<TrainingSelection, bool> Figures => new()
    {
        { TrainingSelection.Loss, false }, { TrainingSelection.Accuracy, true }, { TrainingSelection.ErrorRate, true },
        { TrainingSelection.AreaUnderRocCurve, true }, { TrainingSelection.SpanF1Score, true },
        { TrainingSelection.RootMeanSquaredError, false },
    };

    [Theory]
    [MemberData(nameof(Figures))]
    public void The_first_epoch_with_the_best_figure_is_selected_and_training_stops_by_it(TrainingSelection figure,
        bool otherThanByLoss)
    {
        TrainingJob job = JobOf(figure, s_options with { SelectBy = figure });
        TrainingResult result = Trainer.Train(job);
        int best = BestOf(result.History, figure);
        Assert.Equal(best, result.History.Single(epoch => epoch.IsSelected).Epoch);
        Assert.Equal(best + 4, result.History.Count);
        Assert.Equal(Trainings.Bytes(Trainer.Train(JobOf(figure, s_options with
        {
            NumberOfEpochs = best,
            EarlyStoppingPatience = 0,
        })).Network), Trainings.Bytes(result.Network));
        TrainingResult byLoss = Trainer.Train(JobOf(figure, s_options));
        Assert.Equal(otherThanByLoss, byLoss.History.Single(epoch => epoch.IsSelected).Epoch != best);
    }

    [Fact]
    public void A_plateau_is_one_of_the_figure()
    {
        IReadOnlyList<TrainingEpoch> history = Trainer.Train(JobOf(TrainingSelection.Accuracy, s_options with
        {
            EarlyStoppingPatience = 0,
            NumberOfEpochs = 12,
            SelectBy = TrainingSelection.Accuracy,
            LearningRateSchedule = LearningRateSchedule.ReduceOnPlateau(factor: 0.5f, patience: 0),
        })).History;
        double best = -1;
        float rate = s_options.LearningRate;
        foreach (TrainingEpoch epoch in history)
        {
            Assert.Equal(rate, epoch.LearningRate);
            if (!(epoch.Validation!.Accuracy > best))
                rate /= 2;
            best = Math.Max(best, epoch.Validation.Accuracy!.Value);
        }
        Assert.True(rate < s_options.LearningRate / 2);
    }

    [Theory]
    [InlineData(nameof(HeadKind.Softmax), 200)]
    [InlineData(nameof(HeadKind.Crf), 200)]
    [InlineData(nameof(HeadKind.Softmax), 9_000)] // read in pieces
    public void Spans_are_counted_as_the_evaluator_does_on_any_number_of_threads(string head, int longest)
    {
        var kind = Enum.Parse<HeadKind>(head);
        EncoderNetwork network = new(TagsOf(kind), FrameTransform.None, LabelTransform.None);
        network.Parameters.Allocate();
        network.Initialize(seed: 3);
        SequenceDataset data = new(network.Spec.Inputs, targets: rows => new StepTargets(rows));
        var random = new Random(5);
        foreach (int length in (int[])[longest, 0, 1, .. Enumerable.Range(0, 150).Select(_ => random.Next(1, 40))])
            data.Add([.. Enumerable.Range(0, length).Select(_ => (uint)random.Next(1, 5))],
                [.. Enumerable.Range(0, length).Select(_ => (float)random.Next(4))]);
        var scheme = TagScheme.Of(s_tags);
        var counts = new TaggingCounts(scheme, [false, true, true, true, true]);
        var score = SequenceNetwork.Of(network);
        for (int row = 0; row < data.Count; row++)
        {
            float[] scores = new float[4 * data.NumberOfSteps];
            int[] tags = new int[data.NumberOfSteps];
            score.Score(data, [row], scores, tags, score.CreatePass());
            counts.Add([.. data.Labels(row).ToArray().Select(label => (uint)label + 1)],
                [.. tags.Skip((int)data.Start(row)).Take(data.Length(row)).Select(tag => (uint)tag + 1)]);
        }
        foreach (int threads in new[] { 1, 2, 5 })
        {
            using var validation = new Validation(network, new RowSelection(data), threads, SpanCounter.For(s_tags));
            ValidationMetrics metrics = validation.Measure(() => { });
            Assert.Equal(counts.Metrics().F1Score!.Value, metrics.SpanF1Score);
            Assert.InRange(metrics.SpanF1Score!.Value, 0.01, 0.99);
        }
    }

    [Fact]
    public void Spans_count_by_the_weight_of_their_row_and_steps_without_a_label_are_left_out()
    {
        SpanCounter counter = new(TagScheme.Of(s_tags));
        Assert.Equal(new SpanCounts(2, 2, 1), counter.Count([1, 2, float.NaN, 2, 0, 3], [1, 2, 3, 2, 3, 0]));
        Assert.Equal(new SpanCounts(0, 0, 0), counter.Count([float.NaN, 0], [1, 0]));
        Assert.Equal(new SpanCounts(5, 7, 3), new SpanCounts(1, 1, 1).Plus(new SpanCounts(2, 3, 1), times: 2));
        Assert.Equal(0.5, new SpanCounts(5, 7, 3).F1Score);
        Assert.Equal(0, default(SpanCounts).F1Score);
        Assert.Null(SpanCounter.For(["NOUN", "VERB", "ADJ"]));
    }

    [Fact]
    public void A_forecasts_error_is_that_of_all_its_known_values()
    {
        EncoderNetwork network = new(new NetworkShape
        {
            Input = StepFeatureKind.Frames, InputSize = 1, Cell = "GRU", HiddenSize = 3, Head = HeadKind.AbsoluteError,
            NumberOfOutputs = 6, Quantiles = new Quantiles([0.1f, 0.9f]),
        }, FrameTransform.None, LabelTransform.None);
        network.Parameters.Allocate();
        network.Initialize(seed: 3);
        SequenceDataset data = new(network.Spec.Inputs, targets: rows => new RowTargets(rows, 2));
        float[][] labels = [[1, 2], [float.NaN, 0.5f], [-1, float.NaN]];
        double squares = 0, weights = 0;
        for (int row = 0; row < 3; row++)
        {
            float[] frames = [row, 0.5f];
            data.Add(frames, labels[row], weight: row + 1);
            float[] scores = SequenceNetwork.Of(network).Score(frames);
            for (int j = 0; j < 2; j++)
                if (!float.IsNaN(labels[row][j]))
                    (squares, weights) = (squares + (row + 1) * Math.Pow(scores[3 * j] - labels[row][j], 2), weights + row + 1);
        }
        using var validation = new Validation(network, new RowSelection(data), threads: 2);
        Assert.Equal(Math.Sqrt(squares / weights), validation.Measure(() => { }).RootMeanSquaredError!.Value, 1e-6);
    }

    [Theory]
    [InlineData(TrainingSelection.Accuracy, TrainingSelection.AreaUnderRocCurve, "Loss or Accuracy or ErrorRate.")]
    [InlineData(TrainingSelection.Accuracy, TrainingSelection.SpanF1Score, "Loss or Accuracy or ErrorRate.")]
    [InlineData(TrainingSelection.AreaUnderRocCurve, TrainingSelection.RootMeanSquaredError,
        "Loss or Accuracy or ErrorRate or AreaUnderRocCurve.")]
    [InlineData(TrainingSelection.SpanF1Score, TrainingSelection.AreaUnderRocCurve,
        "Loss or Accuracy or ErrorRate or SpanF1Score.")]
    [InlineData(TrainingSelection.RootMeanSquaredError, TrainingSelection.Accuracy, "Loss or RootMeanSquaredError.")]
    public void A_figure_that_a_task_does_not_have_is_refused_in_words(TrainingSelection task, TrainingSelection figure,
        string others)
    {
        string message = Assert.Throws<ArgumentException>(() =>
            Trainer.Train(JobOf(task, s_options with { SelectBy = figure }))).Message;
        Assert.Contains($"SequenceTrainerOptions.SelectBy is {figure}, but ", message, StringComparison.Ordinal);
        Assert.Contains($"It can be {others}", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Rows_of_one_class_have_no_curve_to_select_by()
    {
        TrainingJob job = JobOf(TrainingSelection.AreaUnderRocCurve,
            s_options with { SelectBy = TrainingSelection.AreaUnderRocCurve });
        SequenceDataset positive = new(job.Spec.Inputs);
        positive.Add([1u, 2], label: 1);
        Assert.Contains("one class", Assert.Throws<InvalidOperationException>(() =>
            Trainer.Train(job with { Validation = positive })).Message, StringComparison.Ordinal);
    }

    private static int BestOf(IReadOnlyList<TrainingEpoch> history, TrainingSelection figure) => figure switch
    {
        TrainingSelection.Accuracy => history.MaxBy(epoch => epoch.Validation!.Accuracy)!.Epoch,
        TrainingSelection.ErrorRate => history.MinBy(epoch => epoch.Validation!.ErrorRate)!.Epoch,
        TrainingSelection.AreaUnderRocCurve => history.MaxBy(epoch => epoch.Validation!.AreaUnderRocCurve)!.Epoch,
        TrainingSelection.SpanF1Score => history.MaxBy(epoch => epoch.Validation!.SpanF1Score)!.Epoch,
        TrainingSelection.RootMeanSquaredError => history.MinBy(epoch => epoch.Validation!.RootMeanSquaredError)!.Epoch,
        _ => history.MinBy(epoch => epoch.Validation!.Loss)!.Epoch,
    };

    /// <summary>A task that has the figure, a third of whose training labels are wrong.</summary>
    private static TrainingJob JobOf(TrainingSelection figure, SequenceTrainerOptions options)
    {
        var random = new Random(2);
        bool Wrong() => random.Next(3) == 0;
        List<Example> tokens = LearningTasks.LastTokenWins(80, seed: 3), others = LearningTasks.LastTokenWins(70, seed: 4);
        TrainingJob Job(NetworkShape shape, IEnumerable<Example> train, IEnumerable<Example> validation) => new()
        {
            Spec = shape, Data = LearningTasks.Dataset(shape, train), Validation = LearningTasks.Dataset(shape, validation),
            Options = options, Seed = 1,
        };
        Example Tagged(Example example, bool noisy) => example with
        {
            Label = float.NaN,
            StepLabels = [.. example.Tokens!.Select(token => noisy && Wrong() ? random.Next(4) : token - 1f)],
        };
        return figure switch
        {
            TrainingSelection.AreaUnderRocCurve => Job(s_words with { Head = HeadKind.Sigmoid, NumberOfOutputs = 1 },
                tokens.Select(e => e with { Label = e.Label > 1 != Wrong() ? 1 : 0 }),
                others.Select(e => e with { Label = e.Label > 1 ? 1 : 0 })),
            TrainingSelection.SpanF1Score => Job(TagsOf(HeadKind.Softmax), tokens.Select(e => Tagged(e, noisy: true)),
                others.Select(e => Tagged(e, noisy: false))) with
            { Spans = SpanCounter.For(s_tags) },
            TrainingSelection.RootMeanSquaredError => Job(new NetworkShape
            {
                Input = StepFeatureKind.Frames, InputSize = 2, Cell = "RNN", HiddenSize = 8, Head = HeadKind.Regression,
                NumberOfOutputs = 1,
            }, LearningTasks.Adding(40, seed: 3), LearningTasks.Adding(40, seed: 4)),
            _ => Job(s_words, tokens.Select(e => Wrong() ? e with { Label = random.Next(4) } : e), others),
        };
    }

    private static readonly NetworkShape s_words = new()
    {
        Input = StepFeatureKind.Tokens, InputSize = 4, EmbeddingSize = 4, Cell = "GRU", HiddenSize = 12,
        Head = HeadKind.Softmax, NumberOfOutputs = 4,
    };

    private static NetworkShape TagsOf(HeadKind head) => s_words with { EveryStep = true, Head = head };
}
