using Microsoft.ML;
using Microsoft.ML.Runtime;
using SequenceModels.Columns;
using SequenceModels.Text;

namespace SequenceModels.Trainers;

/// <summary>The column of texts of training rows, as a new network will read it.</summary>
/// <param name="name">Of the column.</param>
/// <param name="options">How texts are read.</param>
/// <param name="channel">Told of what was learned.</param>
/// <param name="throwIfCanceled">Asked now and then.</param>
internal sealed class TextColumnBinder(string name, TextTrainerOptions options, IChannel channel, Action throwIfCanceled)
{
    /// <summary>Finds the column, and reads all texts once for their tokens and n-grams.</summary>
    /// <param name="train">The rows.</param>
    /// <param name="initial">A model to go on from, whose tokens and n-grams are kept. Null: none.</param>
    /// <param name="rowFeatures">The column of what a row has as a whole, beside its text; null: none.</param>
    public TrainedColumns Bind(IDataView train, SequenceModelParameters? initial, string? rowFeatures)
    {
        TextFeatures text = initial?.Text ?? Learn(train);
        SequenceColumn column = SequenceColumn.BindText(train.Schema, name, text);
        return new TrainedColumns(
            new InputColumns([column], [column.FeatureOf(options.EmbeddingSize)],
                RowFeatureColumn.Bind(train.Schema, rowFeatures)),
            TrainedColumns.SaveFrom(train.Schema, name), [])
        {
            Text = text,
        };
    }

    private TextFeatures Learn(IDataView train)
    {
        DataViewSchema.Column column = train.Schema.Find(name, ColumnRule.SingleText);
        var learner = new TextFeaturesLearner(options.Tokenization, options.MaximumNGrams);
        using (DataViewRowCursor cursor = train.GetRowCursor([column]))
        {
            ValueGetter<ReadOnlyMemory<char>> get = cursor.GetGetter<ReadOnlyMemory<char>>(column);
            ReadOnlyMemory<char> text = default;
            while (cursor.MoveNext())
            {
                CancellationChecks.AtRow(cursor.Position, throwIfCanceled);
                get(ref text);
                learner.Add(text.Span);
            }
        }
        TextFeatures learned = learner.Finish() ?? throw new InvalidOperationException(
            $"Column '{name}': no text of the training data has a token to learn. Check the file, or the column that the texts " +
            "come from.");
        channel.Info(MessageSensitivity.None, "'{0}': {1} and {2} of {3} learned{4}", name,
            Counted.Of(learned.VocabularySize, learner.TakesCharacters ? "character" : "token"),
            Counted.Of(learned.NGrams.Count, "n-gram"), InvariantText.Of(learner.NGramsSeen),
            learner.TakesCharacters ? "; characters, since nearly every word occurs a single time" : "");
        return learned;
    }
}
