namespace SequenceModels.Forecasting;

/// <summary>
/// How a window's outputs for one target become values: an output y for h + 1 steps ahead is Base + (h + 1) Slope + Scale y.
/// </summary>
internal readonly record struct TargetScale(double Base, double Slope, double Scale)
{
    public double Location(int h) => Base + (h + 1) * Slope;
}
