using Microsoft.ML;
using Microsoft.ML.Data;
using Xunit;

namespace SequenceModels.Tests.Translation;

/// <summary>Translation as an ML.NET pipeline: texts in, texts out.</summary>
public class TranslationTrainerTests
{
    private static readonly TranslationOptions s_options = new()
    {
        HiddenSize = 24, EmbeddingSize = 16, NumberOfEpochs = 25, BatchSize = 16, LearningRate = 1e-2f, Dropout = 0.1f, Seed = 1,
    };

    /// <summary>Fitted once: no test changes it.</summary>
    private static readonly Lazy<ITransformer> s_model = new(() => Pipeline(new MLContext(1), s_options).Fit(Rows(400, seed: 1)));

    [Fact]
    public void A_pipeline_learns_to_spell_numbers_backwards_and_survives_a_file()
    {
        var ml = new MLContext(1);
        IDataView test = Rows(60, seed: 2);
        IDataView translated = s_model.Value.Transform(test);
        TranslationMetrics metrics = ml.Sequences().Translation.Evaluate(translated);
        Assert.True(metrics.SequenceErrorRate < 0.1, $"{metrics}");
        string[] texts = [.. translated.GetColumn<string>("Text")];
        float[] scores = [.. translated.GetColumn<float>("Score")];
        Assert.All(scores, score => Assert.True(score <= 0));

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
        PredictionEngine<SpelledNumbers.Row, Answer> engine =
            ml.Model.CreatePredictionEngine<SpelledNumbers.Row, Answer>(s_model.Value);
        SpelledNumbers.Row[] rows = SpelledNumbers.Create(20, seed: 3);
        Assert.Equal(s_model.Value.Transform(ml.Data.LoadFromEnumerable(rows)).GetColumn<string>("Text"),
            rows.Select(row => engine.Predict(row).Text));
    }

    [Fact]
    public void The_best_epoch_by_the_sequence_error_rate_is_kept()
    {
        var ml = new MLContext(1);
        foreach (TranslationSelection selection in Enum.GetValues<TranslationSelection>())
        {
            TransformerChain<TranslationTransformer> model = ml.Sequences().Fit(Tokens(ml).Append(Trainer(ml, s_options with
            {
                NumberOfEpochs = 6,
                SelectBy = selection,
                EarlyStoppingPatience = 6,
            })), Rows(100, seed: 1), Rows(40, seed: 2));
            IReadOnlyList<TrainingEpoch> history = model.LastTransformer.Model.History;
            Assert.All(history, epoch => Assert.NotNull(epoch.Validation!.SequenceErrorRate));
            Func<TrainingEpoch, double> cost = selection switch
            {
                TranslationSelection.SequenceErrorRate => epoch => epoch.Validation!.SequenceErrorRate!.Value,
                TranslationSelection.Bleu => epoch => -epoch.Validation!.Bleu!.Value,
                _ => epoch => epoch.Validation!.Loss,
            };
            Assert.Equal(history.MinBy(cost)!.Epoch, history.Single(epoch => epoch.IsSelected).Epoch);
        }
    }

    [Fact]
    public void What_was_looked_at_sums_to_one_for_each_token()
    {
        var ml = new MLContext(1);
        IDataView rows = Rows(20, seed: 1);
        IDataView translated = Tokens(ml).Append(Trainer(ml, s_options with { NumberOfEpochs = 1, OutputAttention = true }))
            .Fit(rows).Transform(rows);
        uint[][] tokens = [.. translated.GetColumn<uint[]>("PredictedLabel")],
            sources = [.. translated.GetColumn<uint[]>("Features")];
        float[][] attention = [.. translated.GetColumn<float[]>("Attention")];
        for (int row = 0; row < tokens.Length; row++)
        {
            Assert.Equal(tokens[row].Length * sources[row].Length, attention[row].Length);
            foreach (float[] weights in attention[row].Chunk(sources[row].Length))
                Assert.Equal(1, weights.Sum(), 1e-4);
        }
    }

    [Fact]
    public void Training_goes_on_from_a_model_and_takes_an_imported_one_as_it_is()
    {
        var ml = new MLContext(1);
        IDataView rows = Tokens(ml).Fit(Rows(100, seed: 1)).Transform(Rows(100, seed: 1));
        TranslationTransformer first = Trainer(ml, s_options with { NumberOfEpochs = 3 }).Fit(rows);
        TranslationTransformer more = Trainer(ml, s_options with { NumberOfEpochs = 1 }).Fit(rows, null, first.Model);
        Assert.True(more.Model.History[0].TrainingLoss < first.Model.History[0].TrainingLoss);
        TranslationTransformer same = Trainer(ml, s_options with { NumberOfEpochs = 0 })
            .Fit(rows, null, TranslationModelParameters.FromNetwork(first.Model.Network));
        Assert.Equal(first.Transform(rows).GetColumn<float>("Score"), same.Transform(rows).GetColumn<float>("Score"));
        ArgumentException error = Assert.Throws<ArgumentException>(() =>
            Trainer(ml, s_options with { HiddenSize = 25 }).Fit(rows, null, first.Model));
        Assert.Contains("HiddenSize (24, here 25)", error.Message);
        Assert.Throws<InvalidOperationException>(() => Trainer(ml, s_options with { NumberOfEpochs = 0 }).Fit(rows));
    }

    [Fact]
    public void A_report_shows_what_was_looked_at_and_is_the_same_of_a_loaded_model()
    {
        var ml = new MLContext(1);
        IDataView rows = Rows(200, seed: 1);
        TransformerChain<TranslationTransformer> model = Tokens(ml).Append(Trainer(ml, s_options with
        {
            NumberOfEpochs = 12,
            ValidationFraction = 0.25,
        })).Fit(rows);
        Assert.False(model.LastTransformer.Model.Insight!.IsValueCreated);
        string path = Path.GetTempFileName();
        try
        {
            model.LastTransformer.Model.WriteReport(path);
            string page = File.ReadAllText(path);
            Assert.Contains("are all 50 validation rows", page, StringComparison.Ordinal);
            Assert.All(model.LastTransformer.Model.Insight.Value.Examples.SelectMany(example => example.Translation), token =>
                Assert.Contains($">{token}<", page, StringComparison.Ordinal));
            Assert.Contains("attention-1", page, StringComparison.Ordinal);
            using var file = new MemoryStream();
            ml.Model.Save(model, rows.Schema, file);
            var loaded = (IEnumerable<ITransformer>)ml.Model.Load(file, out _);
            loaded.SelectMany(part => part as IEnumerable<ITransformer> ?? [part]).OfType<TranslationTransformer>().Single()
                .Model.WriteReport(path);
            Assert.Equal(page, File.ReadAllText(path));
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void Keys_that_stand_for_something_else_are_refused()
    {
        var ml = new MLContext(1);
        IDataView rows = Rows(50, seed: 1), others = ml.Data.LoadFromEnumerable(SpelledNumbers.Create(50, seed: 1).Select(row =>
            new SpelledNumbers.Row { Source = row.Source.Replace("one", "uno"), Target = row.Target }));
        TranslationTransformer model = Trainer(ml, s_options with { NumberOfEpochs = 1 })
            .Fit(Tokens(ml).Fit(rows).Transform(rows));
        ArgumentOutOfRangeException error = Assert.Throws<ArgumentOutOfRangeException>(() =>
            model.Transform(Tokens(ml).Fit(others).Transform(others)));
        Assert.Contains("'Features'", error.Message);
    }

    [Fact]
    public void Options_that_need_validation_rows_say_so()
    {
        var ml = new MLContext(1);
        IDataView rows = Tokens(ml).Fit(Rows(20, seed: 1)).Transform(Rows(20, seed: 1));
        InvalidOperationException error = Assert.Throws<InvalidOperationException>(() =>
            Trainer(ml, s_options with { SelectBy = TranslationSelection.Bleu }).Fit(rows));
        Assert.Contains("TranslationOptions.SelectBy is Bleu", error.Message);
    }

    internal static IEstimator<ITransformer> Pipeline(MLContext ml, TranslationOptions options) => Tokens(ml)
        .Append(Trainer(ml, options)).Append(ml.Transforms.Text.DetokenizeSequence("Text", "PredictedLabel"));

    internal static EstimatorChain<SequenceTokenizingTransformer> Tokens(MLContext ml) =>
        ml.Transforms.Text.TokenizeIntoSequence("Features", "Source")
            .Append(ml.Transforms.Text.TokenizeIntoSequence("Label", "Target", SequenceTokenization.Characters()));

    internal static TranslationTrainer Trainer(MLContext ml, TranslationOptions options) =>
        ml.Sequences().Translation.Trainers.Lstm(options: options);

    internal static ITransformer Model => s_model.Value;

    internal static IDataView Rows(int count, int seed) =>
        new MLContext(1).Data.LoadFromEnumerable(SpelledNumbers.Create(count, seed));

    public sealed class Answer
    {
        public string Text { get; set; } = "";
    }
}
