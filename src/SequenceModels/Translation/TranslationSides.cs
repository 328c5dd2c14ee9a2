using Microsoft.ML;
using SequenceModels.Columns;
using SequenceModels.Networks;
using SequenceModels.Reports;
using SequenceModels.Text;
using SequenceModels.Trainers;

namespace SequenceModels.Translation;

/// <summary>Source and target of a translation, as the columns of the training rows tell.</summary>
/// <param name="Source">What the encoder reads.</param>
/// <param name="Saved">The source's column, as the model keeps it.</param>
/// <param name="TargetSize">V of the target.</param>
/// <param name="Names">Of its keys; null where they have no names.</param>
/// <param name="Joining">How its tokens become a text; null: the column does not tell.</param>
internal sealed record TranslationSides(InputColumns Source, SavedColumn Saved, int TargetSize, ClassNames? Names,
    Detokenization? Joining)
{
    /// <exception cref="ArgumentOutOfRangeException">A column has a type that does not fit.</exception>
    public static TranslationSides Of(DataViewSchema schema, TranslationColumns columns, TranslationOptions options)
    {
        SequenceColumn label = SequenceColumn.Bind(schema, columns.Label);
        ClassNames? names = ClassNames.Of(label.Column);
        return new TranslationSides(
            new InputColumns(SequenceColumn.Bind(schema, columns.Feature), options.EmbeddingSize),
            new SavedColumn(columns.Feature, schema[columns.Feature].Type), label.InputSize,
            names?.Count == label.InputSize ? names : null, Columns.TokenNames.JoiningOf(label.Column));
    }

    /// <summary>What a report calls the tokens of both.</summary>
    public TranslationNames TokenNames => new(
        Source.FirstTokens is { } tokens ? Columns.TokenNames.Of(tokens.TokenTexts) : key => Invariant($"#{key}"),
        Columns.TokenNames.Of(Names is null ? [] : Array.ConvertAll(Names.Texts, text => text.ToString())));

    /// <summary>The network that options and columns ask for.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is none.</exception>
    public TranslationSpec ShapeOf(string cell, TranslationOptions options)
    {
        var decoder = new DecoderSpec
        {
            VocabularySize = TargetSize,
            EmbeddingSize = options.EmbeddingSize,
            HiddenSize = options.DecoderSize,
            NumberOfLayers = options.NumberOfLayers,
            Attention = options.Attention,
            InputFeeding = options.InputFeeding,
        };
        var spec = new TranslationSpec
        {
            Encoder = new EncoderSpec
            {
                Inputs = Source.Inputs,
                Cell = cell,
                HiddenSize = options.HiddenSize,
                NumberOfLayers = options.NumberOfLayers,
                Bidirectional = options.Bidirectional,
            },
            Decoder = decoder,
            Output = TranslationSpec.OutputOf(decoder, options.TiedEmbeddings),
        };
        return spec.Validate() is { } contradiction
            ? throw new ArgumentOutOfRangeException(nameof(options), $"There is no such network: {contradiction}.") : spec;
    }

    /// <summary>What the model's keys stand for; those of an initial model where the columns do not tell.</summary>
    /// <param name="initial">The initial model; null: none.</param>
    /// <param name="spec">The shape that options and columns ask for.</param>
    /// <param name="columns">Their names.</param>
    /// <exception cref="ArgumentException">The initial model has another shape or vocabulary.</exception>
    public KeyFingerprints Continue(TranslationModelParameters? initial, TranslationSpec spec, TranslationColumns columns)
    {
        var keys = KeyFingerprints.From(Source, Names);
        if (initial is null)
            return keys;
        InitialModel.RequireShape(initial.Network.Network.Spec, spec);
        keys.RequireSame(initial.Names, [Source.All[0].Column], columns.Label);
        return keys.WithFallback(initial.Names);
    }

    /// <summary>The source's column of other rows, whose target must be the same too.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A column holds something else than in training.</exception>
    public InputColumns SourceIn(DataViewSchema schema, KeyFingerprints keys, TranslationColumns columns)
    {
        InputColumns source = SavedColumn.Bind(schema, [Saved], Source.Inputs, []);
        keys.RequireSame(source);
        SequenceColumn label = SequenceColumn.Bind(schema, columns.Label);
        if (label.InputSize != TargetSize)
            throw new ArgumentOutOfRangeException(nameof(schema),
                Invariant($"Column '{columns.Label}' has {label.InputSize} keys, where that of the training set has ") +
                Invariant($"{TargetSize}. Prepare both with the same fitted transforms."));
        ClassNames? names = ClassNames.Of(label.Column);
        keys.RequireSameClasses(columns.Label, names?.Count == TargetSize ? names : null);
        return source;
    }
}
