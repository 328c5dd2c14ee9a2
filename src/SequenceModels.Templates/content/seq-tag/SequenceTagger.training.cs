// How the model is trained: the file it learns from, and the pipeline.
using Microsoft.ML;
using Microsoft.VisualBasic.FileIO;
using SequenceModels;

public partial class ModelClass
{
    public const string RetrainFilePath = @"DATA_FILE";
    public const char RetrainSeparatorChar = 'SEPARATOR';
    public const bool RetrainHasHeader = HAS_HEADER;
    public const bool RetrainAllowQuoting = false;

    // The columns of the file: a name in its header, or an index, of which the first is 0.
    private const string WordColumn = @"WORD_COLUMN";
    private const string TagColumn = @"LABEL_COLUMN";

    /// <summary>Trains a model on a file and saves it.</summary>
    /// <param name="outputModelPath">Where to save the model.</param>
    /// <param name="inputDataFilePath">The file: a word and its tag in each line, an empty line after each sentence.</param>
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

    /// <summary>The sentences of a file, a row each.</summary>
    public static IDataView LoadIDataViewFromFile(MLContext mlContext, string inputDataFilePath, char separatorChar, bool hasHeader,
        bool allowQuoting)
    {
        // Not by ML.NET's loader, which leaves out empty lines, the ends of the sentences, and lines that begin with "//".
        string[] lines = File.ReadAllLines(inputDataFilePath);
        int first = Array.FindIndex(lines, line => !string.IsNullOrWhiteSpace(line));
        if (first < 0)
            throw new InvalidDataException($"{inputDataFilePath} is empty.");
        string[] header = hasHeader ? [.. Fields(first).Select(field => field.Trim())] : [];
        int word = IndexOf(WordColumn), tag = IndexOf(TagColumn);

        var sentences = new List<ModelInput>();
        var steps = new List<(string Word, string Tag)>();
        for (int line = hasHeader ? first + 1 : first; line < lines.Length; line++)
        {
            if (string.IsNullOrWhiteSpace(lines[line]))
            {
                AddSentence();
                continue;
            }
            string[] fields = Fields(line);
            if (fields.Length <= Math.Max(word, tag))
                throw Refused(line, $"has {fields.Length} column{(fields.Length == 1 ? "" : "s")}, read with the separator '{separatorChar}'; the word is column {word} and " +
                    $"the tag column {tag}, where the first is 0.");
            steps.Add((fields[word], fields[tag]));
        }
        AddSentence();
        if (sentences.Count == 0)
            throw new InvalidDataException($"{inputDataFilePath} has a header, '{string.Join("', '", header)}', and no sentence below it.");
        return mlContext.Data.LoadFromEnumerable(sentences);

        // The fields of a line. A quoted one may hold separators and doubled quotes, but no newline.
        string[] Fields(int line)
        {
            if (!allowQuoting)
                return lines[line].Split(separatorChar);
            using var parser = new TextFieldParser(new StringReader(lines[line])) { Delimiters = [$"{separatorChar}"], TrimWhiteSpace = false };
            try
            {
                return parser.ReadFields() ?? [];
            }
            catch (MalformedLineException)
            {
                throw Refused(line, "has a quote that does not end its field. A quote within a quoted field is written twice.");
            }
        }

        int IndexOf(string column)
        {
            if (int.TryParse(column, out int index))
                return index;
            return header.Count(name => name == column) switch
            {
                1 => Array.IndexOf(header, column),
                0 => throw new InvalidDataException($"{inputDataFilePath} has no column '{column}', but '{string.Join("', '", header)}', read " +
                    $"with the separator '{separatorChar}'. Mend WordColumn, TagColumn or RetrainSeparatorChar."),
                int found => throw new InvalidDataException($"{inputDataFilePath} has {found} columns '{column}': '{string.Join("', '", header)}'. " +
                    "Give the index of one in WordColumn or TagColumn."),
            };
        }

        InvalidDataException Refused(int line, string problem) => new($"{inputDataFilePath}, line {line + 1}: '{lines[line]}' {problem}");

        void AddSentence()
        {
            if (steps.Count > 0)
                sentences.Add(new ModelInput { Words = [.. steps.Select(step => step.Word)], Tags = [.. steps.Select(step => step.Tag)] });
            steps.Clear();
        }
    }

    public static void SaveModel(MLContext mlContext, ITransformer model, IDataView data, string modelSavePath) =>
        mlContext.Model.Save(model, data.Schema, modelSavePath);

    /// <summary>Trains the pipeline on sentences.</summary>
    public static ITransformer RetrainModel(MLContext mlContext, IDataView trainData) => BuildPipeline(mlContext).Fit(trainData);

    /// <summary>
    /// From words to their tags: an LSTM reads each word, as one of those it knows and letter by letter, in both directions. The CRF behind
    /// it gives the likeliest row of tags as a whole.
    /// </summary>
    public static IEstimator<ITransformer> BuildPipeline(MLContext mlContext) =>
        mlContext.Transforms.Conversion.MapValueToKey("Label", "Tags")
            .Append(mlContext.Transforms.Text.TokenizeIntoSequence("Features", "Words", SequenceTokenization.Words()))
            .Append(mlContext.Sequences().Tagging.Trainers.Lstm("Label", ["Features", "Words"], new TaggingOptions
            {
                HiddenSize = 50,
                EmbeddingSize = 32,
                Bidirectional = true,
                TagDecoding = TagDecoding.Crf,
                Dropout = 0.3f,
                WordDropout = 0.05f,
                NumberOfEpochs = 15,
                BatchSize = 16,
                LearningRate = 3e-3f,
            }))
            .Append(mlContext.Transforms.Conversion.MapKeyToValue("PredictedTags", "PredictedLabel"));
}
