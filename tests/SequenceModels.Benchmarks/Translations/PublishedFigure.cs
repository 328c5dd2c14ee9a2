namespace SequenceModels.Benchmarks.Translations;

/// <summary>What others have reached on the test rows.</summary>
/// <param name="Figure">What is measured.</param>
/// <param name="Value">In percent; of BLEU from 0 to 100.</param>
/// <param name="Model">Of what, and by whom.</param>
internal sealed record PublishedFigure(TranslationFigure Figure, double Value, string Model);

/// <summary>What is measured on a translation set.</summary>
internal enum TranslationFigure
{
    /// <summary>Share of rows that are not wholly right, in percent; of words into phonemes it is called WER.</summary>
    SequenceErrorRate,

    /// <summary>Share of rows that are wholly right, in percent.</summary>
    ExactMatch,

    /// <summary>BLEU of the tokens as they are (tok:none).</summary>
    Bleu,
}
