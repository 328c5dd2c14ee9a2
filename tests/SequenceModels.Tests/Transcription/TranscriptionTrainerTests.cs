using Microsoft.ML;
using Microsoft.ML.Data;
using Xunit;

namespace SequenceModels.Tests.Transcription;

/// <summary>Transcription as an ML.NET pipeline: frames in, texts out.</summary>
public class TranscriptionTrainerTests
{
    private static readonly TranscriptionOptions s_options = new()
    {
        HiddenSize = 12, NumberOfEpochs = 25, BatchSize = 16, LearningRate = 2e-2f, Dropout = 0, Seed = 1,
    };

    /// <summary>Fitted once: no test changes it.</summary>
    private static readonly Lazy<ITransformer> s_model = new(() => Pipeline(new MLContext(1), s_options).Fit(Rows(200, seed: 1)));

    [Fact]
    public void A_pipeline_learns_to_write_down_what_is_said_and_survives_a_file()
    {
        var ml = new MLContext(1);
        IDataView test = Rows(60, seed: 2), transcribed = s_model.Value.Transform(test);
        TranscriptionMetrics metrics = ml.Sequences().Transcription.Evaluate(transcribed);
        Assert.True(metrics.TokenErrorRate < 0.05, $"{metrics}");
        string[] texts = [.. transcribed.GetColumn<string>("Text")];
        float[] scores = [.. transcribed.GetColumn<float>("Score")];
        Assert.All(scores, score => Assert.True(score <= 0));
        AssertTimes(transcribed);

        using var file = new MemoryStream();
        ml.Model.Save(s_model.Value, test.Schema, file);
        file.Position = 0;
        ITransformer loaded = new MLContext(2).Model.Load(file, out _);
        Assert.Equal(texts, loaded.Transform(test).GetColumn<string>("Text"));
        Assert.Equal(scores, loaded.Transform(test).GetColumn<float>("Score"));
    }

    [Fact]
    public void A_prediction_engine_gives_what_the_view_gives()
    {
        var ml = new MLContext(1);
        PredictionEngine<SpokenLevels.Row, Answer> engine =
            ml.Model.CreatePredictionEngine<SpokenLevels.Row, Answer>(s_model.Value);
        SpokenLevels.Row[] rows = SpokenLevels.Create(20, seed: 3);
        IDataView view = s_model.Value.Transform(ml.Data.LoadFromEnumerable(rows));
        Answer[] answers = [.. rows.Select(row =>
        {
            Answer answer = engine.Predict(row);
            return new Answer { Text = answer.Text, Score = answer.Score };
        })];
        Assert.Equal(view.GetColumn<string>("Text"), answers.Select(answer => answer.Text));
        Assert.Equal(view.GetColumn<float>("Score"), answers.Select(answer => answer.Score));
    }

    [Fact]
    public void The_best_epoch_by_each_figure_is_kept()
    {
        var ml = new MLContext(1);
        foreach (TranscriptionSelection selection in Enum.GetValues<TranscriptionSelection>())
        {
            TransformerChain<TranscriptionTransformer> model = ml.Sequences().Fit(Tokens(ml).Append(Trainer(ml, s_options with
            {
                NumberOfEpochs = 12,
                SelectBy = selection,
                EarlyStoppingPatience = 12,
            })), Rows(60, seed: 1), Rows(40, seed: 2));
            IReadOnlyList<TrainingEpoch> history = model.LastTransformer.Model.History;
            Func<TrainingEpoch, double> cost = selection switch
            {
                TranscriptionSelection.TokenErrorRate => epoch => epoch.Validation!.TokenErrorRate!.Value,
                TranscriptionSelection.SequenceErrorRate => epoch => epoch.Validation!.SequenceErrorRate!.Value,
                _ => epoch => epoch.Validation!.Loss,
            };
            Assert.Equal(history.MinBy(cost)!.Epoch, history.Single(epoch => epoch.IsSelected).Epoch);
            Assert.All(history, epoch => Assert.Null(epoch.Validation!.Bleu));
        }
    }

    [Fact]
    public void A_model_stays_as_it_is_and_gets_another_search()
    {
        var ml = new MLContext(1);
        IDataView rows = Tokens(ml).Fit(Rows(60, seed: 1)).Transform(Rows(60, seed: 1));
        TranscriptionTransformer first = Trainer(ml, s_options with { NumberOfEpochs = 6 }).Fit(rows);
        TranscriptionTransformer more = Trainer(ml, s_options with { NumberOfEpochs = 1 }).Fit(rows, null, first.Model);
        Assert.True(more.Model.History[0].TrainingLoss < first.Model.History[0].TrainingLoss);
        TranscriptionTransformer wide = Trainer(ml, s_options with { NumberOfEpochs = 0, BeamSize = 5, LengthBonus = 50 })
            .Fit(rows, null, SequenceModelParameters.FromNetwork(first.Model.Network));
        int Said(ITransformer model) => model.Transform(rows).GetColumn<uint[]>("PredictedLabel").Sum(keys => keys.Length);
        Assert.True(Said(wide) > Said(first));
        ArgumentException error = Assert.Throws<ArgumentException>(() =>
            Trainer(ml, s_options with { HiddenSize = 13 }).Fit(rows, null, first.Model));
        Assert.Contains("HiddenSize (12, here 13)", error.Message);
    }

    [Fact]
    public void Rows_that_are_too_short_for_their_label_are_skipped_and_counted()
    {
        var ml = new MLContext(1);
        var warnings = new List<string>();
        ml.Log += (_, e) =>
        {
            if (e.Kind == Microsoft.ML.Runtime.ChannelMessageKind.Warning)
                warnings.Add(e.Message);
        };
        SpokenLevels.Row[] rows = [.. SpokenLevels.Create(20, seed: 1), new() { Features = [1, 1, 2], Said = "abba" }, new()];
        IDataView data = Tokens(ml).Fit(ml.Data.LoadFromEnumerable(rows)).Transform(ml.Data.LoadFromEnumerable(rows));
        TranscriptionTransformer model = Trainer(ml, s_options with { NumberOfEpochs = 1 }).Fit(data);
        string warning = Assert.Single(warnings, warning => warning.Contains("too few steps"));
        Assert.Contains("2 of 22", warning);
        Assert.Contains("Row 20 (counted from 0) has 3 steps and 4 tokens, which need 5.", warning);
        Assert.Empty(model.Transform(data).GetColumn<uint[]>("PredictedLabel").Last()); // of no steps

        rows = [new() { Features = [1], Said = "ab" }];
        data = Tokens(ml).Fit(ml.Data.LoadFromEnumerable(rows)).Transform(ml.Data.LoadFromEnumerable(rows));
        InvalidOperationException error = Assert.Throws<InvalidOperationException>(() => Trainer(ml, s_options).Fit(data));
        Assert.Contains("no rows to learn from. Of 1, 0 have a token", error.Message);
        Assert.Contains("2 tokens, which need 2", error.Message);
    }

    [Fact]
    public void A_label_with_an_unknown_token_is_skipped_and_counted()
    {
        var ml = new MLContext(1);
        IDataView rows = Rows(40, seed: 1);
        IDataView data = ml.Transforms.Text.TokenizeIntoSequence("Label", "Said", SequenceTokenization.Characters(2))
            .Fit(rows).Transform(rows);
        int unknown = data.GetColumn<uint[]>("Label").Count(label => label.Contains(0u));
        Assert.InRange(unknown, 1, 39);
        string? warning = null;
        ml.Log += (_, e) => warning = e.Message.Contains("is unknown (key 0)") ? e.Message : warning;
        Trainer(ml, s_options with { NumberOfEpochs = 1 }).Fit(data);
        Assert.Contains($"{unknown} of 40", warning);
    }

    [Fact]
    public void Start_and_end_tokens_are_never_said()
    {
        var ml = new MLContext(1);
        IDataView rows = Rows(200, seed: 1);
        IDataView data = ml.Transforms.Text.TokenizeIntoSequence("Label", "Said",
            SequenceTokenization.Characters() with { StartToken = true, EndToken = true }).Fit(rows).Transform(rows);
        IDataView said = Trainer(ml, s_options).Fit(data).Transform(data);
        Assert.All(said.GetColumn<uint[]>("PredictedLabel"), keys => Assert.DoesNotContain(keys, key => key <= 2));
        Assert.True(ml.Sequences().Transcription.Evaluate(said).TokenErrorRate < 0.3);
    }

    [Fact]
    public void A_language_model_over_other_tokens_is_refused()
    {
        var ml = new MLContext(1);
        IDataView rows = Rows(60, seed: 1), data = Tokens(ml).Fit(rows).Transform(rows);
        IDataView others = ml.Transforms.Text.TokenizeIntoSequence("Label", "Said", SequenceTokenization.Characters(2))
            .Fit(rows).Transform(rows);
        LanguageModelTransformer language = ml.Sequences().LanguageModeling.Trainers.Gru("Label",
            new LanguageModelOptions { HiddenSize = 4, EmbeddingSize = 4, NumberOfEpochs = 1, Seed = 1 }).Fit(others);
        ArgumentException error = Assert.Throws<ArgumentException>(() =>
            Trainer(ml, s_options with { LanguageModel = language, BeamSize = 2 }).Fit(data));
        Assert.Contains("TranscriptionOptions.LanguageModel does not fit column 'Label', which has 3 tokens", error.Message);
        Assert.Contains("TranscriptionOptions.BeamSize", Assert.Throws<ArgumentOutOfRangeException>(() =>
            Trainer(ml, s_options with { LanguageModel = language })).Message);
    }

    [Fact]
    public void A_language_model_is_saved_with_the_pipeline()
    {
        var ml = new MLContext(1);
        IDataView rows = Rows(60, seed: 1), data = Tokens(ml).Fit(rows).Transform(rows);
        LanguageModelTransformer language = ml.Sequences().LanguageModeling.Trainers.Gru("Label",
            new LanguageModelOptions { HiddenSize = 4, EmbeddingSize = 4, NumberOfEpochs = 1, Seed = 1 }).Fit(data);
        TranscriptionTransformer model = Trainer(ml, s_options with
        {
            NumberOfEpochs = 3,
            LanguageModel = language,
            BeamSize = 4,
            LanguageModelWeight = 3,
        }).Fit(data);
        using var file = new MemoryStream();
        ml.Model.Save(model, data.Schema, file);
        file.Position = 0;
        ITransformer loaded = ml.Model.Load(file, out _);
        Assert.Equal(model.Transform(data).GetColumn<uint[]>("PredictedLabel"),
            loaded.Transform(data).GetColumn<uint[]>("PredictedLabel"));
    }

    [Fact]
    public void Conversion_to_ONNX_names_the_step_that_stops_it()
    {
        var ml = new MLContext(1);
        IDataView rows = Rows(10, seed: 1);
        Assert.Contains(ml.Sequences().ExplainOnnx(s_model.Value, rows.Schema),
            obstacle => $"{obstacle}".Contains(nameof(TranscriptionTransformer)));
    }

    [Fact]
    public void The_report_shows_an_example_with_what_is_heard_and_is_saved_with_the_model()
    {
        string path = Path.GetTempFileName();
        try
        {
            var ml = new MLContext(1);
            IDataView rows = Rows(100, seed: 1), data = Tokens(ml).Fit(rows).Transform(rows);
            TranscriptionTransformer model = Trainer(ml, s_options with { ValidationFraction = 0.2 }).Fit(data);
            model.Model.WriteReport(path);
            string page = File.ReadAllText(path);
            foreach (string part in new[]
            {
                "What is heard", "Token error rate, validation rows", "What is likely at each step", "blank",
            })
                Assert.Contains(part, page);
            Assert.DoesNotContain("RMSE", page);
            Assert.Matches("Said: “[abc]+”. Heard, the likeliest output of each step being taken: “[abc]+”", page);

            using var file = new MemoryStream();
            ml.Model.Save(model, data.Schema, file);
            file.Position = 0;
            ((TranscriptionTransformer)ml.Model.Load(file, out _)).Model.WriteReport(path);
            Assert.Equal(page, File.ReadAllText(path));
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static void AssertTimes(IDataView transcribed)
    {
        uint[][] tokens = [.. transcribed.GetColumn<uint[]>("PredictedLabel")];
        int[][] times = [.. transcribed.GetColumn<int[]>("Times")];
        float[][] steps = [.. transcribed.GetColumn<float[]>("Features")];
        Assert.Equal([0, 2], ((VectorDataViewType)transcribed.Schema["Times"].Type).Dimensions);
        for (int row = 0; row < tokens.Length; row++)
        {
            Assert.Equal(2 * tokens[row].Length, times[row].Length);
            int end = 0;
            foreach (int[] time in times[row].Chunk(2))
            {
                Assert.True(time[0] >= end && time[1] >= 1);
                end = time[0] + time[1];
            }
            Assert.True(end <= steps[row].Length);
        }
    }

    private static EstimatorChain<SequenceDetokenizingTransformer> Pipeline(MLContext ml, TranscriptionOptions options) =>
        Tokens(ml)
        .Append(Trainer(ml, options)).Append(ml.Transforms.Text.DetokenizeSequence("Text", "PredictedLabel"));

    private static SequenceTokenizingEstimator Tokens(MLContext ml) =>
        ml.Transforms.Text.TokenizeIntoSequence("Label", "Said", SequenceTokenization.Characters());

    private static TranscriptionTrainer Trainer(MLContext ml, TranscriptionOptions options) =>
        ml.Sequences().Transcription.Trainers.Lstm(options: options);

    private static IDataView Rows(int count, int seed) =>
        new MLContext(1).Data.LoadFromEnumerable(SpokenLevels.Create(count, seed));

    public sealed class Answer
    {
        public string Text { get; set; } = "";

        public float Score { get; set; }
    }
}
