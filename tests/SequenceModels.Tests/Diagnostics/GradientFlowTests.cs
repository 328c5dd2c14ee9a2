using Microsoft.ML;
using Microsoft.ML.Data;
using SequenceModels.Diagnostics;
using SequenceModels.Tests.Forecasting;
using SequenceModels.Tests.Trainers;
using SequenceModels.Tests.Transforms;
using Xunit;

namespace SequenceModels.Tests.Diagnostics;

public class GradientFlowTests
{
    private static readonly SequenceTrainerOptions s_options = new()
    {
        HiddenSize = 16, NumberOfEpochs = 1, BatchSize = 16, LearningRate = 0.01f, NumberOfThreads = 1, Seed = 2,
        LearningRateSchedule = LearningRateSchedule.Constant, FrameScaling = FrameScaling.None,
    };

    [Fact]
    public void The_gradient_survives_in_gated_cells_which_learn_what_a_plain_one_does_not()
    {
        // What a plain cell's gradient does in training turns on the last bits of sums: it vanishes, or it explodes.
        var ml = new MLContext(1);
        GradientFlowComparison comparison = GradientFlow.Compare(ml, Sums(ml), "Sum", "Frames",
            s_options with { NumberOfEpochs = 60 });
        Assert.Equal(["RNN", "GRU", "LSTM"], comparison.Cells.Select(cell => cell.Cell));
        CellGradientFlow plain = comparison.Cells[0], lstm = comparison.Cells[2];
        Assert.Equal(50, plain.NormsAfterTraining.Count);
        Assert.True(plain.SurvivalBeforeTraining < 0.1, comparison.ToString());
        Assert.All(comparison.Cells.Skip(1), gated =>
        {
            Assert.True(gated.SurvivalAfterTraining > 0.05, comparison.ToString());
            Assert.True(gated.RootMeanSquaredError < 0.4 * plain.RootMeanSquaredError, comparison.ToString());
        });
        Assert.Equal(lstm.NormsBeforeTraining[^1] / lstm.NormsBeforeTraining[0], lstm.SurvivalBeforeTraining);
        Assert.All(comparison.Cells, cell =>
        {
            Assert.NotNull(cell.RootMeanSquaredError);
            Assert.Null(cell.Accuracy);
            Assert.Equal(60, cell.Model.History.Count);
            Assert.All(Assert.Single(cell.Layers).Sequences, count => Assert.Equal(256, count));
        });
        Assert.Equal(4, comparison.ToString().TrimEnd().Split('\n').Length);
    }

    [Fact]
    public void Labels_say_what_the_task_is()
    {
        var ml = new MLContext(1);
        SequenceTrainerOptions options = Examples.Glance with { NumberOfLayers = 2, Bidirectional = true };
        IDataView view = ml.Transforms.Conversion.MapValueToKey("Key", nameof(Example.Topic)).Append(ml.Tokens()).Fit(ml.View(40))
            .Transform(ml.View(40));
        GradientFlowComparison binary = GradientFlow.Compare(ml, view, nameof(Example.Positive), options: options);
        GradientFlowComparison multiclass = GradientFlow.Compare(ml, view, "Key", options: options);
        Assert.Equal(1, binary.Cells[0].Model.Network.NumberOfOutputs);
        Assert.Equal(3, multiclass.Cells[0].Model.Network.NumberOfOutputs);
        Assert.All(multiclass.Cells, cell => Assert.InRange(cell.Accuracy!.Value, 0, 1));
        Assert.Equal([(1, false), (1, true), (2, false), (2, true)],
            binary.Cells[2].Layers.Select(layer => (layer.Layer, layer.IsReverse)));
        Assert.Same(binary.Cells[2].Layers[2].NormsAfterTraining, binary.Cells[2].NormsAfterTraining);
    }

    [Fact]
    public void First_weights_are_those_that_training_begins_with()
    {
        // With steps too small to move a weight, training ends where it begins.
        var ml = new MLContext(1);
        SequenceTrainerOptions still = s_options with { LearningRate = 1e-30f, Optimizer = SequenceOptimizer.Sgd() };
        foreach (CellGradientFlow cell in GradientFlow.Compare(ml, Sums(ml), "Sum", "Frames", still).Cells)
            Assert.Equal(cell.NormsBeforeTraining, cell.NormsAfterTraining);
    }

    [Fact]
    public void A_comparison_and_a_model_write_pages()
    {
        var ml = new MLContext(1);
        string path = Path.Combine(Directory.CreateTempSubdirectory().FullName, "report.html");
        try
        {
            GradientFlowComparison comparison = GradientFlow.Compare(ml, Sums(ml), "Sum", "Frames", s_options);
            comparison.WriteReport(path);
            Assert.Contains("Gradient flow: RNN, GRU, LSTM", File.ReadAllText(path), StringComparison.Ordinal);
            comparison.Cells[1].Model.WriteReport(path);
            Assert.Contains("GRU for regression", File.ReadAllText(path), StringComparison.Ordinal);
            Assert.Single(Directory.GetFiles(Path.GetDirectoryName(path)!));
        }
        finally
        {
            Directory.Delete(Path.GetDirectoryName(path)!, recursive: true);
        }
    }

    [Fact]
    public void A_report_names_classes_and_tokens()
    {
        var ml = new MLContext(1);
        string path = Path.GetTempFileName();
        try
        {
            var chain = (IEnumerable<ITransformer>)ml.TopicPipeline(Examples.Glance).Fit(ml.View(60));
            chain.OfType<SequencePredictionTransformer>().Single().Model.WriteReport(path);
            string page = File.ReadAllText(path);
            Assert.All(Examples.Topics, topic => Assert.Contains($">{topic}<", page, StringComparison.Ordinal));
            Assert.Contains(">down<", page, StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void A_report_is_measured_when_it_is_asked_for_and_the_same_of_a_loaded_model()
    {
        var ml = new MLContext(1);
        IDataView data = ml.View(40);
        SequencePredictionTransformer fitted = ml.SumTrainer(Examples.Glance with { ValidationFraction = 0.25 }).Fit(data);
        Assert.False(fitted.Model.Insight!.IsValueCreated);
        Assert.False(ml.Tagger(TaggedExamples.Glance).Fit(ml.Prepared(20)).Model.Insight!.IsValueCreated);
        string path = Path.GetTempFileName();
        try
        {
            fitted.Model.WriteReport(path);
            Assert.True(fitted.Model.Insight.IsValueCreated);
            string page = File.ReadAllText(path);
            Assert.Contains("on all 10 validation rows", page, StringComparison.Ordinal);
            using var file = new MemoryStream();
            ml.Model.Save(fitted, data.Schema, file);
            ITransformer loaded = ml.Model.Load(file, out _);
            (loaded as SequencePredictionTransformer
                ?? ((IEnumerable<ITransformer>)loaded).OfType<SequencePredictionTransformer>().Single()).Model.WriteReport(path);
            Assert.Equal(page, File.ReadAllText(path));
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void Each_cell_has_a_checkpoint_of_its_own_while_it_trains()
    {
        var ml = new MLContext(1);
        string folder = Directory.CreateTempSubdirectory("SequenceModels-test-").FullName;
        try
        {
            var seen = new SortedSet<string>();
            SequenceTrainerOptions options = Examples.Glance with { CheckpointPath = Path.Combine(folder, "checkpoint") };
            GradientFlowComparison kept = GradientFlow.Compare(ml, ml.View(30), nameof(Example.Sum), nameof(Example.Readings),
                options with
                {
                    Progress = new Reports(_ =>
                        seen.UnionWith(Directory.GetFiles(folder).Select(file => Path.GetFileName(file)!))),
                });
            Assert.Superset(new HashSet<string> { "checkpoint.RNN", "checkpoint.GRU", "checkpoint.LSTM" }, seen);
            Assert.Empty(Directory.GetFiles(folder));
            GradientFlowComparison plain = GradientFlow.Compare(ml, ml.View(30), nameof(Example.Sum), nameof(Example.Readings),
                Examples.Glance);
            Assert.Equal(plain.Cells.Select(cell => cell.Model.Network.Bytes()),
                kept.Cells.Select(cell => cell.Model.Network.Bytes()));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public void Rows_can_be_set_aside_to_stop_early()
    {
        var ml = new MLContext(1);
        SequenceTrainerOptions options = Examples.Glance with
        {
            ValidationFraction = 0.25,
            EarlyStoppingPatience = 1,
            NumberOfEpochs = 30,
            LearningRate = 0.3f,
        };
        GradientFlowComparison comparison = GradientFlow.Compare(ml, ml.View(60), nameof(Example.Sum), nameof(Example.Readings),
            options);
        Assert.All(comparison.Cells, cell =>
        {
            IReadOnlyList<TrainingEpoch> history = cell.Model.History;
            Assert.InRange(history.Count, 2, 29);
            Assert.Equal(history.Count - 1, history.Single(epoch => epoch.IsSelected).Epoch);
            Assert.Equal(history.Min(epoch => epoch.Validation!.Loss), history[^2].Validation!.Loss);
        });
        var error = Assert.Throws<InvalidOperationException>(() => GradientFlow.Compare(ml, ml.View(60), nameof(Example.Sum),
            nameof(Example.Readings),
            options with { ValidationFraction = 0 }));
        Assert.Contains("EarlyStoppingPatience", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_label_that_cannot_be_one_is_named()
    {
        var ml = new MLContext(1);
        Assert.Contains("'Topic'", Assert.Throws<ArgumentOutOfRangeException>(() => GradientFlow.Compare(ml, ml.View(9), "Topic"))
            .Message, StringComparison.Ordinal);
        Assert.Contains("'None'", Assert.Throws<ArgumentOutOfRangeException>(() => GradientFlow.Compare(ml, ml.View(9), "None"))
            .Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentNullException>(() => GradientFlow.Compare(ml, null!));
        Assert.Throws<ArgumentException>(() => GradientFlow.Compare(ml, ml.View(9), ""));
    }

    /// <summary>The adding problem over 50 steps: what decides lies far back.</summary>
    private static IDataView Sums(MLContext ml)
    {
        const int Steps = 50;
        var random = new Random(5);
        return ml.Data.LoadFromEnumerable(Enumerable.Range(0, 256).Select(_ =>
        {
            float[] frames = new float[2 * Steps];
            for (int t = 0; t < Steps; t++)
                frames[2 * t] = random.NextSingle();
            int first = random.Next(Steps / 2), second = Steps / 2 + random.Next(Steps / 2);
            frames[2 * first + 1] = frames[2 * second + 1] = 1;
            return new Row { Frames = frames, Sum = frames[2 * first] + frames[2 * second] };
        }).ToList(), Examples.Dimensions<Row>(nameof(Row.Frames), 0, 2));
    }

    private sealed class Reports(Action<TrainingProgress> on) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value) => on(value);
    }

    private sealed class Row
    {
        [VectorType]
        public float[] Frames { get; set; } = [];

        public float Sum { get; set; }
    }
}
