// What the model is worth: on rows that its training has not seen.
using Microsoft.ML;
using Microsoft.ML.Data;

public partial class IntentModel
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
}
