using Microsoft.ML;

namespace SequenceModels.Benchmarks.Accuracy;

/// <summary>A data set, how to train on it, and how good the result should be.</summary>
/// <param name="Name">Names the experiment on the command line.</param>
/// <param name="Mark">What to reach on the test rows, as the mean over seeds.</param>
/// <param name="Recipe">The settings, in words.</param>
/// <param name="Folder">The data set's folder.</param>
/// <param name="Run">Trains on the folder's training rows; gives the figure on its test rows.</param>
/// <param name="Figure">What the figure is: a share of what was predicted rightly.</param>
internal sealed record Experiment(string Name, double Mark, string Recipe, string Folder, Func<MLContext, string, double> Run,
    string Figure = "accuracy");
