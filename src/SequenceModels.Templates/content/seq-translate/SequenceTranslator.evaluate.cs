// What the model is worth: on rows that its training has not seen.
using Microsoft.ML;
using SequenceModels;

public partial class ModelClass
{
    /// <summary>Trains on a part of the rows and measures on the others: how many are wholly right, errors by token, BLEU and chrF.</summary>
    /// <param name="testFraction">The share of the rows to measure on.</param>
    public static TranslationMetrics Evaluate(double testFraction = 0.2)
    {
        var mlContext = new MLContext(seed: 1);
        IDataView data = LoadIDataViewFromFile(mlContext, RetrainFilePath, RetrainSeparatorChar, RetrainHasHeader, RetrainAllowQuoting);
        DataOperationsCatalog.TrainTestData parts = mlContext.Data.TrainTestSplit(data, testFraction);
        ITransformer model = RetrainModel(mlContext, parts.TrainSet);
        return mlContext.Sequences().Translation.Evaluate(model.Transform(parts.TestSet));
    }
}
