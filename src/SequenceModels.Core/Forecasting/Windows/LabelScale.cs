namespace SequenceModels.Forecasting;

/// <summary>How an output of a network for one label of a window becomes a value: y means Location + Scale y.</summary>
internal readonly record struct LabelScale(double Location, double Scale);
