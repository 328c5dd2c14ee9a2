using Microsoft.ML;
using Microsoft.ML.Data;
using SequenceModels.Layers;
using SequenceModels.Tests.Conformance;
using Xunit;

namespace SequenceModels.Tests.Trainers;

/// <summary>What a tagger learns from and is measured on, how it goes on, and what it leaves behind.</summary>
public class TaggingTrainingTests
{
    private readonly MLContext _ml = new(1);
    private readonly List<string> _warnings = [];

    public TaggingTrainingTests() => _ml.Log += (_, e) =>
    {
        if (e.Kind == Microsoft.ML.Runtime.ChannelMessageKind.Warning)
            _warnings.Add(e.RawMessage);
    };

    [Fact]
    public void A_step_without_a_label_counts_nothing()
    {
        // In one direction, a last step of which nothing is learned is as good as none.
        uint[][] tokens = [[1, 2, 3], [2, 2], [3, 1, 1, 2]], labels = [[1, 2, 1], [2, 2], [1, 1, 2, 2]];
        TaggingOptions options = TaggedExamples.Glance with { Bidirectional = false, ClassWeights = ClassWeights.Balanced };
        TestView whole = View(tokens, labels);
        TestView longer =
            View([.. tokens.Select(row => row.Append(1u).ToArray())], [.. labels.Select(row => row.Append(0u).ToArray())]);
        TaggingTransformer expected = _ml.Tagger(options).Fit(whole), found = _ml.Tagger(options).Fit(longer);
        Assert.Contains("Steps that count nothing because their label in column 'Label' is missing: 3.", _warnings);
        Assert.All(Scores(expected, whole).Zip(Scores(found, whole)), pair => Assert.Equal(pair.First, pair.Second, 1e-4));
        // With a label, that step does count.
        TestView labelled = View(longer, [.. labels.Select(row => row.Append(2u).ToArray())]);
        Assert.NotEqual(Scores(found, whole)[0], Scores(_ml.Tagger(options).Fit(labelled), whole)[0], 1e-4);
    }

    [Fact]
    public void A_row_without_any_label_is_skipped_and_one_without_steps_does_no_harm()
    {
        uint[][] tokens = [[1, 2, 3], [2, 2], [], [3, 1, 1, 2]], labels = [[1, 2, 1], [0, 0], [], [1, 1, 2, 2]];
        TaggingTransformer model = _ml.Tagger(TaggedExamples.Glance).Fit(View(tokens, labels));
        TaggingTransformer without = _ml.Tagger(TaggedExamples.Glance).Fit(View([tokens[0], tokens[3]], [labels[0], labels[3]]));
        Assert.Contains("Rows skipped because labels in column 'Label' are missing: 1.", _warnings);
        Assert.Equal(TaggingTests.Bits(without, View(tokens, labels)), TaggingTests.Bits(model, View(tokens, labels)));
    }

    [Fact]
    public void Validation_accuracy_is_the_share_of_labelled_steps_that_are_tagged_rightly()
    {
        IDataView train = _ml.Prepared(100), validation = _ml.Prepared(40, seed: 8);
        uint[][] labels = [.. validation.GetColumn<uint[]>("Label")];
        labels[3][0] = 0;
        DataViewSchema.Column label = validation.Schema["Label"], token = validation.Schema["Tokens"];
        var measured = new TestView(new TestColumn(new(token), TestColumn.Dense([.. validation.GetColumn<uint[]>("Tokens")])),
            new TestColumn(new(label), TestColumn.Dense(labels)));
        TaggingTransformer model = _ml.Tagger(TaggedExamples.Glance).Fit(train, measured);

        uint[][] predicted = [.. model.Transform(measured).GetColumn<uint[]>("PredictedLabel")];
        float[][] scores = [.. model.Transform(measured).GetColumn<float[]>("Score")];
        bool[] right = [.. labels.SelectMany((row, r) => row.Select((label, t) => (label, same: label == predicted[r][t])))
            .Where(step => step.label > 0).Select(step => step.same)];
        double[] losses = [.. labels.SelectMany((row, r) => row.Select((label, t) => (label, t)).Where(step => step.label > 0)
            .Select(step => -Math.Log(scores[r][(4 * step.t) + (int)step.label - 1])))];
        ValidationMetrics metrics = model.Model.History[^1].Validation!;
        Assert.Equal(right.Average(each => each ? 1.0 : 0), metrics.Accuracy!.Value, 1e-9);
        Assert.Equal(losses.Average(), metrics.LogLoss!.Value, 1e-5);
        Assert.InRange(metrics.Accuracy.Value, 0.3, 0.999);
    }

    [Fact]
    public void Training_stops_early_and_keeps_the_best_epoch()
    {
        // Tags that nothing tells: what is learned of them by heart is of no use on other rows.
        var random = new Random(2);
        List<TaggedExample> rows = TaggedExamples.Make(60);
        rows.ForEach(row => row.Tags = [.. row.Words.Select(_ => random.Next(2) == 0 ? "x" : "y")]);
        IDataView data = _ml.Data.LoadFromEnumerable(rows);
        TaggingTransformer model = _ml.Tagger(TaggedExamples.Quick with
        {
            ValidationFraction = 0.3,
            EarlyStoppingPatience = 2,
            NumberOfEpochs = 50,
        }).Fit(_ml.TagKeys().Fit(data).Transform(data));
        IReadOnlyList<TrainingEpoch> history = model.Model.History;
        Assert.InRange(history.Count, 2, 49);
        Assert.Equal(history.Min(epoch => epoch.Validation!.Loss), history.Single(epoch => epoch.IsSelected).Validation!.Loss);
    }

    [Fact]
    public void A_trained_model_can_be_gone_on_from()
    {
        IDataView data = _ml.Prepared(100);
        TaggingTransformer first = _ml.Tagger(TaggedExamples.Glance).Fit(data);
        TaggingTransformer second = _ml.Tagger(TaggedExamples.Glance).Fit(data, null, first.Model);
        Assert.True(second.Model.History[0].TrainingLoss < first.Model.History[^1].TrainingLoss, "it began anew");
        string shape = Assert.Throws<ArgumentException>(() =>
            _ml.Tagger(TaggedExamples.Glance with { HiddenSize = 9 }).Fit(data, null, first.Model)).Message;
        Assert.Contains("HiddenSize (8, here 9)", shape);
        List<TaggedExample> others = TaggedExamples.Make(50);
        others.ForEach(row => row.Tags = [.. row.Tags.Select(tag => tag + "!")]);
        IDataView renamed = _ml.Data.LoadFromEnumerable(others);
        string classes = Assert.Throws<ArgumentException>(() =>
            _ml.Tagger(TaggedExamples.Glance).Fit(_ml.TagKeys().Fit(renamed).Transform(renamed), null, first.Model)).Message;
        Assert.Contains("other classes", classes);
    }

    [Fact]
    public void A_cancelled_training_goes_on_from_its_checkpoint_to_the_same_bits()
    {
        string folder = Directory.CreateTempSubdirectory("sequencemodels-").FullName;
        try
        {
            IDataView data = _ml.Prepared(60);
            TaggingOptions options = TaggedExamples.Glance with { NumberOfEpochs = 4, Dropout = 0.2f };
            string[] expected = TaggingTests.Bits(_ml.Tagger(options).Fit(data), data);
            options = options with { CheckpointPath = Path.Combine(folder, "tagger") };
            using var cancel = new CancellationTokenSource();
            TaggingOptions cancelled = options with { CancellationToken = cancel.Token, Progress = new CancelIn(3, cancel) };
            Assert.ThrowsAny<OperationCanceledException>(() => _ml.Tagger(cancelled).Fit(data));
            Assert.True(File.Exists(options.CheckpointPath));
            TaggingTransformer resumed = _ml.Tagger(options with { NumberOfThreads = 2 }).Fit(data);
            Assert.Equal(4, resumed.Model.History.Count);
            Assert.Equal(expected, TaggingTests.Bits(resumed, data));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public void A_saved_tagger_is_the_same_when_loaded_and_its_report_names_tags_and_words()
    {
        IDataView data = _ml.TaggedView(60);
        ITransformer model = _ml.TagPipeline(TaggedExamples.Glance).Fit(data);
        using var file = new MemoryStream();
        _ml.Model.Save(model, data.Schema, file);
        file.Position = 0;
        ITransformer loaded = new MLContext().Model.Load(file, out _);
        Assert.Equal(Rows.Of(model.Transform(data), "PredictedTags", "Score"),
            Rows.Of(loaded.Transform(data), "PredictedTags", "Score"));
        Assert.Equal(model.GetOutputSchema(data.Schema).Select(Rows.Describe), loaded.GetOutputSchema(data.Schema)
            .Select(Rows.Describe));

        TaggingTransformer tagger = ((IEnumerable<ITransformer>)loaded).SelectMany(Flat).OfType<TaggingTransformer>().Single();
        Assert.Equal(["Tokens"], tagger.FeatureColumnNames);
        Assert.Equal(2, tagger.Model.History.Count);
        string page = Path.GetTempFileName();
        try
        {
            tagger.Model.WriteReport(page);
            string html = File.ReadAllText(page);
            Assert.Contains("neither", html);
            Assert.Contains("each step: 4 classes", html);
        }
        finally
        {
            File.Delete(page);
        }

        static IEnumerable<ITransformer> Flat(ITransformer transformer) =>
            transformer is IEnumerable<ITransformer> chain ? chain.SelectMany(Flat) : [transformer];
    }

    [Fact]
    public void Threads_do_not_change_a_bit()
    {
        IDataView data = _ml.Prepared(80);
        TaggingOptions options = TaggedExamples.Glance with { Dropout = 0.3f, WordDropout = 0.1f };
        Assert.Equal(TaggingTests.Bits(_ml.Tagger(options).Fit(data), data),
            TaggingTests.Bits(_ml.Tagger(options with { NumberOfThreads = 3 }).Fit(data), data));
    }

    private static TestView View(uint[][] tokens, uint[][] labels) =>
        new(TestColumn.Keys("Tokens", 4, tokens), TestColumn.Keys("Label", 2, labels));

    private static TestView View(TestView view, uint[][] labels) => new(view.Columns[0], TestColumn.Keys("Label", 2, labels));

    private static float[] Scores(TaggingTransformer model, TestView data) =>
        [.. model.Transform(data).GetColumn<float[]>("Score").SelectMany(row => row)];

    private sealed class CancelIn(int epoch, CancellationTokenSource cancel) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value)
        {
            if (value.Epoch == epoch)
                cancel.Cancel();
        }
    }
}
