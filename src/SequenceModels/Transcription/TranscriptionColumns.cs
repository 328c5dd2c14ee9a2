using Microsoft.ML;
using SequenceModels.Columns;
using SequenceModels.Trainers;

namespace SequenceModels.Transcription;

/// <summary>The columns that a network that transcribes is trained on.</summary>
/// <param name="Label">What is said: a vector of keys, of any length.</param>
/// <param name="Feature">The sequences.</param>
/// <param name="Weight">What each row counts; null: all count 1.</param>
internal sealed record TranscriptionColumns(string Label, string Feature, string? Weight)
{
    /// <summary>The shape of rows with the columns that transcription adds.</summary>
    /// <param name="input">The shape of the rows.</param>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or has another type; the message names it.</exception>
    public SchemaShape OutputOf(SchemaShape input)
    {
        input.Find(Feature, ColumnRule.Sequence);
        if (Weight is not null)
            input.Find(Weight, ExampleReader.WeightRule);
        SchemaShape.Column label = input.Find(Label, ColumnRule.Keys);
        return input.With(TranscribedColumns.Create(2, ClassNames.Like(label), joining: null, setId: 1));
    }
}
