// How the model is trained: the file it learns from, and the pipeline.
using Microsoft.ML;

public partial class ModelClass
{
    public const string RetrainFilePath = @"DATA_FILE";
    public const char RetrainSeparatorChar = 'SEPARATOR';
    public const bool RetrainHasHeader = HAS_HEADER;
    public const bool RetrainAllowQuoting = true;

    /// <summary>Trains a model on a file and saves it.</summary>
    /// <param name="outputModelPath">Where to save the model.</param>
    /// <param name="inputDataFilePath">The file, with the columns of ModelInput.</param>
    /// <param name="separatorChar">What stands between the columns.</param>
    /// <param name="hasHeader">Whether the first line holds the names of the columns.</param>
    public static void Train(string outputModelPath, string inputDataFilePath = RetrainFilePath,
        char separatorChar = RetrainSeparatorChar, bool hasHeader = RetrainHasHeader)
    {
        var mlContext = new MLContext(seed: 1);
        IDataView data = LoadIDataViewFromFile(mlContext, inputDataFilePath, separatorChar, hasHeader, RetrainAllowQuoting);
        ITransformer model = RetrainModel(mlContext, data);
        SaveModel(mlContext, model, data, outputModelPath);
    }

    /// <summary>The rows of a file.</summary>
    public static IDataView LoadIDataViewFromFile(MLContext mlContext, string inputDataFilePath, char separatorChar, bool hasHeader,
        bool allowQuoting)
    {
        var file = new DataFile(mlContext, inputDataFilePath, separatorChar, hasHeader, allowQuoting);
#if (labelIsIndex)
        int label = file.Column(LABEL_INDEX);
#else
        int label = file.Column(@"LABEL_NAME", indexWithoutHeader: LABEL_INDEX);
#endif
#if (textIsIndex)
        int text = file.Column(TEXT_INDEX);
#else
        int text = file.Column(@"TEXT_NAME", indexWithoutHeader: TEXT_INDEX);
#endif
        ModelInput[] rows = [.. file.Rows.Select(row => new ModelInput { Label = file.Text(row, label), Text = file.Text(row, text) })];
        return mlContext.Data.LoadFromEnumerable(rows);
    }

    public static void SaveModel(MLContext mlContext, ITransformer model, IDataView data, string modelSavePath) =>
        mlContext.Model.Save(model, data.Schema, modelSavePath);

    /// <summary>Trains the pipeline on rows.</summary>
    public static ITransformer RetrainModel(MLContext mlContext, IDataView trainData) => BuildPipeline(mlContext).Fit(trainData);

    /// <summary>From a row to its class: an LSTM reads the text as it is, word by word, and its n-grams beside.</summary>
    public static IEstimator<ITransformer> BuildPipeline(MLContext mlContext) =>
        mlContext.Transforms.Conversion.MapValueToKey("Label", @"LABEL_NAME")
            .Append(mlContext.MulticlassClassification.Trainers.TextLstm(textColumnName: @"TEXT_NAME"))
            .Append(mlContext.Transforms.Conversion.MapKeyToValue("PredictedLabel"));
}
