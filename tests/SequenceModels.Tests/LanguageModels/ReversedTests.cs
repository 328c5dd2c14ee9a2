using Microsoft.ML;
using Microsoft.ML.Data;
using SequenceModels.Tests.Conformance;
using SequenceModels.Tests.Trainers;
using Xunit;

namespace SequenceModels.Tests.LanguageModels;

/// <summary>A language model that reads rows from their end is one of the same rows turned round.</summary>
public class ReversedTests
{
    private readonly MLContext _ml = new(1);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void It_learns_and_measures_what_a_forward_model_does_of_rows_turned_round(bool tokens)
    {
        TestView rows = View(tokens, turned: false), turned = View(tokens, turned: true);
        LanguageModelTransformer reversed = Train(rows, reversed: true), forward = Train(turned, reversed: false);
        Assert.True(reversed.Model.Network.Reversed);
        Assert.False(forward.Model.Network.Reversed);
        Assert.Equal(forward.Model.History.Select(epoch => epoch.TrainingLoss),
            reversed.Model.History.Select(epoch => epoch.TrainingLoss));
        Assert.Equal(_ml.Sequences().LanguageModeling.Evaluate(turned, forward),
            _ml.Sequences().LanguageModeling.Evaluate(rows, reversed));

        IDataView scored = reversed.Transform(rows), expected = forward.Transform(turned);
        Assert.Equal(expected.GetColumn<float>("Perplexity"), scored.GetColumn<float>("Perplexity"));
        Assert.Equal(expected.GetColumn<float[]>("LogProbabilities").Select(values => values.Reverse().ToArray()),
            scored.GetColumn<float[]>("LogProbabilities"));
        Assert.True(float.IsNaN(scored.GetColumn<float[]>("LogProbabilities").First()[^1]));
        Assert.NotEqual(Train(rows, reversed: false).Model.History[^1].TrainingLoss, reversed.Model.History[^1].TrainingLoss);
    }

    [Fact]
    public void Rows_in_blocks_and_of_a_loaded_model_have_the_likelihoods_that_they_have_alone()
    {
        TestView rows = View(tokens: true, turned: false);
        LanguageModelTransformer model = Train(rows, reversed: true);
        string[] outputs = ["Perplexity", "LogProbabilities"],
            expected = Rows.OfMapped(rows, model.GetRowToRowMapper(rows.Schema), outputs);
        Assert.Equal(expected, Rows.Of(model.Transform(rows), outputs));
        using var file = new MemoryStream();
        _ml.Model.Save(model, rows.Schema, file);
        file.Position = 0;
        Assert.Equal(expected, Rows.Of(_ml.Model.Load(file, out _).Transform(rows), outputs));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void It_does_not_write(bool tokens)
    {
        LanguageModelTransformer model = Train(View(tokens, turned: false), reversed: true);
        Assert.StartsWith("The language model reads rows from their end (LanguageModelOptions.Reversed is true), and tells " +
            "what comes before, not what comes next. Train one with Reversed = false to write with it.",
            Assert.Throws<ArgumentException>(() => _ = tokens ? (object)_ml.Sequences().LanguageModeling.CreateGenerator(model)
                : _ml.Sequences().LanguageModeling.CreateFrameGenerator(model)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void It_goes_on_from_a_model_of_its_own_direction_only()
    {
        TestView rows = View(tokens: true, turned: false);
        SequenceModelParameters forward = Train(rows, reversed: false).Model, reversed = Train(rows, reversed: true).Model;
        Assert.Contains("Reversed (False, here True)", Assert.Throws<ArgumentException>(() =>
            Trainer(reversed: true).Fit(rows, null, forward)).Message, StringComparison.Ordinal);
        Assert.True(Trainer(reversed: true).Fit(rows, null, reversed).Model.Network.Reversed);
    }

    private LanguageModelTransformer Train(IDataView rows, bool reversed) => Trainer(reversed).Fit(rows);

    private LanguageModelTrainer Trainer(bool reversed) => _ml.Sequences().LanguageModeling.Trainers.Gru(options:
        LanguageModelTests.Quick with { NumberOfEpochs = 2, Reversed = reversed });

    /// <summary>Ragged rows of at least two steps, which rise more often than they fall.</summary>
    private static TestView View(bool tokens, bool turned)
    {
        var random = new Random(3);
        int[][] rows = [.. Enumerable.Range(0, 40).Select(_ =>
            Enumerable.Range(random.Next(5), random.Next(2, 20)).Select(i => i * i % 5).ToArray())];
        if (turned)
            rows = [.. rows.Select(row => row.Reverse().ToArray())];
        return tokens ? new TestView(TestColumn.Keys("Features", 4, [.. rows.Select(row => row.Select(i => (uint)i).ToArray())]))
            : new TestView(TestColumn.Numbers("Features", [0, 2],
                [.. rows.Select(row => row.SelectMany(i => new float[] { i % 2, i / 2 % 2 }).ToArray())]));
    }
}
