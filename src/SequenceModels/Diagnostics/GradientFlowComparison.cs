using System.Globalization;
using System.Text;
using SequenceModels.Files;
using SequenceModels.Reports;

namespace SequenceModels.Diagnostics;

/// <summary>The gradient flow of RNN, GRU and LSTM on the same rows, side by side.</summary>
public sealed class GradientFlowComparison
{
    private readonly IReadOnlyList<ComparedNetwork> _networks;

    internal GradientFlowComparison(IReadOnlyList<CellGradientFlow> cells, IReadOnlyList<ComparedNetwork> networks)
    {
        Cells = cells;
        _networks = networks;
    }

    /// <summary>RNN, GRU and LSTM, in this order.</summary>
    public IReadOnlyList<CellGradientFlow> Cells { get; }

    /// <summary>
    /// Writes a page with the curves before and after training, layer by layer, the training losses, the half-lives of the
    /// memories and the spectral radii of the recurrent weights.
    /// </summary>
    /// <param name="path">
    /// The file; replaced if it is there. It is written under a temporary name beside it, then moved into place. HTML in UTF-8,
    /// complete in itself: it loads and runs nothing.
    /// </param>
    /// <exception cref="ArgumentException"><paramref name="path"/> is empty.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be written.</exception>
    public void WriteReport(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        AtomicFile.Write(path, ComparisonPage.Render(_networks));
    }

    /// <summary>
    /// A table with a line for each cell: the norms at the last step and at the far end, their ratio, and what was learned.
    /// </summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        Line(text, "cell", "steps", "last step", "far end", "ratio", "trained: last", "far end", "ratio", "loss",
            Cells[0].Accuracy is null ? "RMSE" : "accuracy");
        foreach (CellGradientFlow cell in Cells)
            Line(text, cell.Cell, cell.NormsAfterTraining.Count.ToString(CultureInfo.InvariantCulture),
                First(cell.NormsBeforeTraining), Last(cell.NormsBeforeTraining), Small(cell.SurvivalBeforeTraining),
                First(cell.NormsAfterTraining), Last(cell.NormsAfterTraining), Small(cell.SurvivalAfterTraining),
                cell.Loss.ToString("0.0000", CultureInfo.InvariantCulture),
                (cell.Accuracy ?? cell.RootMeanSquaredError ?? double.NaN).ToString("0.0000", CultureInfo.InvariantCulture));
        return text.ToString();
    }

    private static string First(IReadOnlyList<double> norms) => Small(norms.Count == 0 ? double.NaN : norms[0]);

    private static string Last(IReadOnlyList<double> norms) => Small(norms.Count == 0 ? double.NaN : norms[^1]);

    private static string Small(double value) => value.ToString("0.0e+00", CultureInfo.InvariantCulture);

    private static void Line(StringBuilder text, string cell, params ReadOnlySpan<string> figures)
    {
        text.Append(cell.PadRight(6));
        foreach (string figure in figures)
            text.Append(figure.PadLeft(14));
        text.AppendLine();
    }
}
