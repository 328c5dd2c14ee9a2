// What the model is worth: on steps that its training has not seen.
using Microsoft.ML;
using SequenceModels;

public partial class ModelClass
{
    // Steps in a season, for the comparison with the value of one season ago. 0: found in the data; 1: there is none.
    public const int SeasonLength = SEASON_LENGTH;

    /// <summary>Trains on the steps before each part of the last fifth and forecasts that part, beside forecasts that need no model.</summary>
    /// <param name="folds">Parts, and trainings.</param>
    public static ForecastBackTest Evaluate(int folds = 2)
    {
        var mlContext = new MLContext(seed: 1);
        IDataView data = LoadIDataViewFromFile(mlContext, RetrainFilePath, RetrainSeparatorChar, RetrainHasHeader, RetrainAllowQuoting);
        return mlContext.Sequences().Forecasting.BackTest(BuildPipeline(mlContext), data, folds, seasonLength: SeasonLength);
    }

    /// <summary>The last steps of the file, and their forecast by a model that was trained on the steps before them.</summary>
    public static (ModelInput[] Actual, ModelOutput Predicted) ForecastLastSteps()
    {
        var mlContext = new MLContext(seed: 1);
        IDataView data = LoadIDataViewFromFile(mlContext, RetrainFilePath, RetrainSeparatorChar, RetrainHasHeader, RetrainAllowQuoting);
        ModelInput[] steps = [.. mlContext.Data.CreateEnumerable<ModelInput>(data, reuseRowObject: false).OrderBy(step => step.Time)];
        ITransformer model = RetrainModel(mlContext, mlContext.Data.LoadFromEnumerable(steps[..^Horizon]));
        ForecastEngine<ModelInput, ModelOutput> engine = model.CreateForecastEngine<ModelInput, ModelOutput>(mlContext);
        return (steps[^Horizon..], engine.Predict(engine.CreateState()));
    }
}
