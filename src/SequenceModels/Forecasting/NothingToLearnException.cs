namespace SequenceModels.Forecasting;

/// <summary>The rows have nothing to learn from; more of them may have.</summary>
internal sealed class NothingToLearnException(string message) : InvalidOperationException(message);
