using Microsoft.ML;
using SequenceModels.Layers;
using SequenceModels.Networks;
using Xunit;

namespace SequenceModels.Tests.Trainers;

/// <summary>A language model of rows that follow each other, as the lines of a corpus do.</summary>
public sealed class FollowingRowsTests : IDisposable
{
    private static readonly LanguageModelOptions s_options = LanguageModelTests.Quick with
    {
        NumberOfEpochs = 3,
        HiddenSize = 6,
        TruncatedBackpropagationSteps = 5,
        RowsFollowEachOther = true,
        LearningRateSchedule = LearningRateSchedule.Cosine(0.1f),
        Dropout = 0.1f,
    };

    private readonly string _folder = Directory.CreateTempSubdirectory("sequence-models-").FullName;
    private readonly MLContext _ml = new(1);

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void They_are_learned_from_and_measured_as_one_text()
    {
        uint[] text = Text(240), others = Text(90, seed: 5);
        LanguageModelTransformer one = Fit(s_options, View(text), View(others)), cut = Fit(s_options, Lines(text), Lines(others));
        Assert.Equal(one.Model.Network.Bytes(), cut.Model.Network.Bytes());
        Assert.True(cut.RowsFollowEachOther);
        double expected = -new SequenceLikelihood(cut.Model.Network.Layers).LogProbabilities(others)[1..]
            .Average(value => (double)value);
        LanguageModelMetrics metrics = _ml.Sequences().LanguageModeling.Evaluate(Lines(others), cut);
        Assert.Equal(89, metrics.NumberOfTokens);
        Assert.Equal(expected, metrics.NllPerStep, 1e-6);
        Assert.Equal(metrics.NllPerStep, cut.Model.History[^1].Validation!.Loss);

        LanguageModelTransformer apart = Fit(s_options with { RowsFollowEachOther = false }, Lines(text), Lines(others));
        Assert.NotEqual(apart.Model.Network.Bytes(), cut.Model.Network.Bytes());
        Assert.NotEqual(89, _ml.Sequences().LanguageModeling.Evaluate(Lines(others), apart).NumberOfTokens);
    }

    [Fact]
    public void The_rate_moves_with_each_update_of_the_one_batch()
    {
        // 239 steps in 4 streams are 60 steps, 12 updates an epoch.
        IReadOnlyList<TrainingEpoch> history = Fit(s_options with { LearningRateSchedule = LearningRateSchedule.Cosine() },
            Lines(Text(240))).Model.History;
        for (int epoch = 1; epoch <= 3; epoch++)
            Assert.Equal(0.02 * (1 + Math.Cos(Math.PI * (12 * epoch - 1) / 36)) / 2, history[epoch - 1].LearningRate, 1e-7);
    }

    [Fact]
    public void Threads_change_no_bit_and_a_training_goes_on_within_the_text()
    {
        TestView lines = Lines(Text(240));
        byte[] whole = Fit(s_options, lines).Model.Network.Bytes(), last = [];
        Assert.Equal(whole, Fit(s_options with { NumberOfThreads = 2 }, lines).Model.Network.Bytes());
        string path = Path.Combine(_folder, "checkpoint");
        LanguageModelOptions hurried = s_options with { CheckpointPath = path, TimeBudget = TimeSpan.FromTicks(1) };
        int fits = 0;
        do
            last = Fit(hurried with { NumberOfThreads = 1 + fits++ % 2 }, lines).Model.Network.Bytes();
        while (File.Exists(path));
        Assert.Equal(36, fits);
        Assert.Equal(whole, last);
    }

    [Fact]
    public void A_saved_model_is_measured_as_it_was()
    {
        TestView lines = Lines(Text(120));
        LanguageModelTransformer model = Fit(s_options, lines);
        using var file = new MemoryStream();
        _ml.Model.Save(model, lines.Schema, file);
        ITransformer loaded = _ml.Model.Load(file, out _);
        Assert.Equal(_ml.Sequences().LanguageModeling.Evaluate(lines, model).NllPerStep,
            _ml.Sequences().LanguageModeling.Evaluate(lines, loaded).NllPerStep);
    }

    [Fact]
    public void Parts_of_the_text_can_be_set_aside() =>
        Assert.All(Fit(s_options with { ValidationFraction = 0.25 }, Lines(Text(240))).Model.History,
            epoch => Assert.NotNull(epoch.Validation));

    [Fact]
    public void What_does_not_go_together_is_refused()
    {
        Refused<ArgumentOutOfRangeException>(s_options with { Reversed = true }, "RowsFollowEachOther must be false where");
        Refused<ArgumentOutOfRangeException>(s_options with { TruncatedBackpropagationSteps = 0 },
            "TruncatedBackpropagationSteps must be at least 1");
        Assert.Contains("'Weight' has weights of rows", Assert.Throws<ArgumentException>(() =>
            _ml.Sequences().LanguageModeling.Trainers.Gru("Features", s_options, "Weight")).Message, StringComparison.Ordinal);
        Assert.Contains("two steps", Assert.Throws<InvalidOperationException>(() => Fit(s_options, View([1]))).Message,
            StringComparison.Ordinal);

        void Refused<T>(LanguageModelOptions options, string message) where T : Exception => Assert.Contains(message,
            Assert.Throws<T>(() => _ml.Sequences().LanguageModeling.Trainers.Gru(options: options)).Message,
            StringComparison.Ordinal);
    }

    private LanguageModelTransformer Fit(LanguageModelOptions options, IDataView train, IDataView? validation = null) =>
        _ml.Sequences().LanguageModeling.Trainers.Gru(options: options).Fit(train, validation);

    private static uint[] Text(int length, int seed = 3)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, length).Select(t => (uint)(random.Next(4) == 0 ? random.Next(4) : 1 + t % 3))];
    }

    private static TestView View(params uint[][] rows) => new TestView(TestColumn.Keys("Features", 3, rows));

    /// <summary>Rows of 0 to 6 steps.</summary>
    private static TestView Lines(uint[] text)
    {
        var rows = new List<uint[]>();
        for (int first = 0, length = 0; first < text.Length; first += length, length = (length + 1) % 7)
            rows.Add(text[first..Math.Min(first + length, text.Length)]);
        return View([.. rows]);
    }
}
