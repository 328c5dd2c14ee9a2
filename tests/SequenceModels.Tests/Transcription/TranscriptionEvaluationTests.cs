using Microsoft.ML;
using Xunit;

namespace SequenceModels.Tests.Transcription;

public class TranscriptionEvaluationTests
{
    [Fact]
    public void Tokens_words_and_rows_are_counted()
    {
        TranscriptionMetrics metrics =
            Evaluate([("one two", "one two"), ("one two", "on twoo"), ("", ""), ("", "a"), ("two", "")]);
        Assert.Equal((5, 17, 5), (metrics.NumberOfSequences, metrics.NumberOfTokens, metrics.NumberOfWords));
        // "on twoo": e deleted, o inserted; then "a" inserted, and "two" deleted.
        Assert.Equal((2, 4, 0), (metrics.Insertions, metrics.Deletions, metrics.Substitutions));
        Assert.Equal(6 / 17.0, metrics.TokenErrorRate, 1e-12);
        Assert.Equal(4 / 5.0, metrics.WordErrorRate, 1e-12); // two wrong, one too many, one too few
        Assert.Equal(3 / 5.0, metrics.SequenceErrorRate, 1e-12);
        Assert.Contains("word error rate 80.00", metrics.ToString());
    }

    [Fact]
    public void What_is_said_may_be_given_as_a_text()
    {
        TranscriptionMetrics metrics = Evaluate([("one two", "one two"), ("one two", "on twoo"), ("", "a")], label: "Said");
        Assert.Equal((3, 14, 4, 2, 1), (metrics.NumberOfSequences, metrics.NumberOfTokens, metrics.NumberOfWords,
            metrics.Insertions, metrics.Deletions));
        Assert.Equal(3 / 4.0, metrics.WordErrorRate, 1e-12);
    }

    [Fact]
    public void No_row_is_an_error_that_names_the_column() => Assert.Contains("'Label'",
        Assert.Throws<InvalidOperationException>(() => Evaluate([("a", "a")], keep: false)).Message);

    private static TranscriptionMetrics Evaluate((string Said, string Heard)[] rows, bool keep = true,
        string label = "Label")
    {
        var ml = new MLContext(1);
        IDataView data = ml.Data.LoadFromEnumerable(rows.Select(row => new Row { Said = row.Said, Heard = row.Heard }));
        SequenceTokenization characters = SequenceTokenization.Characters();
        IDataView tokens = ml.Transforms.Text.TokenizeIntoSequence("Label", "Said", characters)
            .Append(ml.Transforms.Text.TokenizeIntoSequence("PredictedLabel", "Heard", characters)).Fit(data).Transform(data);
        return ml.Sequences().Transcription.Evaluate(keep ? tokens : ml.Data.SkipRows(tokens, rows.Length), label);
    }

    private sealed class Row
    {
        public string Said { get; set; } = "";

        public string Heard { get; set; } = "";
    }
}
