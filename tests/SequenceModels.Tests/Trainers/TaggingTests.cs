using Microsoft.ML;
using Microsoft.ML.Data;
using SequenceModels.Tests.Conformance;
using Xunit;

namespace SequenceModels.Tests.Trainers;

/// <summary>A label for each step: what is learned, and what comes out.</summary>
public class TaggingTests
{
    private readonly MLContext _ml = new(1);

    [Fact]
    public void A_tag_that_depends_on_both_neighbours_is_learned()
    {
        ITransformer model = _ml.TagPipeline().Fit(_ml.TaggedView(300));
        List<TaggedExample> unseen = TaggedExamples.Make(100, seed: 8);
        List<TagPrediction> found = _ml.Tag(model, _ml.Data.LoadFromEnumerable(unseen));
        double accuracy = TaggedExamples.Accuracy(unseen.Zip(found, (row, prediction) => (row.Tags, prediction.PredictedTags)));
        Assert.True(accuracy > 0.98, $"accuracy is {accuracy}");
    }

    [Fact]
    public void A_network_in_one_direction_learns_the_tag_of_the_word_before_only()
    {
        List<TaggedExample> rows = TaggedExamples.Make(300);
        rows.ForEach(row => row.Tags = [.. row.Words.Select((_, t) => t > 0 && row.Words[t - 1] == "a" ? "after a" : "else")]);
        Assert.True(Trained() > 0.98);
        rows.ForEach(row => row.Tags =
            [.. row.Words.Select((_, t) => t + 1 < row.Words.Length && row.Words[t + 1] == "a" ? "before a" : "else")]);
        Assert.True(Trained() < 0.9);

        double Trained()
        {
            IDataView data = _ml.Data.LoadFromEnumerable(rows);
            List<TagPrediction> found =
                _ml.Tag(_ml.TagPipeline(TaggedExamples.Quick with { Bidirectional = false }).Fit(data), data);
            return TaggedExamples.Accuracy(rows.Zip(found, (row, prediction) => (row.Tags, prediction.PredictedTags)));
        }
    }

    [Fact]
    public void Scores_are_probabilities_of_each_steps_classes_and_the_label_is_the_likeliest()
    {
        IDataView data = _ml.Prepared(50);
        List<TagPrediction> found = _ml.Tag(_ml.Tagger(TaggedExamples.Glance).Fit(data), data);
        Assert.Equal(TaggedExamples.Make(50).Select(row => row.Words.Length), found.Select(row => row.PredictedLabel.Length));
        Assert.All(found, row => Assert.All(row.Score.Chunk(4).Zip(row.PredictedLabel), step =>
        {
            Assert.Equal(1, step.First.Sum(), 1e-5);
            Assert.Equal(step.First.Max(), step.First[step.Second - 1]);
        }));
        Assert.True(found.SelectMany(row => row.PredictedLabel).Distinct().Count() > 1, "all labels are alike");
    }

    [Fact]
    public void The_columns_have_the_types_and_names_of_the_label()
    {
        IDataView data = _ml.Prepared(20);
        DataViewSchema schema = _ml.Tagger(TaggedExamples.Glance).Fit(data).GetOutputSchema(data.Schema);
        Assert.Equal(new VectorDataViewType(new KeyDataViewType(typeof(uint), 4)), schema["PredictedLabel"].Type);
        Assert.Equal([0, 4], ((VectorDataViewType)schema["Score"].Type).Dimensions);
        VBuffer<ReadOnlyMemory<char>> label = default, predicted = default, training = default;
        data.Schema["Label"].GetKeyValues(ref label);
        schema["PredictedLabel"].GetKeyValues(ref predicted);
        schema["Score"].Annotations.GetValue("TrainingLabelValues", ref training);
        Assert.Equal(Texts(label), Texts(predicted));
        Assert.Equal(Texts(label), Texts(training));

        static IEnumerable<string> Texts(VBuffer<ReadOnlyMemory<char>> names) =>
            names.DenseValues().Select(name => name.ToString());
    }

    [Fact]
    public void Names_of_any_type_come_back()
    {
        List<TaggedExample> rows = TaggedExamples.Make(20);
        var numbered = rows.Select(row => new { row.Words, Tags = row.Tags.Select(tag => tag.Length).ToArray() }).ToList();
        ITransformer model = _ml.TagPipeline(TaggedExamples.Glance).Fit(_ml.Data.LoadFromEnumerable(numbered));
        int[][] found = [.. model.Transform(_ml.Data.LoadFromEnumerable(numbered)).GetColumn<int[]>("PredictedTags")];
        Assert.All(found.SelectMany(row => row), tag => Assert.Contains(tag, new[] { 4, 5, 6, 7 }));
    }

    [Fact]
    public void One_hot_steps_and_the_keys_they_came_from_train_and_score_alike()
    {
        IDataView data = _ml.Prepared(40);
        data = _ml.Transforms.Categorical.OneHotSequenceEncoding("Hot", "Tokens").Fit(data).Transform(data);
        foreach (int size in new[] { 0, 5 })
        {
            TaggingOptions options = TaggedExamples.Glance with { EmbeddingSize = size };
            Assert.Equal(Bits(_ml.Tagger(options, "Tokens").Fit(data), data), Bits(_ml.Tagger(options, "Hot").Fit(data), data));
        }
    }

    [Fact]
    public void Frames_are_tagged_too()
    {
        var random = new Random(5);
        float[][] frames =
            [.. Enumerable.Range(0, 200)
                .Select(_ => Enumerable.Range(0, 2 * random.Next(1, 9)).Select(_ => random.NextSingle()).ToArray())];
        // 2 where the frame before had the larger first number
        uint[][] labels =
            [.. frames.Select(row => row.Chunk(2).Select((frame, t) => t > 0 && row[2 * t - 2] > frame[0] ? 2u : 1u).ToArray())];
        var view = new TestView(TestColumn.Numbers("Frames", [0, 2], frames), TestColumn.Keys("Label", 2, labels));
        TaggingTransformer model = _ml.Sequences().Tagging.Trainers.Gru("Label", ["Frames"], TaggedExamples.Quick with
        {
            NumberOfEpochs = 40,
            FrameScaling = FrameScaling.Standard,
        }).Fit(view);
        uint[][] found = [.. model.Transform(view).GetColumn<uint[]>("PredictedLabel")];
        double accuracy =
            labels.Zip(found).Average(row => row.First.Zip(row.Second).Average(step => step.First == step.Second ? 1.0 : 0));
        Assert.True(accuracy > 0.95, $"accuracy is {accuracy}");
    }

    [Fact]
    public void Rows_in_blocks_and_by_parallel_cursors_are_tagged_as_each_row_alone()
    {
        var random = new Random(3);
        uint[][] Ragged(uint keys, uint least) => [.. Enumerable.Range(0, 3000).Select(row =>
            Enumerable.Range(0, row % 300 == 7 ? 3000 : row % 13)
            .Select(_ => (uint)random.Next((int)least, (int)keys + 1)).ToArray())];
        var view = new TestView(TestColumn.Keys("Tokens", 9, Ragged(9, 0)), TestColumn.Keys("Label", 5, Ragged(5, 1)));
        TaggingTransformer model =
            _ml.Tagger(TaggedExamples.Glance with { NumberOfEpochs = 1, TruncatedBackpropagationSteps = 50 }).Fit(view);
        string[] outputs = ["PredictedLabel", "Score"];
        string[] alone = Rows.OfMapped(view, model.GetRowToRowMapper(view.Schema), outputs);
        Assert.True(alone.Distinct().Count() > 2000, "the rows are alike: nothing is tested");
        Assert.Equal(alone, Rows.Of(model.Transform(view), outputs));
        Assert.Equal(alone, Rows.OfParallel(model.Transform(view), 3, outputs));
        Assert.Equal(alone.Select(row => row.Split(" | ")[1]), Rows.Of(model.Transform(view), "Score"));
    }

    [Fact]
    public void A_prediction_engine_tags_a_sentence()
    {
        ITransformer model = _ml.TagPipeline().Fit(_ml.TaggedView(300));
        using PredictionEngine<TaggedExample, TagPrediction> engine =
            _ml.Model.CreatePredictionEngine<TaggedExample, TagPrediction>(model);
        Assert.Equal(["neither", "before", "neither", "after"],
            engine.Predict(TaggedExamples.Of("c", "b", "a", "d")).PredictedTags);
        foreach (TaggedExample row in TaggedExamples.Make(20, seed: 9))
            Assert.Equal(row.Tags, engine.Predict(row).PredictedTags);
        Assert.Empty(engine.Predict(TaggedExamples.Of()).PredictedTags);
    }

    [Fact]
    public void A_split_into_training_and_test_rows_works()
    {
        var split = _ml.Data.TrainTestSplit(_ml.TaggedView(200), 0.25);
        List<TagPrediction> found = _ml.Tag(_ml.TagPipeline(TaggedExamples.Glance).Fit(split.TrainSet), split.TestSet);
        Assert.NotEmpty(found);
        foreach (var fold in _ml.Data.CrossValidationSplit(_ml.TaggedView(60), 2))
            Assert.NotEmpty(_ml.Tag(_ml.TagPipeline(TaggedExamples.Glance).Fit(fold.TrainSet), fold.TestSet));
    }

    internal static string[] Bits(ITransformer model, IDataView data) =>
        Rows.Of(model.Transform(data), "PredictedLabel", "Score");
}
