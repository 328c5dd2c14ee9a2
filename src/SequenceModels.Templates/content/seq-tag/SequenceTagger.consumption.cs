// What goes into the model, what comes out, and predictions of the model that was trained and saved.
using Microsoft.ML;
using Microsoft.ML.Data;

public partial class ModelClass
{
    /// <summary>A sentence: its words, and the tag of each. To predict, the words are enough.</summary>
    public class ModelInput
    {
        [ColumnName("Words")]
        public string[] Words { get; set; } = [];

        [ColumnName("Tags")]
        public string[] Tags { get; set; } = [];
    }

    /// <summary>A prediction: a tag for each word.</summary>
    public class ModelOutput
    {
        [ColumnName("PredictedTags")]
        public string[] PredictedTags { get; set; } = [];
    }

    public static readonly string MLNetModelPath = Path.GetFullPath("SequenceTagger.mlnet");

    /// <summary>For one thread at a time; Predict of another thread needs an engine of its own, from CreatePredictEngine.</summary>
    public static readonly Lazy<PredictionEngine<ModelInput, ModelOutput>> PredictEngine = new(CreatePredictEngine, true);

    public static PredictionEngine<ModelInput, ModelOutput> CreatePredictEngine()
    {
        var mlContext = new MLContext();
        ITransformer model = mlContext.Model.Load(MLNetModelPath, out _);
        return mlContext.Model.CreatePredictionEngine<ModelInput, ModelOutput>(model);
    }

    /// <summary>The prediction for an input, whose tags are not looked at.</summary>
    public static ModelOutput Predict(ModelInput input) => PredictEngine.Value.Predict(new ModelInput { Words = input.Words });
}
