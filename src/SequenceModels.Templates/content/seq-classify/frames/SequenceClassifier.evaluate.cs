// What the model is worth: on rows that its training has not seen.
using Microsoft.ML;
using Microsoft.ML.Data;
using SequenceModels;

public partial class ModelClass
{
    /// <summary>Trains on a part of the rows and measures on the others.</summary>
    /// <param name="testFraction">The share of the rows to measure on.</param>
    public static MulticlassClassificationMetrics Evaluate(double testFraction = 0.2)
    {
        var mlContext = new MLContext(seed: 1);
        IDataView data = LoadIDataViewFromFile(mlContext, RetrainFilePath, RetrainSeparatorChar, RetrainHasHeader, RetrainAllowQuoting);
        DataOperationsCatalog.TrainTestData parts = mlContext.Data.TrainTestSplit(data, testFraction);
        ITransformer model = RetrainModel(mlContext, parts.TrainSet);
        return mlContext.MulticlassClassification.Evaluate(model.Transform(parts.TestSet));
    }

    /// <summary>As Evaluate, but each row is measured once, by a model of the other folds.</summary>
    public static double CrossValidate(int numberOfFolds = 5)
    {
        var mlContext = new MLContext(seed: 1);
        IDataView data = LoadIDataViewFromFile(mlContext, RetrainFilePath, RetrainSeparatorChar, RetrainHasHeader, RetrainAllowQuoting);
        return mlContext.MulticlassClassification.CrossValidate(data, BuildPipeline(mlContext), numberOfFolds)
            .Average(fold => fold.Metrics.MicroAccuracy);
    }

    /// <summary>
    /// Permutation feature importance: how much accuracy is lost on rows held out when the values of one feature at one step change places
    /// among the rows. The mean of each feature over its steps, and the steps that matter most.
    /// </summary>
    public static void PrintPFI(double testFraction = 0.2)
    {
        var mlContext = new MLContext(seed: 1);
        IDataView data = LoadIDataViewFromFile(mlContext, RetrainFilePath, RetrainSeparatorChar, RetrainHasHeader, RetrainAllowQuoting);
        DataOperationsCatalog.TrainTestData parts = mlContext.Data.TrainTestSplit(data, testFraction);
        var model = (IEnumerable<ITransformer>)RetrainModel(mlContext, parts.TrainSet);
        SequencePredictionTransformer trained = model.OfType<SequencePredictionTransformer>().Single();
        IDataView rows = parts.TestSet;
        foreach (ITransformer transform in model.TakeWhile(transform => transform != trained))
            rows = transform.Transform(rows);

        // In the order of the values: that of step t and feature f is [t * FeaturesPerStep + f].
        double[] lost = [.. mlContext.MulticlassClassification
            .PermutationFeatureImportance<SequenceModelParameters>(trained, rows, permutationCount: 2)
            .Select(value => -value.MicroAccuracy.Mean)];
        Console.WriteLine("Accuracy lost without");
        for (int feature = 0; feature < FeaturesPerStep; feature++)
            Console.WriteLine($"  feature {feature + 1} at one step: {lost.Where((_, value) => value % FeaturesPerStep == feature).Average():P2}");
        foreach ((int value, double loss) in lost.Index().OrderByDescending(value => value.Item).Take(3))
            Console.WriteLine($"  feature {value % FeaturesPerStep + 1} at step {value / FeaturesPerStep + 1}: {loss:P2}");
    }
}
