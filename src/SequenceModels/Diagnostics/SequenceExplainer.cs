using Microsoft.ML;
using SequenceModels.Files;
using SequenceModels.Reports;
using SequenceModels.Scoring;

namespace SequenceModels.Diagnostics;

/// <summary>
/// Says of each row which of its tokens, or steps, a model's prediction comes from. Made by <c>mlContext.Sequences().Explain</c>.
/// </summary>
/// <remarks>
/// By integrated gradients: see <see cref="SequenceExplanation"/>. Equal rows have equal shares, to the bit. Threads may share an
/// explainer; what <see cref="Explain"/> gives is for one thread to go through, on which all work is done.
/// </remarks>
public sealed class SequenceExplainer
{
    private readonly IExplainable _model;
    private readonly IReadOnlyList<ITransformer> _before;

    internal SequenceExplainer(IExplainable model, IReadOnlyList<ITransformer> before) => (_model, _before) = (model, before);

    /// <summary>Explains each row, one after the other, as they are asked for.</summary>
    /// <param name="rows">What the model's <c>Transform</c> would take.</param>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing, or of another kind than in training.</exception>
    /// <exception cref="InvalidOperationException">
    /// While rows are asked for: one cannot be read, or its score is no number.
    /// </exception>
    public IEnumerable<RowExplanation> Explain(IDataView rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        foreach (ITransformer part in _before)
            rows = part.Transform(rows);
        return Each(rows, _model.BindExplainer(rows.Schema));
    }

    /// <summary>Writes a page with the text of each row, coloured by the shares of its tokens.</summary>
    /// <param name="path">
    /// The file; replaced if it is there. It is written under a temporary name beside it, then moved into place. HTML in UTF-8,
    /// complete in itself: it loads and runs nothing. The texts of the rows stand on it.
    /// </param>
    /// <param name="rows">What the model's <c>Transform</c> would take.</param>
    /// <param name="maximumRows">How many rows are shown, from the first; at least 1. Default 100.</param>
    /// <exception cref="ArgumentException"><paramref name="path"/> is empty.</exception>
    /// <exception cref="ArgumentOutOfRangeException">
    /// <paramref name="maximumRows"/> is less than 1; or a column is missing, or of another kind than in training.
    /// </exception>
    /// <exception cref="InvalidOperationException">A row cannot be read, or its score is no number.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be written.</exception>
    public void WriteReport(string path, IDataView rows, int maximumRows = 100)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (maximumRows < 1)
            throw new ArgumentOutOfRangeException(nameof(maximumRows), InvariantText.Of(maximumRows),
                "maximumRows must be at least 1.");
        AtomicFile.Write(path, ExplanationPage.Render([.. Explain(rows).Take(maximumRows).Select(row => new ExplainedText(
            row.PredictedLabel, row.Score, row.BaselineScore, row.Pieces, row.Tokens, row.Shares))]));
    }

    private static IEnumerable<RowExplanation> Each(IDataView rows, IRowExplainer explainer)
    {
        using DataViewRowCursor cursor = rows.GetRowCursor(explainer.Columns);
        Func<RowExplanation> explain = explainer.CreateGetter(cursor);
        while (cursor.MoveNext())
            yield return explain();
    }
}
