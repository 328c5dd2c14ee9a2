// How the model is trained: the file it learns from, and the pipeline.
using Microsoft.ML;
using SequenceModels;

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
#if (sourceIsIndex)
        int source = file.Column(SOURCE_INDEX);
#else
        int source = file.Column(@"SOURCE_NAME", indexWithoutHeader: SOURCE_INDEX);
#endif
#if (targetIsIndex)
        int target = file.Column(TARGET_INDEX);
#else
        int target = file.Column(@"TARGET_NAME", indexWithoutHeader: TARGET_INDEX);
#endif
        ModelInput[] rows = [.. file.Rows.Select(row => new ModelInput { Source = file.Text(row, source), Target = file.Text(row, target) })];
        return mlContext.Data.LoadFromEnumerable(rows);
    }

    public static void SaveModel(MLContext mlContext, ITransformer model, IDataView data, string modelSavePath) =>
        mlContext.Model.Save(model, data.Schema, modelSavePath);

    /// <summary>Trains the pipeline on rows.</summary>
    public static ITransformer RetrainModel(MLContext mlContext, IDataView trainData) => BuildPipeline(mlContext).Fit(trainData);

    /// <summary>
    /// From a text to another: an encoder reads, a decoder writes and looks back at what it needs, a beam keeps the best beginnings.
    /// </summary>
    public static IEstimator<ITransformer> BuildPipeline(MLContext mlContext) =>
#if (words)
        mlContext.Transforms.Text.TokenizeIntoSequence("Features", @"SOURCE_NAME", SequenceTokenization.Words())
            .Append(mlContext.Transforms.Text.TokenizeIntoSequence("Label", @"TARGET_NAME", SequenceTokenization.Subwords(8_000)))
            .Append(mlContext.Sequences().Translation.Trainers.Lstm())
#else
        mlContext.Transforms.Text.TokenizeIntoSequence("Features", @"SOURCE_NAME", SequenceTokenization.Characters())
            .Append(mlContext.Transforms.Text.TokenizeIntoSequence("Label", @"TARGET_NAME", SequenceTokenization.Characters()))
            // Where rules decide and not taste, little dropout and no smoothing; small layers, for few characters say little.
            .Append(mlContext.Sequences().Translation.Trainers.Gru(options: new TranslationOptions
            {
                HiddenSize = 64,
                EmbeddingSize = 32,
                Dropout = 0.1f,
                LabelSmoothing = 0,
                LearningRate = 5e-3f,
            }))
#endif
            .Append(mlContext.Transforms.Text.DetokenizeSequence("PredictedText", "PredictedLabel"));
}
