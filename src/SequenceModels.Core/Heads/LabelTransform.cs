namespace SequenceModels.Heads;

/// <summary>Numbers to predict, brought to mean 0 and deviation 1 so that one learning rate fits any unit.</summary>
/// <param name="Mean">Of the training labels, by their weights.</param>
/// <param name="Deviation">Their standard deviation; 1 where they are all equal.</param>
internal readonly record struct LabelTransform(float Mean, float Deviation)
{
    public static LabelTransform None => new(0, 1);

    public static LabelTransform Standard(Sequences.SequenceDataset data)
    {
        double weight = 0, mean = 0, squares = 0;
        for (int row = 0; row < data.Count; row++)
        {
            weight += data.Weight(row);
            mean += data.Weight(row) * (double)data.Label(row);
        }
        mean /= weight;
        for (int row = 0; row < data.Count; row++)
            squares += data.Weight(row) * Math.Pow(data.Label(row) - mean, 2);
        double deviation = Math.Sqrt(squares / weight);
        return new LabelTransform((float)mean, deviation > 1e-7 * Math.Abs(mean) && deviation > float.Epsilon ? (float)deviation : 1);
    }
}
