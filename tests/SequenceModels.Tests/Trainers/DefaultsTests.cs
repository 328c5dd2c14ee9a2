using Microsoft.ML;
using Microsoft.ML.Data;
using SequenceModels.Diagnostics;
using Xunit;

namespace SequenceModels.Tests.Trainers;

/// <summary>What a trainer does of which no option was set.</summary>
public class DefaultsTests
{
    private static readonly SequenceTrainerOptions s_small = new() { HiddenSize = 4, NumberOfThreads = 1, Seed = 1 };

    private readonly MLContext _ml = new(1);
    private readonly List<string> _lines = [];

    public DefaultsTests() => _ml.Log += (_, e) => _lines.Add(e.RawMessage);

    [Fact]
    public void Long_rows_of_numbers_are_read_several_steps_at_a_time_in_every_way_of_scoring()
    {
        IDataView rows = Waves(24);
        SequencePredictionTransformer model = Trainer(s_small).Fit(rows);
        SequenceNetwork network = model.Model.Network;
        Assert.Equal((3, 1, SequencePooling.Last), (network.FrameStacking, network.InputSize, network.Pooling));
        Assert.Equal(50, model.Model.History.Count);
        Assert.Contains("3 steps of 'Features' are read as one", _lines);
        Assert.Contains(_lines, line => line.StartsWith("epoch 50/50 ", StringComparison.Ordinal));

        using var file = new MemoryStream();
        _ml.Model.Save(model, rows.Schema, file);
        file.Position = 0;
        ITransformer loaded = _ml.Model.Load(file, out _);
        float[] scores = model.Scores(rows);
        Assert.Equal(scores, loaded.Scores(rows));
        using PredictionEngine<Wave, Score> engine = _ml.Model.CreatePredictionEngine<Wave, Score>(loaded);
        List<Wave> waves = Make(24);
        for (int row = 0; row < waves.Count; row++)
        {
            Assert.Equal(scores[row], engine.Predict(waves[row]).Value);
            Assert.Equal(scores[row], network.Score(waves[row].Features)[0]);
        }
        Assert.Throws<NotSupportedException>(network.CreateStepper);
        Assert.Equal(waves.Take(5).Select(wave => wave.Features.Length), _ml.Sequences().Explain(model)
            .Explain(_ml.Data.TakeRows(rows, 5)).Select(row => row.FeatureShares.Count));
    }

    [Fact]
    public void Training_goes_on_with_as_many_steps_at_a_time_as_the_initial_model_reads()
    {
        SequencePredictionTransformer first = Trainer(s_small with { NumberOfEpochs = 1 }).Fit(Waves(24));
        SequencePredictionTransformer next = Trainer(s_small with { NumberOfEpochs = 1 }).Fit(Waves(24, length: 20), Waves(8),
            first.Model);
        Assert.Equal(3, next.Model.Network.FrameStacking);
        Assert.NotNull(next.Model.History[0].Validation);
        Exception refused = Assert.Throws<ArgumentException>(() =>
            Trainer(s_small with { NumberOfEpochs = 1, FrameStacking = 2 }).Fit(Waves(24), null, first.Model));
        Assert.Contains("FrameStacking (3, here 2)", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_set_is_kept()
    {
        SequencePredictionTransformer model = Trainer(s_small with
        {
            NumberOfEpochs = 2,
            FrameStacking = 1,
            Pooling = SequencePooling.Mean,
            LearningRate = 0.5f,
            LearningRateSchedule = LearningRateSchedule.Constant,
        }).Fit(Waves(24));
        Assert.Equal((1, SequencePooling.Mean), (model.Model.Network.FrameStacking, model.Model.Network.Pooling));
        Assert.Equal([0.5f, 0.5f], model.Model.History.Select(epoch => (float)epoch.LearningRate));
        model.Model.Network.CreateStepper();
    }

    [Fact]
    public void Reports_and_comparisons_take_such_rows()
    {
        GradientFlowComparison compared = GradientFlow.Compare(_ml, Waves(24), "Label", "Features",
            s_small with { NumberOfEpochs = 1 });
        Assert.Equal(3, compared.Cells.Count); // step by step
        string path = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}.html");
        try
        {
            Trainer(s_small with { NumberOfEpochs = 1 }).Fit(Waves(24)).Model.WriteReport(path);
            Assert.True(File.Exists(path));
        }
        finally
        {
            File.Delete(path);
        }
    }

    private SequenceTrainer Trainer(SequenceTrainerOptions options) => _ml.BinaryClassification.Trainers.Gru(options: options);

    private IDataView Waves(int count, int length = 100) => _ml.Data.LoadFromEnumerable(Make(count, length));

    internal static List<Wave> Make(int count, int length = 100) => [.. Enumerable.Range(0, count).Select(row => new Wave
    {
        Features = [.. Enumerable.Range(0, length + row % 5).Select(t => MathF.Sin(t * (row % 2 == 0 ? 0.1f : 0.3f)))],
        Label = row % 2 == 0,
    })];

    internal sealed class Wave
    {
        [VectorType]
        public float[] Features { get; set; } = [];

        public bool Label { get; set; }
    }

    internal sealed class Score
    {
        [ColumnName("Score")]
        public float Value { get; set; }
    }
}
