using SequenceModels.Kernels;
using SequenceModels.Parameters;

namespace SequenceModels.Layers;

/// <summary>
/// x W + b of a batch's rows: in the rows of Wx themselves, or, where tokens share them, in a table that an index picks from.
/// </summary>
internal readonly unsafe struct ProjectedRows(ProductRows rows, int* index)
{
    /// <summary>Whether the rows stand where they are, not yet in Wx.</summary>
    public bool ArePicked => index is not null;

    /// <summary>Row by row, what the sums of the recurrent product begin with.</summary>
    /// <param name="panel">Of the gates.</param>
    /// <param name="batchRow">First row, counted in the batch.</param>
    /// <param name="row">The same row, counted in Wx.</param>
    public Start StartAt(int panel, int batchRow, int row) => ArePicked
        ? Start.Gathered(rows.At(panel, 0), rows.RowStride(panel), index + batchRow)
        : Start.Rows(rows.At(panel, row), rows.RowStride(panel));

    /// <summary>Asks for rows ahead of time: they may come from anywhere in a large table.</summary>
    /// <param name="batchRow">First row, counted in the batch.</param>
    /// <param name="row">The same row, counted in Wx.</param>
    /// <param name="count">How many.</param>
    /// <param name="weight">Whose panels.</param>
    public void Prefetch(int batchRow, int row, int count, Parameter weight)
    {
        for (int panel = 0; panel < weight.Panels; panel++)
        {
            Start start = StartAt(panel, batchRow, row);
            for (int i = 0; i < count; i++)
                Rows.Prefetch(start[i], weight.WidthOf(panel));
        }
    }
}
