using Microsoft.ML;
using SequenceModels.Columns;
using SequenceModels.Networks;
using SequenceModels.Text;
using SequenceModels.Trainers;

namespace SequenceModels.Transcription;

/// <summary>The label column: its tokens, and what is known of their texts.</summary>
/// <param name="Classes">The tokens.</param>
/// <param name="Joining">How they become a text; null: the column does not tell.</param>
internal sealed record TranscriptionLabel(LabelClasses Classes, Detokenization? Joining)
{
    public static TranscriptionLabel Of(DataViewSchema schema, string column) =>
        new(LabelClasses.From(schema, column), TokenNames.JoiningOf(schema[column]));

    /// <summary>So many of the first keys are no text.</summary>
    public int SpecialTokens => Joining?.SpecialTokens ?? 0;

    /// <summary>What an output of a step stands for.</summary>
    public string TextOf(int output) => output == 0 ? "blank" : Classes.Names?.TextOf(output - 1) ?? Invariant($"#{output}");

    /// <summary>How a network with these tokens looks for what was said.</summary>
    /// <exception cref="ArgumentException">The language model is none over the same tokens.</exception>
    public TranscriptionSearch SearchOf(TranscriptionOptions options) => new()
    {
        BeamSize = options.BeamSize,
        Language = options.LanguageModel is null ? null : LanguageOf(options.LanguageModel, options),
        LanguageModelWeight = options.LanguageModelWeight,
        LengthBonus = options.LengthBonus,
    };

    private TranscriptionLanguage LanguageOf(LanguageModelTransformer model, TranscriptionOptions options)
    {
        SequenceNetwork network = model.Model.Network;
        string? misfit = TranscriptionLanguage.Misfit(network, Classes.Count);
        if (misfit is null && Classes.Names is { } names && model.Tokens.Length > 0 &&
            !model.Tokens.SequenceEqual(names.Texts.Select(text => text.ToString())))
            misfit = "its keys stand for other texts";
        if (misfit is not null)
            throw new ArgumentException($"{options.NameOf(nameof(options.LanguageModel))} does not fit column " +
                Invariant($"'{Classes.Column}', which has {Counted.Of(Classes.Count, "token")}: {misfit}. Train it on the ") +
                "column that the label is, made by the same fitted transforms.", nameof(options));
        int special = model.Detokenization?.SpecialTokens ?? 0;
        uint start = special > 0 && model.Tokens is [Vocabulary.StartText, ..] ? 1u : 0;
        return new TranscriptionLanguage(network, start, special > start ? start + 1 : 0);
    }
}
