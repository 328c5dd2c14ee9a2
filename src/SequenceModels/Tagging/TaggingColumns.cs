using Microsoft.ML;
using SequenceModels.Columns;
using SequenceModels.Trainers;

namespace SequenceModels.Tagging;

/// <summary>The columns that a tagger is trained on.</summary>
/// <param name="Label">A vector of keys, one for each step.</param>
/// <param name="Features">What the network reads at each step.</param>
/// <param name="Weight">What each row counts; null: all count 1.</param>
internal sealed record TaggingColumns(string Label, string[] Features, string? Weight)
{
    /// <summary>The shape of rows with the columns that tagging adds.</summary>
    /// <param name="input">The shape of the rows.</param>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or has another type; the message names it.</exception>
    public SchemaShape OutputOf(SchemaShape input)
    {
        foreach (string feature in Features)
            input.Find(feature, ColumnRule.StepFeature);
        if (Weight is not null)
            input.Find(Weight, ExampleReader.WeightRule);
        SchemaShape.Column label = input.Find(Label, ColumnRule.StepLabels);
        return input.With(TagColumns.Create(classes: 2, ClassNames.Like(label), setId: 1));
    }
}
