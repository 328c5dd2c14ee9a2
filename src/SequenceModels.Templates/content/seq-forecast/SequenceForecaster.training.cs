// How the model is trained: the file it learns from, and the pipeline.
using Microsoft.ML;
using Microsoft.ML.Data;
using SequenceModels;

public partial class ModelClass
{
    // Steps that a forecast is made from, and steps that are forecast.
    public const int WindowSize = WINDOW_SIZE;
    public const int Horizon = HORIZON_SIZE;

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

    /// <summary>The steps of a file, in any order.</summary>
    public static IDataView LoadIDataViewFromFile(MLContext mlContext, string inputDataFilePath, char separatorChar, bool hasHeader,
        bool allowQuoting)
    {
#if (byName)
        if (!hasHeader)
            return mlContext.Data.LoadFromTextFile<ModelInput>(inputDataFilePath, separatorChar, hasHeader, allowQuoting: allowQuoting);

        // The header says where the columns stand; [LoadColumn] counts only where there is none.
        string[] header = [.. File.ReadLines(inputDataFilePath).First().Split(separatorChar).Select(name => name.Trim(' ', '"'))];
        TextLoader.Column[] columns =
        [
#if (timeIsIndex)
            new(@"TIME_NAME", DataKind.DateTime, TIME_INDEX),
#else
            new(@"TIME_NAME", DataKind.DateTime, IndexOf(@"TIME_NAME")),
#endif
#if (valueIsIndex)
            new(@"VALUE_NAME", DataKind.Single, VALUE_INDEX),
#else
            new(@"VALUE_NAME", DataKind.Single, IndexOf(@"VALUE_NAME")),
#endif
        ];
        return mlContext.Data.LoadFromTextFile(inputDataFilePath, columns, separatorChar, hasHeader, allowQuoting: allowQuoting);

        int IndexOf(string column) => Array.IndexOf(header, column) is int index and >= 0 ? index : throw new InvalidDataException(
            $"{inputDataFilePath} has no column '{column}', but '{string.Join("', '", header)}', read with the separator '{separatorChar}'. " +
            $"Mend the name here and in [ColumnName], or RetrainSeparatorChar.");
#else
        return mlContext.Data.LoadFromTextFile<ModelInput>(inputDataFilePath, separatorChar, hasHeader, allowQuoting: allowQuoting);
#endif
    }

    public static void SaveModel(MLContext mlContext, ITransformer model, IDataView data, string modelSavePath) =>
        mlContext.Model.Save(model, data.Schema, modelSavePath);

    /// <summary>Trains the pipeline on steps.</summary>
    public static ITransformer RetrainModel(MLContext mlContext, IDataView trainData) => BuildPipeline(mlContext).Fit(trainData);

    /// <summary>An LSTM that reads the last steps and gives all of the horizon at once, with bounds.</summary>
    public static IEstimator<ITransformer> BuildPipeline(MLContext mlContext) =>
        mlContext.Forecasting.ForecastByLstm("Forecast", [@"VALUE_NAME"], WindowSize, Horizon, new ForecastOptions
        {
            TimeColumnName = @"TIME_NAME",
            HiddenSize = 32,
            FromLastValue = true,
            ConfidenceLevel = 0.9f,
            NumberOfEpochs = 30,
            BatchSize = 16,
            LearningRate = 3e-3f,
            ValidationFraction = 0.15,
            EarlyStoppingPatience = 5,
        });
}
