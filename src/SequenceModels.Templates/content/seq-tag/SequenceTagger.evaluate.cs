// What the model is worth: on sentences that its training has not seen.
using Microsoft.ML;
using SequenceModels;

public partial class ModelClass
{
    /// <summary>Trains on a part of the sentences and measures on the others: accuracy of words, and F1 of the spans that tags mark.</summary>
    /// <param name="testFraction">The share of the sentences to measure on.</param>
    public static TaggingMetrics Evaluate(double testFraction = 0.2)
    {
        var mlContext = new MLContext(seed: 1);
        IDataView data = LoadIDataViewFromFile(mlContext, RetrainFilePath, RetrainSeparatorChar, RetrainHasHeader, RetrainAllowQuoting);
        DataOperationsCatalog.TrainTestData parts = mlContext.Data.TrainTestSplit(data, testFraction);
        ITransformer model = RetrainModel(mlContext, parts.TrainSet);
        return mlContext.Sequences().Tagging.Evaluate(model.Transform(parts.TestSet));
    }
}
