using Microsoft.ML;

namespace SequenceModels.Benchmarks.Accuracy;

/// <summary>A data set, how to train on it, and how good the result should be.</summary>
/// <param name="Name">Names the experiment on the command line.</param>
/// <param name="Mark">What to reach on the test rows, as the mean over seeds.</param>
/// <param name="Recipe">The settings, in words.</param>
/// <param name="Folder">The data set's folder.</param>
/// <param name="Load">Reads the folder's rows.</param>
/// <param name="Figure">What the figure is: a share of what was predicted rightly.</param>
internal sealed record Experiment(string Name, double Mark, string Recipe, string Folder, Func<MLContext, string, Trial> Load,
    string Figure = "accuracy")
{
    /// <summary>What was tried, for where the mark is missed.</summary>
    public string Notes { get; init; } = "";
}

/// <summary>The rows of an experiment, ready to learn from.</summary>
/// <param name="Fit">Trains on the training rows.</param>
/// <param name="Measure">The figure of a model on the test rows.</param>
internal sealed record Trial(Func<ITransformer> Fit, Func<ITransformer, double> Measure)
{
    /// <summary>Trains, and measures what was learned.</summary>
    public double Run() => Measure(Fit());
}
