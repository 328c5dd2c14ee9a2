using Microsoft.ML;
using SequenceModels.Columns;
using SequenceModels.Trainers;

namespace SequenceModels.Translation;

/// <summary>The columns that a translator is trained on.</summary>
/// <param name="Label">The targets: a vector of keys, of any length.</param>
/// <param name="Feature">The sources.</param>
/// <param name="Weight">What each row counts; null: all count 1.</param>
internal sealed record TranslationColumns(string Label, string Feature, string? Weight)
{
    /// <summary>The shape of rows with the columns that translation adds.</summary>
    /// <param name="input">The shape of the rows.</param>
    /// <param name="hasAttention">Whether what was looked at is added too.</param>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or has another type; the message names it.</exception>
    public SchemaShape OutputOf(SchemaShape input, bool hasAttention)
    {
        input.Find(Feature, ColumnRule.Sequence);
        if (Weight is not null)
            input.Find(Weight, ExampleReader.WeightRule);
        SchemaShape.Column label = input.Find(Label, ColumnRule.Keys);
        return input.With(TranslatedColumns.Create(2, ClassNames.Like(label), joining: null, setId: 1, hasAttention));
    }
}
