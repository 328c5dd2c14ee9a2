using SequenceModels.Files;

namespace SequenceModels.Networks;

/// <summary>How a trained network looks for translations, unless it is told otherwise.</summary>
internal sealed record TranslationSearch
{
    /// <summary>Tokens that a translation may have however short its source is.</summary>
    private const int LeastMaximum = 10;

    /// <summary>Tokens that one has at most, unless MaximumLength says so: a network may go round in circles.</summary>
    private const int LargestMaximum = 1 << 16;

    /// <summary>Hypotheses of which a step reads the weights of a large output layer once for many.</summary>
    private const int ManyHypotheses = 256;

    /// <summary>How much longer than any of the training rows a translation may be, measured by its source.</summary>
    private const double Allowance = 1.5;

    public int BeamSize { get; init; } = 4;

    public float LengthPenalty { get; init; } = 0.6f;

    public float CoveragePenalty { get; init; }

    /// <summary>Tokens at most; 0: by the length of the source.</summary>
    public int MaximumLength { get; init; }

    public bool ReplaceUnknown { get; init; }

    /// <summary>r: the largest number of tokens to a step of the source that a training row had.</summary>
    public float LargestRatio { get; init; } = 1;

    /// <summary>
    /// How many sources are best searched together: many, for the weights of the output layer are read anew at each step; not so
    /// many that other threads have nothing to do, or that their probabilities fill the cache.
    /// </summary>
    public int SourcesAtOnce => Math.Clamp(ManyHypotheses / BeamSize, 32, 64);

    /// <summary>How many tokens a translation has at most.</summary>
    /// <param name="sourceSteps">S.</param>
    public int MostTokens(int sourceSteps) => MaximumLength > 0 ? MaximumLength
        : (int)Math.Clamp(Math.Ceiling(Allowance * LargestRatio * sourceSteps), LeastMaximum, LargestMaximum);

    /// <summary>What a search is told.</summary>
    /// <param name="answers">How many translations are wanted.</param>
    public SearchSettings SettingsFor(int answers) => new(BeamSize, LengthPenalty, CoveragePenalty, answers, ReplaceUnknown);

    /// <summary>The same with what options ask for.</summary>
    /// <param name="options">Valid, or refused.</param>
    /// <param name="spec">Of the network.</param>
    public TranslationSearch With(TranslatingOptions options, TranslationSpec spec)
    {
        options.Validate(BeamSize, attends: spec.Decoder.Attention != AttentionKind.None);
        return this with
        {
            BeamSize = options.BeamSize ?? BeamSize,
            LengthPenalty = options.LengthPenalty ?? LengthPenalty,
            CoveragePenalty = options.CoveragePenalty ?? CoveragePenalty,
            MaximumLength = options.MaximumLength ?? MaximumLength,
            ReplaceUnknown = options.ReplaceUnknown ?? ReplaceUnknown,
        };
    }

    public void Write(PayloadWriter writer)
    {
        writer.Write(BeamSize);
        writer.Write(LengthPenalty);
        writer.Write(CoveragePenalty);
        writer.Write(MaximumLength);
        writer.Write(ReplaceUnknown);
        writer.Write(LargestRatio);
    }

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    public static TranslationSearch Read(PayloadReader reader)
    {
        var search = new TranslationSearch
        {
            BeamSize = reader.ReadInt32("BeamSize", 1, 1_000),
            LengthPenalty = reader.ReadFinite("LengthPenalty"),
            CoveragePenalty = reader.ReadFinite("CoveragePenalty"),
            MaximumLength = reader.ReadInt32("MaximumLength", 0, int.MaxValue),
            ReplaceUnknown = reader.ReadBoolean(),
            LargestRatio = reader.ReadFinite("the ratio of lengths"),
        };
        return search is { LengthPenalty: >= 0, CoveragePenalty: >= 0, LargestRatio: >= 0 } ? search
            : throw reader.Invalid("a penalty or a ratio of lengths is negative");
    }
}
