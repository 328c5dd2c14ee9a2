// What goes into the model, what comes out, and predictions of the model that was trained and saved.
using Microsoft.ML;
using Microsoft.ML.Data;

public partial class ModelClass
{
    public const int NumberOfSteps = STEP_COUNT;
    public const int FeaturesPerStep = FEATURE_COUNT;
    public const int NumberOfValues = NumberOfSteps * FeaturesPerStep;

    // Where the values begin in a line of the file; the first column is 0.
    public const int FirstValue = FIRST_VALUE;

    /// <summary>A row of the data: frames of numbers, and the class that they have.</summary>
    public class ModelInput
    {
        [ColumnName(@"LABEL_NAME")]
        public string Label { get; set; } = "";

        /// <summary>Frame after frame: the features of the first step, then those of the second, and so on.</summary>
        [ColumnName("Values")]
        [VectorType(NumberOfValues)]
        public float[] Values { get; set; } = [];
    }

    /// <summary>A prediction: the likeliest class, and the probability of each.</summary>
    public class ModelOutput
    {
        [ColumnName("PredictedLabel")]
        public string PredictedLabel { get; set; } = "";

        [ColumnName("Score")]
        public float[] Score { get; set; } = [];
    }

    public static readonly string MLNetModelPath = Path.GetFullPath("SequenceClassifier.mlnet");

    /// <summary>For one thread at a time; Predict of another thread needs an engine of its own, from CreatePredictEngine.</summary>
    public static readonly Lazy<PredictionEngine<ModelInput, ModelOutput>> PredictEngine = new(CreatePredictEngine, true);

    public static PredictionEngine<ModelInput, ModelOutput> CreatePredictEngine()
    {
        var mlContext = new MLContext();
        ITransformer model = mlContext.Model.Load(MLNetModelPath, out _);
        return mlContext.Model.CreatePredictionEngine<ModelInput, ModelOutput>(model);
    }

    /// <summary>The prediction for an input, whose label is not looked at.</summary>
    public static ModelOutput Predict(ModelInput input) => PredictEngine.Value.Predict(input);

    /// <summary>All classes with their probabilities, the likeliest first.</summary>
    public static IOrderedEnumerable<KeyValuePair<string, float>> PredictAllLabels(ModelInput input) =>
        GetSortedScoresWithLabels(Predict(input));

    /// <summary>The classes of a prediction with their probabilities, the likeliest first.</summary>
    public static IOrderedEnumerable<KeyValuePair<string, float>> GetSortedScoresWithLabels(ModelOutput result) =>
        GetLabels().Zip(result.Score, KeyValuePair.Create).OrderByDescending(score => score.Value);

    // The classes, in the order of the scores.
    private static IEnumerable<string> GetLabels()
    {
        VBuffer<ReadOnlyMemory<char>> labels = default;
        PredictEngine.Value.OutputSchema["Score"].GetSlotNames(ref labels);
        return labels.DenseValues().Select(label => label.ToString());
    }
}
