using SequenceModels.Sequences;

namespace SequenceModels.Heads;

/// <summary>Numbers to predict, brought to mean 0 and deviation 1 so that one learning rate fits any unit.</summary>
/// <param name="Mean">Of the training labels, by their weights.</param>
/// <param name="Deviation">Their standard deviation; 1 where they are all equal.</param>
internal readonly record struct LabelTransform(float Mean, float Deviation)
{
    public static LabelTransform None => new(0, 1);

    /// <summary>Fitted on the labels of rows.</summary>
    public static LabelTransform Standard(RowSelection rows)
    {
        var labels = LabelMoments.Of(rows);
        double deviation = Math.Sqrt(labels.SquaredDeviation / labels.Weight);
        return new LabelTransform((float)labels.Mean,
            deviation > 1e-7 * Math.Abs(labels.Mean) && deviation > float.Epsilon ? (float)deviation : 1);
    }
}
