using SequenceModels.Training;

namespace SequenceModels;

/// <summary>
/// The shape of a network that reads raw texts and gives each one answer, and how it is trained. Immutable; change a copy with
/// <c>with</c>.
/// </summary>
/// <remarks>
/// <para>
/// The network reads a text in two ways at once: its tokens, one after the other, by recurrent layers; and its n-grams, whatever
/// their order, by a linear layer straight to the outputs: single words and pairs of neighbouring words, and runs of one to five
/// characters. Both are trained together. Few rows are learned from mainly by the n-grams, which also know parts of words that no
/// training row has.
/// </para>
/// <para>
/// The defaults differ from those of <see cref="SequenceTrainerOptions"/>, and were chosen on several sets of texts (short ones
/// and reviews, English and Korean, 250 to 20,000 rows), so that no option has to be set: <c>HiddenSize = 64</c>,
/// <c>Bidirectional = true</c>, <c>Pooling = Max</c>, <c>Dropout = 0.5</c>, <c>WordDropout = 0.1</c>,
/// <c>LearningRate = 0.002</c>, <c>LearningRateSchedule = Cosine(0.1)</c>, and by the number of rows 8 to 20 epochs.
/// </para>
/// <para>
/// Options of other inputs must stay as they are: those of frames (<c>FrameScaling</c>, <c>FrameStacking</c>), and of columns of
/// words (<c>CharacterHiddenSize</c>, <c>CharacterEmbeddingSize</c>, <c>SubwordEmbeddingSize</c>,
/// <c>NumberOfSubwordBuckets</c>). The n-grams of a text know the parts of its words.
/// </para>
/// <para>
/// Cheng et al., "Wide and Deep Learning for Recommender Systems", DLRS 2016; n-grams of characters: Bojanowski et al.,
/// "Enriching Word Vectors with Subword Information", TACL 5, 2017.
/// </para>
/// </remarks>
public record TextTrainerOptions : SequenceTrainerOptions
{
    private static readonly TrainingDefaults s_texts = new()
    {
        Dropout = 0.5f, LearningRate = 2e-3f, Updates = 1_000, Epochs = (8, 20),
    };

    /// <summary>What the options are that have no effect on texts.</summary>
    private static readonly SequenceTrainerOptions s_unset = new();

    /// <summary>The defaults of texts.</summary>
    public TextTrainerOptions()
    {
        HiddenSize = 64;
        Bidirectional = true;
        Pooling = SequencePooling.Max;
        Dropout = s_texts.Dropout;
        WordDropout = 0.1f;
        EmbeddingDeviation = 1;
        LearningRate = 2e-3f;
        LearningRateSchedule = LearningRateSchedule.Cosine(0.1f);
    }

    /// <summary>
    /// How texts are cut into the tokens that the recurrent layers read; Fit learns the tokens. Default null:
    /// <see cref="SequenceTokenization.Words"/>; or <see cref="SequenceTokenization.Characters"/> where nearly every word occurs
    /// a single time, as in texts without spaces between words and in lists of names.
    /// </summary>
    public SequenceTokenization? Tokenization { get; init; }

    /// <summary>
    /// How many n-grams are known at most, 0 to 16,777,216: those that occur in most different training texts, and in two at
    /// least. 0: none, the network reads tokens alone. Default 262,144. A model's file has a number for each of them and each
    /// class.
    /// </summary>
    public int MaximumNGrams { get; init; } = 1 << 18;

    /// <summary>
    /// What the loss that the recurrent layers alone would have counts in training, beside the loss of the whole network, at
    /// least 0. N-grams soon fit the training rows, and what they say already is not learned by the recurrent layers; a loss of
    /// their own makes these learn it too. No effect where there are no n-grams. Default 0.25.
    /// </summary>
    /// <remarks>Lee et al., "Deeply-Supervised Nets", AISTATS 2015.</remarks>
    public float AuxiliaryLossWeight { get; init; } = 0.25f;

    internal override TaskOptions TaskOptions => base.TaskOptions with { AuxiliaryLossWeight = AuxiliaryLossWeight };

    private protected override TrainingDefaults Defaults => s_texts;

    internal override void Validate()
    {
        base.Validate();
        Require(MaximumNGrams is >= 0 and <= 1 << 24, nameof(MaximumNGrams), MaximumNGrams,
            "between 0 and 16777216 (0 = no n-grams)");
        Require(AuxiliaryLossWeight >= 0 && float.IsFinite(AuxiliaryLossWeight), nameof(AuxiliaryLossWeight), AuxiliaryLossWeight,
            "at least 0");
        Tokenization?.Validated();
        RequireUnset(nameof(FrameScaling), FrameScaling, s_unset.FrameScaling, "texts");
        RequireUnset(nameof(FrameStacking), FrameStacking, s_unset.FrameStacking, "texts");
        RequireUnset(nameof(CharacterHiddenSize), CharacterHiddenSize, s_unset.CharacterHiddenSize, "texts");
        RequireUnset(nameof(CharacterEmbeddingSize), CharacterEmbeddingSize, s_unset.CharacterEmbeddingSize, "texts");
        RequireUnset(nameof(SubwordEmbeddingSize), SubwordEmbeddingSize, s_unset.SubwordEmbeddingSize, "texts");
        RequireUnset(nameof(NumberOfSubwordBuckets), NumberOfSubwordBuckets, s_unset.NumberOfSubwordBuckets, "texts");
    }
}
