using Microsoft.ML;

namespace SequenceModels.Benchmarks.Accuracy;

/// <summary>A data set, how to train on it, and how good the result should be.</summary>
/// <param name="Name">Names the experiment on the command line.</param>
/// <param name="Mark">Test accuracy to reach, as the mean over seeds.</param>
/// <param name="Recipe">The settings, in words.</param>
/// <param name="Folder">The data set's folder.</param>
/// <param name="Run">Trains on the folder's training rows; gives the accuracy on its test rows.</param>
internal sealed record Experiment(string Name, double Mark, string Recipe, string Folder, Func<MLContext, string, double> Run);
