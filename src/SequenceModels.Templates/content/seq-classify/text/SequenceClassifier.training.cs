// How the model is trained: the file it learns from, and the pipeline.
using Microsoft.ML;
using Microsoft.ML.Data;
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
#if (byName)
        if (!hasHeader)
            return mlContext.Data.LoadFromTextFile<ModelInput>(inputDataFilePath, separatorChar, hasHeader, allowQuoting: allowQuoting);

        // The header says where the columns stand; [LoadColumn] counts only where there is none.
        string[] header = [.. File.ReadLines(inputDataFilePath).First().Split(separatorChar).Select(name => name.Trim(' ', '"'))];
        TextLoader.Column[] columns =
        [
#if (labelIsIndex)
            new(@"LABEL_NAME", DataKind.String, LABEL_INDEX),
#else
            new(@"LABEL_NAME", DataKind.String, IndexOf(@"LABEL_NAME")),
#endif
#if (textIsIndex)
            new(@"TEXT_NAME", DataKind.String, TEXT_INDEX),
#else
            new(@"TEXT_NAME", DataKind.String, IndexOf(@"TEXT_NAME")),
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

    /// <summary>Trains the pipeline on rows.</summary>
    public static ITransformer RetrainModel(MLContext mlContext, IDataView trainData) => BuildPipeline(mlContext).Fit(trainData);

    /// <summary>From a row to its class: the text becomes a sequence of words, which an LSTM reads in both directions.</summary>
    public static IEstimator<ITransformer> BuildPipeline(MLContext mlContext) =>
        mlContext.Transforms.Conversion.MapValueToKey("Label", @"LABEL_NAME")
            .Append(mlContext.Transforms.Text.TokenizeIntoSequence("Features", @"TEXT_NAME", SequenceTokenization.Words()))
            .Append(mlContext.MulticlassClassification.Trainers.Lstm(options: new()
            {
                HiddenSize = 64,
                EmbeddingSize = 32,
                Bidirectional = true,
                Pooling = SequencePooling.Max,
                Dropout = 0.2f,
                NumberOfEpochs = 15,
                LearningRate = 3e-3f,
            }))
            .Append(mlContext.Transforms.Conversion.MapKeyToValue("PredictedLabel"));
}
