using Microsoft.ML.Runtime;

namespace SequenceModels.Columns;

/// <summary>Elements of vectors of texts that are no token and no word, and yet a step each.</summary>
internal static class EmptyElements
{
    /// <summary>Warns of them, if there are some.</summary>
    /// <param name="channel">Told.</param>
    /// <param name="column">Where they are.</param>
    /// <param name="count">How many.</param>
    /// <param name="rows">In how many rows.</param>
    public static void Warn(IChannel channel, string column, long count, long rows)
    {
        if (count > 0)
            channel.Warning(MessageSensitivity.None, "{0}",
                $"Column '{column}': {Counted.Of(count, "element is", "elements are")} empty, in {Counted.Of(rows, "row")}. " +
                "Each stays a step, of an unknown token, since labels or other columns may stand beside it step by step. Where " +
                "none do, as where short rows of a file end with empty cells, remove them first, or give the text as one.");
    }
}
