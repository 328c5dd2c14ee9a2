using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using SequenceModels.Sequences;
using SequenceModels.Text;

namespace SequenceModels.Columns;

/// <summary>
/// A column read as sequences: of tokens (keys, one-hot steps), of frames (numbers), or of words by their characters or subwords.
/// </summary>
internal sealed class SequenceColumn
{
    private SequenceColumn(DataViewSchema.Column column, StepFeatureKind input, int inputSize,
        IWordParts? parts = null, TextFeatures? text = null)
    {
        Column = column;
        Input = input;
        InputSize = inputSize;
        Parts = parts;
        Text = text;
    }

    public DataViewSchema.Column Column { get; }

    /// <summary>What a step is.</summary>
    public StepFeatureKind Input { get; }

    /// <summary>V, the number of tokens, or F, the numbers in a frame.</summary>
    public int InputSize { get; }

    /// <summary>Where a step is a word: what its parts are, of whose keys V then is the number; else null.</summary>
    public IWordParts? Parts { get; }

    /// <summary>Where the column holds whole texts: what is read of them; else null.</summary>
    public TextFeatures? Text { get; }

    /// <summary>Whether a step is a word, of which the shape is read.</summary>
    public bool AreShapes { get; private init; }

    /// <summary>The texts of its tokens from key 1 on; none where they have no names.</summary>
    public string[] TokenTexts => Text is null ? TokenNames.Texts(Column) : [.. Text.Tokenizer.Vocabulary.Tokens];

    /// <summary>How its tokens become a text again, where that is known.</summary>
    public Detokenization? Joining => Text is null ? TokenNames.JoiningOf(Column) : Text.Tokenizer.Detokenization;

    /// <summary>Whether its tokens are keys; else they are one-hot vectors.</summary>
    public bool AreKeys => Column.Type is VectorDataViewType { ItemType: KeyDataViewType };

    /// <summary>What a network takes the steps of a column without words for.</summary>
    /// <param name="embeddingSize">Of tokens: the length of their learned vectors; 0: they enter as one-hot vectors.</param>
    public StepFeature FeatureOf(int embeddingSize) =>
        Input == StepFeatureKind.Frames ? StepFeature.Frames(InputSize) : StepFeature.Tokens(InputSize, embeddingSize);

    /// <summary>Whether the steps were filled up by PadSequence.</summary>
    public bool IsPadded => IsFilledUp(Column);

    /// <summary>
    /// Warns where columns that are read step by step were filled up by PadSequence. Where a model is trained,
    /// and where it is used.
    /// </summary>
    public static void WarnIfPadded(DataViewSchema schema, IEnumerable<string> names, IChannel channel)
    {
        foreach (string name in names)
            if (schema.GetColumnOrNull(name) is { } column && IsFilledUp(column))
                channel.Warning(MessageSensitivity.None,
                    "Column '{0}' is padded, and padded slots are read as steps. Sequences may be of any length: " +
                    "leave PadSequence out.", name);
    }

    private static bool IsFilledUp(DataViewSchema.Column column) =>
        column.Annotations.Schema.GetColumnOrNull(AnnotationNames.SequencePadding) is not null;

    /// <summary>
    /// The column, as its schema alone tells: keys and steps that are said to be one-hot are tokens, all other numbers frames.
    /// </summary>
    public static SequenceColumn Bind(DataViewSchema schema, string name)
    {
        DataViewSchema.Column column = schema.Find(name, ColumnRule.Sequence);
        var type = (VectorDataViewType)column.Type;
        if (type.ItemType is KeyDataViewType key)
            return new SequenceColumn(column, StepFeatureKind.Tokens, NumberOfKeys(column, key));
        return new SequenceColumn(column, OneHotSteps.Are(column) ? StepFeatureKind.Tokens
            : StepFeatureKind.Frames, FeaturesPerStep(column, type));
    }

    /// <summary>The column as a trained model needs it.</summary>
    /// <param name="schema">The schema to find the column in.</param>
    /// <param name="name">The column's name.</param>
    /// <param name="input">What a step was in training.</param>
    /// <param name="inputSize">V or F in training.</param>
    /// <param name="trained">
    /// The type that the column had in training. Some of ML.NET's own parts drop the dimensions of a vector of fixed size: a flat
    /// one of the same size is taken for the same steps.
    /// </param>
    /// <exception cref="ArgumentOutOfRangeException">
    /// The column holds steps of another kind or size than the model was trained on.
    /// </exception>
    public static SequenceColumn Bind(DataViewSchema schema, string name, StepFeatureKind input, int inputSize,
        VectorDataViewType? trained = null)
    {
        SequenceColumn column = Bind(schema, name);
        if (column.IsFlat(trained))
            column = new SequenceColumn(column.Column, input, inputSize);
        column.RequireSteps(input, inputSize);
        return column;
    }

    /// <summary>Throws if the column's steps are not those that a model was trained on.</summary>
    /// <param name="input">What a step was in training.</param>
    /// <param name="inputSize">V or F in training.</param>
    /// <exception cref="ArgumentOutOfRangeException">They are of another kind or size.</exception>
    public void RequireSteps(StepFeatureKind input, int inputSize)
    {
        if (Input != input || InputSize != inputSize)
            throw new ArgumentOutOfRangeException(nameof(input),
                $"Column '{Column.Name}' holds {Words(Input, InputSize)}, but the model was " +
                $"trained on {Words(input, inputSize)}. Prepare the data with the transforms that were fitted for training.");
    }

    /// <summary>A column of words as a model reads it: by their parts.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is missing, or no vector of text.</exception>
    public static SequenceColumn BindWords(DataViewSchema schema, string name, IWordParts parts) =>
        new(schema.Find(name, ColumnRule.Words), StepFeatureKind.Tokens, parts.Count, parts);

    /// <summary>A column of words as a model reads it: by their shapes.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is missing, or no vector of text.</exception>
    public static SequenceColumn BindShapes(DataViewSchema schema, string name) =>
        new(schema.Find(name, ColumnRule.Words), StepFeatureKind.Tokens, WordShape.Count) { AreShapes = true };

    /// <summary>A column of texts as a model reads it, which cuts them itself.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is missing, or holds no texts.</exception>
    public static SequenceColumn BindText(DataViewSchema schema, string name, TextFeatures text) =>
        new(schema.Find(name, ColumnRule.SingleText), StepFeatureKind.Tokens, text.VocabularySize, text: text);

    public SequenceReader CreateReader(DataViewRow row) => Text is not null ? new TextReader(this, row)
        : Parts is not null ? new WordReader(this, row)
        : AreShapes ? new ShapeReader(this, row)
        : (Input, ((VectorDataViewType)Column.Type).ItemType.RawType) switch
        {
            (StepFeatureKind.Frames, _) => new FrameReader(this, row),
            (_, Type raw) when raw == typeof(byte) => new KeyReader<byte>(this, row),
            (_, Type raw) when raw == typeof(ushort) => new KeyReader<ushort>(this, row),
            (_, Type raw) when raw == typeof(uint) => new KeyReader<uint>(this, row),
            _ => new OneHotReader(this, row),
        };

    private bool IsFlat(VectorDataViewType? trained) =>
        Column.Type is VectorDataViewType { Dimensions: [> 0 and int size] } type &&
        trained is { Dimensions.Length: 2 } && trained.Size == size && type.ItemType == trained.ItemType;

    private static int NumberOfKeys(DataViewSchema.Column column, KeyDataViewType key) => key.Count <= int.MaxValue
        ? (int)key.Count
        : throw new ArgumentOutOfRangeException(nameof(column),
            Invariant($"Column '{column.Name}' has keys up to {key.Count}; at most {int.MaxValue} can be told apart. ") +
            "Make the keys with MapValueToKey or TokenizeIntoSequence.");

    /// <summary>F of [*, F] and [T, F]; 1 for plain numbers.</summary>
    private static int FeaturesPerStep(DataViewSchema.Column column, VectorDataViewType type) => type.Dimensions switch
    {
        [_] => 1,
        [_, > 0 and int features] => features,
        _ => throw new ArgumentOutOfRangeException(nameof(column),
            $"Column '{column.Name}' is {type}: the numbers of a step must be one fixed dimension, the last of two. " +
            "Give it dimensions [*, F] with ReshapeSequence."),
    };

    private static string Words(StepFeatureKind input, int size) =>
        input == StepFeatureKind.Tokens ? Invariant($"tokens of a vocabulary of {size}")
        : $"frames of {Counted.Of(size, "number")}";
}
