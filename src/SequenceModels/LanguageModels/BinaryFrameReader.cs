using System.Globalization;
using Microsoft.ML;
using SequenceModels.Columns;
using SequenceModels.Sequences;

namespace SequenceModels.LanguageModels;

/// <summary>Reads frames that tell of each of their numbers whether it is there: 0 or 1.</summary>
internal sealed class BinaryFrameReader(SequenceColumn column, DataViewRow row) : FrameReader(column, row)
{
    /// <summary>The reader of a language model's column, of tokens or frames.</summary>
    /// <param name="columns">The column.</param>
    /// <param name="row">A row or cursor.</param>
    /// <param name="reversed">Whether rows are read from their last step to their first.</param>
    public static InputReader CreateReader(InputColumns columns, DataViewRow row, bool reversed)
    {
        SequenceColumn column = columns.All[0];
        SequenceReader reader = column.Input == StepFeatureKind.Frames ? new BinaryFrameReader(column, row)
            : column.CreateReader(row);
        return new InputReader(reader) { Reverses = reversed };
    }

    /// <exception cref="InvalidOperationException">A number is another one.</exception>
    public override void Read()
    {
        base.Read();
        int at = Frames.IndexOfAnyExcept(0f, 1f);
        if (at >= 0)
            throw Invalid(string.Create(CultureInfo.InvariantCulture,
                $"step {at / Size}, feature {at % Size} is {Frames[at]}, ") +
                "but a language model of frames tells of each number whether it is 0 or 1",
                "To predict other numbers, use a forecaster or a regression.");
    }
}
