// What goes into the model, what comes out, and what the model that was trained and saved writes.
using Microsoft.ML;
using Microsoft.ML.Data;
using SequenceModels;

public partial class ModelClass
{
    /// <summary>A row of the data: a text, and the text that is to be written for it. To predict, the first is enough.</summary>
    public class ModelInput
    {
        [ColumnName(@"SOURCE_NAME")]
        public string Source { get; set; } = "";

        [ColumnName(@"TARGET_NAME")]
        public string Target { get; set; } = "";
    }

    /// <summary>What was written, and the natural logarithm of its probability.</summary>
    public class ModelOutput
    {
        [ColumnName("PredictedText")]
        public string Text { get; set; } = "";

        [ColumnName("Score")]
        public float Score { get; set; }
    }

    public static readonly string MLNetModelPath = Path.GetFullPath("SequenceTranslator.mlnet");

    /// <summary>For one thread at a time; Predict of another thread needs an engine of its own, from CreatePredictEngine.</summary>
    public static readonly Lazy<PredictionEngine<ModelInput, ModelOutput>> PredictEngine = new(CreatePredictEngine, true);

    /// <summary>Gives several answers, and what each token of them looked at. Threads may share it.</summary>
    public static readonly Lazy<Translator> Translator = new(() =>
    {
        var mlContext = new MLContext();
        return mlContext.Sequences().Translation.CreateTranslator(mlContext.Model.Load(MLNetModelPath, out _));
    }, true);

    public static PredictionEngine<ModelInput, ModelOutput> CreatePredictEngine()
    {
        var mlContext = new MLContext();
        ITransformer model = mlContext.Model.Load(MLNetModelPath, out _);
        return mlContext.Model.CreatePredictionEngine<ModelInput, ModelOutput>(model);
    }

    /// <summary>What is written for an input, whose target is not looked at.</summary>
    public static ModelOutput Predict(ModelInput input) => PredictEngine.Value.Predict(new ModelInput { Source = input.Source });

    /// <summary>The best answers, the likeliest first.</summary>
    public static IReadOnlyList<TranslationAnswer> PredictBest(ModelInput input, int count) =>
        Translator.Value.Translate(input.Source, new TranslatingOptions { NumberOfAnswers = count });
}
