// What goes into the model, what comes out, and forecasts of the model that was trained and saved.
using Microsoft.ML;
using Microsoft.ML.Data;
using SequenceModels;

public partial class SalesForecast
{
    /// <summary>A step of the series. A value that is not known, empty in the file, is NaN.</summary>
    public class ModelInput
    {
        [ColumnName(@"Date")]
        public DateTime Time { get; set; }

        [ColumnName(@"Sold")]
        public float Value { get; set; } = float.NaN;
    }

    /// <summary>The next steps, each with bounds that should hold it at the level of confidence.</summary>
    public class ModelOutput
    {
        [ColumnName("Forecast")]
        public float[] Forecast { get; set; } = [];

        [ColumnName("ForecastLowerBound")]
        public float[] LowerBound { get; set; } = [];

        [ColumnName("ForecastUpperBound")]
        public float[] UpperBound { get; set; } = [];
    }

    public static readonly string MLNetModelPath = Path.GetFullPath("SalesForecast.mlnet");

    /// <summary>Knows the steps that the model was trained on; changes with nothing, and may be shared between threads.</summary>
    public static readonly Lazy<ForecastEngine<ModelInput, ModelOutput>> PredictEngine = new(CreatePredictEngine, true);

    public static ForecastEngine<ModelInput, ModelOutput> CreatePredictEngine()
    {
        var mlContext = new MLContext();
        return mlContext.Model.Load(MLNetModelPath, out _).CreateForecastEngine<ModelInput, ModelOutput>(mlContext);
    }

    /// <summary>The steps after the last one of the training rows, and after new ones that came since.</summary>
    /// <param name="newSteps">Steps since then, in their order. None: forecasts what follows the training rows.</param>
    public static ModelOutput Predict(params IEnumerable<ModelInput> newSteps)
    {
        ForecastEngine<ModelInput, ModelOutput> engine = PredictEngine.Value;
        ForecastEngineState state = engine.CreateState();
        foreach (ModelInput step in newSteps)
            engine.Observe(state, step);
        return engine.Predict(state);
    }
}
