// How the model is trained: the file it learns from, and the pipeline.
using Microsoft.ML;
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

    /// <summary>The steps of a file, in any order. An empty value is a gap.</summary>
    public static IDataView LoadIDataViewFromFile(MLContext mlContext, string inputDataFilePath, char separatorChar, bool hasHeader,
        bool allowQuoting)
    {
        var file = new DataFile(mlContext, inputDataFilePath, separatorChar, hasHeader, allowQuoting);
#if (timeIsIndex)
        int time = file.Column(TIME_INDEX);
#else
        int time = file.Column(@"TIME_NAME", indexWithoutHeader: TIME_INDEX);
#endif
#if (valueIsIndex)
        int value = file.Column(VALUE_INDEX);
#else
        int value = file.Column(@"VALUE_NAME", indexWithoutHeader: VALUE_INDEX);
#endif
        ModelInput[] steps = [.. file.Rows.Select(row => new ModelInput { Time = file.Date(row, time), Value = file.Number(row, value) })];
        return mlContext.Data.LoadFromEnumerable(steps);
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
            ForecastFrom = ForecastFrom.LastValue,
            ConfidenceLevel = 0.9f,
            NumberOfEpochs = 30,
            BatchSize = 16,
            LearningRate = 3e-3f,
            ValidationFraction = 0.15,
            EarlyStoppingPatience = 5,
        });
}
