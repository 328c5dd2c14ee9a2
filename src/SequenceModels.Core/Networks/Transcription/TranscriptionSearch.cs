using SequenceModels.Files;

namespace SequenceModels.Networks;

/// <summary>How a trained network looks for what was said, unless it is told otherwise.</summary>
internal sealed record TranscriptionSearch
{
    /// <summary>1: the likeliest output of each step.</summary>
    public int BeamSize { get; init; } = 1;

    /// <summary>Null: there is none.</summary>
    public TranscriptionLanguage? Language { get; init; }

    public float LanguageModelWeight { get; init; }

    public float LengthBonus { get; init; }

    /// <summary>The same with what options ask for.</summary>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range; the message names it.</exception>
    public TranscriptionSearch With(TranscribingOptions options)
    {
        options.Validate(BeamSize);
        return this with
        {
            BeamSize = options.BeamSize ?? BeamSize,
            LanguageModelWeight = options.LanguageModelWeight ?? LanguageModelWeight,
            LengthBonus = options.LengthBonus ?? LengthBonus,
        };
    }

    /// <summary>The same with a language model of 8-bit weights.</summary>
    public TranscriptionSearch WithEightBitWeights() => Language is null ? this
        : this with { Language = Language with { Network = Language.Network.WithEightBitWeights() } };

    public void Write(PayloadWriter writer)
    {
        writer.Write(BeamSize);
        writer.Write(LanguageModelWeight);
        writer.Write(LengthBonus);
        writer.WriteOptional(Language, (to, language) => language.Write(to));
    }

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    public static TranscriptionSearch Read(PayloadReader reader)
    {
        var search = new TranscriptionSearch
        {
            BeamSize = reader.ReadInt32("BeamSize", 1, 1_000),
            LanguageModelWeight = reader.ReadFinite("LanguageModelWeight"),
            LengthBonus = reader.ReadFinite("LengthBonus"),
            Language = reader.ReadBoolean() ? TranscriptionLanguage.Read(reader) : null,
        };
        return search.LanguageModelWeight >= 0 ? search : throw reader.Invalid("the weight of a language model is negative");
    }
}
