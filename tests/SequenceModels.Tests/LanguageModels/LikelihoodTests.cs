using Microsoft.ML;
using Microsoft.ML.Data;
using SequenceModels.Tests.Conformance;
using Xunit;

namespace SequenceModels.Tests.LanguageModels;

/// <summary>The likelihoods that a language model gives rows in blocks, against those that it gives them one by one.</summary>
public class LikelihoodTests
{
    private static readonly string[] s_outputs = ["Perplexity", "LogProbabilities", "Number"];

    private readonly MLContext _ml = new(1);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Rows_in_blocks_have_the_likelihoods_that_they_have_alone(bool tokens)
    {
        TestView rows = View(tokens, 1500);
        LanguageModelTransformer model = Train(tokens);
        string[] expected = Rows.OfMapped(rows, model.GetRowToRowMapper(rows.Schema), s_outputs);
        Assert.Equal(expected, Rows.Of(model.Transform(rows), s_outputs));
        Assert.Equal(expected, Rows.OfParallel(model.Transform(rows), 3, s_outputs));
        Assert.True(expected.Distinct().Count() > 1000, "the rows are alike: nothing is tested");
    }

    [Fact]
    public void A_perplexity_is_that_of_the_rows_own_probabilities()
    {
        IDataView scored = Train(tokens: true).Transform(View(tokens: true, 300));
        Assert.All(scored.GetColumn<float>("Perplexity").Zip(scored.GetColumn<float[]>("LogProbabilities")), row =>
        {
            Assert.All(row.Second.Take(1), first => Assert.True(float.IsNaN(first)));
            Assert.All(row.Second.Skip(1), value => Assert.True(value < 0));
            Assert.Equal(row.Second.Length < 2 ? float.NaN : Math.Exp(-row.Second.Skip(1).Average(value => (double)value)),
                row.First, 1e-5);
        });
    }

    [Fact]
    public void A_frame_that_is_not_of_zeros_and_ones_is_an_error_of_its_row_alone()
    {
        LanguageModelTransformer model = Train(tokens: false);
        float[][] frames =
            [.. Enumerable.Range(0, 60).Select(row => row % 20 == 7 ? new[] { 1, 0, 0.5f, 1 } : [1, 0, row % 2, 1])];
        var rows = new TestView(TestColumn.Numbers("Features", [0, 2], frames));
        IDataView scored = model.Transform(rows);
        DataViewSchema.Column column = scored.Schema["Perplexity"];
        using DataViewRowCursor cursor = scored.GetRowCursor([column]);
        ValueGetter<float> get = cursor.GetGetter<float>(column);
        float perplexity = 0;
        for (int row = 0; cursor.MoveNext(); row++)
            if (row % 20 == 7)
                Assert.Equal(
                    $"Column 'Features', row {row} (counted from 0): step 1, feature 0 is 0.5, but a language model of frames " +
                    "tells of each number " +
                    "whether it is 0 or 1. To predict other numbers, use a forecaster or a regression.",
                    Assert.Throws<InvalidOperationException>(() => get(ref perplexity)).Message);
            else
            {
                get(ref perplexity);
                Assert.True(perplexity > 1);
            }
    }

    private LanguageModelTransformer Train(bool tokens) => _ml.Sequences().LanguageModeling.Trainers.Gru(options: new()
    {
        HiddenSize = 12, EmbeddingSize = 5, NumberOfLayers = 2, NumberOfEpochs = 1, BatchSize = 8,
        TruncatedBackpropagationSteps = 16, Seed = 1,
        NumberOfThreads = 1,
    }).Fit(View(tokens, 60));

    /// <summary>Ragged rows, some without steps or with one; one is longer than what is read at once.</summary>
    private static TestView View(bool tokens, int count)
    {
        var random = new Random(3);
        int[] lengths =
            [.. Enumerable.Range(0, count).Select(row => row == 900 ? 9000 : row % 300 == 250 ? random.Next(3000)
                : random.Next(14))];
        TestColumn features = tokens
            ? TestColumn.Keys("Features", 6, [.. lengths.Select(length => Fill(length, () => (uint)random.Next(8)))])
            : TestColumn.Numbers("Features", [0, 2],
                [.. lengths.Select(length => Fill(2 * length, () => (float)random.Next(2)))]);
        return new TestView(features,
            TestColumn.Of("Number", NumberDataViewType.Single, [.. Enumerable.Range(0, count).Select(row => (float)row)]));
    }

    private static T[] Fill<T>(int length, Func<T> value) => [.. Enumerable.Range(0, length).Select(_ => value())];
}
