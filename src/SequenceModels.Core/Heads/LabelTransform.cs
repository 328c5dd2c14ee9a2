using SequenceModels.Sequences;

namespace SequenceModels.Heads;

/// <summary>Numbers to predict, brought to mean 0 and deviation 1 so that one learning rate fits any unit.</summary>
/// <param name="Mean">Of the training labels, by their weights.</param>
/// <param name="Deviation">Their standard deviation; 1 where they are all equal.</param>
internal readonly record struct LabelTransform(float Mean, float Deviation)
{
    public static LabelTransform None => new(0, 1);

    /// <summary>Fitted on the given rows of the data; null: on all.</summary>
    public static LabelTransform Standard(SequenceDataset data, ValueStore<int>? rows = null)
    {
        var selected = new SelectedRows(data, rows);
        double weight = 0, mean = 0, squares = 0;
        for (int i = 0; i < selected.Count; i++)
        {
            int row = selected[i];
            weight += data.Weight(row);
            mean += data.Weight(row) * (double)data.Label(row);
        }
        mean /= weight;
        for (int i = 0; i < selected.Count; i++)
            squares += data.Weight(selected[i]) * Math.Pow(data.Label(selected[i]) - mean, 2);
        double deviation = Math.Sqrt(squares / weight);
        return new LabelTransform((float)mean, deviation > 1e-7 * Math.Abs(mean) && deviation > float.Epsilon ? (float)deviation : 1);
    }
}
