using Microsoft.ML;
using Microsoft.ML.Data;
using SequenceModels.Text;
using Xunit;

namespace SequenceModels.Tests.Trainers;

/// <summary>Language models in ML.NET: trained, measured, saved.</summary>
public class LanguageModelTests
{
    private readonly MLContext _ml = new(1);

    public sealed class Line
    {
        public string Text { get; set; } = "";
    }

    public sealed class Likelihood
    {
        public float Perplexity { get; set; }

        public float[] LogProbabilities { get; set; } = [];
    }

    /// <summary>An order of letters without exception: after a comes b, after b c, after c a.</summary>
    public static string Cycle(int length, int first = 0) =>
        string.Concat(Enumerable.Range(first, length).Select(i => (char)('a' + i % 3)));

    public static LanguageModelOptions Quick { get; } = new()
    {
        HiddenSize = 12, EmbeddingSize = 6, NumberOfEpochs = 15, BatchSize = 4, LearningRate = 0.02f,
        TruncatedBackpropagationSteps = 8, Seed = 1,
        NumberOfThreads = 1,
    };

    public static IDataView Lines(MLContext ml, params string[] lines) =>
        ml.Data.LoadFromEnumerable(lines.Select(text => new Line { Text = text }));

    public static IEstimator<ITransformer> Tokens(MLContext ml, SequenceTokenization? tokenization = null) =>
        ml.Transforms.Text.TokenizeIntoSequence("Features", nameof(Line.Text), tokenization ?? SequenceTokenization.Characters());

    [Fact]
    public void One_long_row_is_learned_as_well_as_many()
    {
        IDataView test = Lines(_ml, Cycle(30, 1));
        foreach (IDataView train in new[] { Lines(_ml, Cycle(400)),
            Lines(_ml, [.. Enumerable.Range(0, 10).Select(i => Cycle(40, i))]) })
        {
            ITransformer model = Tokens(_ml).Append(_ml.Sequences().LanguageModeling.Trainers.Lstm(options: Quick)).Fit(train);
            LanguageModelMetrics metrics = _ml.Sequences().LanguageModeling.Evaluate(test, model);
            Assert.Equal(29, metrics.NumberOfTokens);
            Assert.InRange(metrics.Perplexity, 1, 1.1);
            Assert.Equal(Math.Exp(metrics.NllPerStep), metrics.Perplexity, 1e-12);
            Assert.Equal(Math.Log2(metrics.Perplexity), metrics.BitsPerToken, 1e-12);
        }
    }

    [Fact]
    public void The_perplexity_of_a_set_is_that_of_all_its_tokens_together()
    {
        IDataView data = Lines(_ml, Cycle(50), "abca", "c", "", "cb?abc");
        TransformerChain<LanguageModelTransformer> model = Tokens(_ml)
            .Append(_ml.Sequences().LanguageModeling.Trainers.Gru(options: Quick with { NumberOfEpochs = 2 }))
            .Fit(Lines(_ml, Cycle(60)));
        Likelihood[] rows = [.. _ml.Data.CreateEnumerable<Likelihood>(model.Transform(data), reuseRowObject: false)];
        Assert.Equal([50, 4, 1, 0, 6], rows.Select(row => row.LogProbabilities.Length));
        foreach (Likelihood row in rows)
        {
            Assert.All(row.LogProbabilities.Take(1), first => Assert.True(float.IsNaN(first)));
            Assert.All(row.LogProbabilities.Skip(1), logProbability => Assert.True(logProbability < 0));
            if (row.LogProbabilities.Length < 2)
                Assert.True(float.IsNaN(row.Perplexity));
            else
                Assert.Equal(1, row.Perplexity / Math.Exp(-row.LogProbabilities.Skip(1).Average(value => (double)value)), 1e-5);
        }
        LanguageModelMetrics metrics = _ml.Sequences().LanguageModeling.Evaluate(data, model);
        float[] all = [.. rows.SelectMany(row => row.LogProbabilities.Skip(1))];
        Assert.Equal(all.Length, metrics.NumberOfTokens);
        Assert.Equal(Math.Exp(-all.Average(value => (double)value)), metrics.Perplexity, 1e-4);
    }

    [Fact]
    public void Unknown_tokens_to_be_predicted_are_counted()
    {
        IDataView data = new TestView(TestColumn.Keys("Features", 3, [1, 0, 0, 2], [0], [0, 3, 0]));
        LanguageModelTransformer model =
            _ml.Sequences().LanguageModeling.Trainers.Gru(options: Quick with { NumberOfEpochs = 1 }).Fit(data);
        LanguageModelMetrics metrics = _ml.Sequences().LanguageModeling.Evaluate(data, model);
        Assert.Equal((5, 3), (metrics.NumberOfTokens, metrics.NumberOfUnknownTokens));
    }

    [Fact]
    public void An_unusual_row_stands_out()
    {
        TransformerChain<LanguageModelTransformer> model = Tokens(_ml)
            .Append(_ml.Sequences().LanguageModeling.Trainers.Gru(options: Quick)).Fit(Lines(_ml, Cycle(400)));
        float[] perplexities = [.. model.Transform(Lines(_ml, Cycle(20), "abcacbabcabc")).GetColumn<float>("Perplexity")];
        Assert.True(perplexities[1] > 1.5 * perplexities[0], string.Join(", ", perplexities));
    }

    [Fact]
    public void Validation_rows_select_the_best_epoch_and_a_model_learns_on()
    {
        IDataView train = Lines(_ml, Cycle(300)), validation = Lines(_ml, Cycle(40, 2), "acb");
        ITransformer tokens = Tokens(_ml).Fit(train);
        LanguageModelTrainer trainer =
            _ml.Sequences().LanguageModeling.Trainers.Lstm(options: Quick with { NumberOfEpochs = 4, EarlyStoppingPatience = 3 });
        LanguageModelTransformer first = trainer.Fit(tokens.Transform(train), tokens.Transform(validation));
        TrainingEpoch selected = first.Model.History.Single(epoch => epoch.IsSelected);
        Assert.Equal(_ml.Sequences().LanguageModeling.Evaluate(tokens.Transform(validation), first).NllPerStep,
            selected.Validation!.Loss, 1e-9);
        LanguageModelTransformer second = trainer.Fit(tokens.Transform(train), tokens.Transform(validation), first.Model);
        Assert.True(second.Model.History[0].TrainingLoss < first.Model.History[0].TrainingLoss);

        Assert.NotNull(
            _ml.Sequences().LanguageModeling.Trainers.Lstm(options: Quick with { NumberOfEpochs = 1, ValidationFraction = 0.25 })
            .Fit(tokens.Transform(train)).Model.History[0].Validation);
        ITransformer other = Tokens(_ml).Fit(Lines(_ml, "xyzzy"));
        Assert.Contains("vocabulary", Assert.Throws<ArgumentException>(() =>
            trainer.Fit(other.Transform(train), tokens.Transform(validation), first.Model)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Words_of_a_large_vocabulary_need_no_memory_for_all_outputs_at_once()
    {
        const int Vocabulary = 20_000;
        IDataView train =
            Lines(_ml, [.. Enumerable.Range(0, 40)
                .Select(row => string.Join(' ', Enumerable.Range(0, 500).Select(i => $"w{row * 500 + i}")))]);
        ITransformer tokens = Tokens(_ml, SequenceTokenization.Whitespace(maximumVocabularySize: 0)).Fit(train);
        LanguageModelTransformer model = _ml.Sequences().LanguageModeling.Trainers.Rnn(options: new()
        {
            HiddenSize = 8, EmbeddingSize = 8, TiedEmbeddings = true, NumberOfEpochs = 1, BatchSize = 8,
            TruncatedBackpropagationSteps = 250,
        }).Fit(tokens.Transform(train));
        Assert.Equal(Vocabulary + 1, model.Model.Network.NumberOfOutputs);
        _ = model.Transform(tokens.Transform(train)).GetColumn<float>("Perplexity").First();
        GC.Collect();
        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Equal(500, model.Transform(tokens.Transform(train)).GetColumn<float[]>("LogProbabilities").First().Length);
        // All outputs of a row are 40 MB; a chunk of 128 steps is 10 MB, and the networks's output weights are 1.3 MB.
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 20_000_000);
    }

    [Fact]
    public void What_cannot_be_learned_is_refused()
    {
        LanguageModelingTrainers trainers = _ml.Sequences().LanguageModeling.Trainers;
        ITransformer tokens = Tokens(_ml).Fit(Lines(_ml, "abc"));
        Refuses(() => trainers.Lstm().Fit(tokens.Transform(Lines(_ml, "a", ""))),
            "Column 'Features': none of the 2 rows of the training data has two steps, and a language model predicts each " +
            "step but the first.");
        Refuses(() => trainers.Lstm().Fit(tokens.Transform(Lines(_ml))), "The training data has no rows");
        Refuses(() => trainers.Lstm("Text").Fit(tokens.Transform(Lines(_ml, "abc"))), "Column 'Text' is String, but must be");
        Refuses(() => trainers.Lstm(options: new() { EarlyStoppingPatience = 1 }).Fit(tokens.Transform(Lines(_ml, "abc"))),
            "EarlyStoppingPatience is 1");
        Refuses(() => _ml.Sequences().LanguageModeling.Evaluate(Lines(_ml, "abc"), tokens),
            "The model has no language model in it: it is made of SequenceTokenizingTransformer");
        IDataView readings = _ml.Data.LoadFromEnumerable(Examples.Make(3), Examples.Framed);
        Refuses(() => trainers.Lstm(nameof(Example.Frames)).Fit(readings),
            "Column 'Frames', row 0 (counted from 0): step 0, feature 0 is ");
        Refuses(() => trainers.Lstm(options: new() { HiddenSize = 32, TiedEmbeddings = true }),
            "LanguageModelOptions.EmbeddingSize must be equal to HiddenSize, 32");
        Refuses(() => trainers.Lstm(nameof(Example.Frames), new() { HiddenSize = 64, TiedEmbeddings = true }).Fit(readings),
            "LanguageModelOptions.TiedEmbeddings is true, but column 'Frames'");
    }

    private static void Refuses(Action action, string message) =>
        Assert.Contains(message, Assert.ThrowsAny<Exception>(action).Message, StringComparison.Ordinal);
}
