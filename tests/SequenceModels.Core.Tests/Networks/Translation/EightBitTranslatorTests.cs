using SequenceModels.Heads;
using SequenceModels.Networks;
using SequenceModels.Sequences;
using Xunit;

namespace SequenceModels.Tests.Networks;

/// <summary>Translators with 8-bit weights, of every attention.</summary>
public class EightBitTranslatorTests
{
    private const int SourceSize = 20, TargetSize = 30, HiddenSize = 36;

    [Theory]
    [InlineData(nameof(AttentionKind.General), false, false)]
    [InlineData(nameof(AttentionKind.General), true, true)]
    [InlineData(nameof(AttentionKind.Additive), true, false)]
    [InlineData(nameof(AttentionKind.Dot), false, true)]
    [InlineData(nameof(AttentionKind.None), false, false)]
    public void A_translation_is_nearly_as_likely_and_the_same_once_loaded(string attention, bool feeding, bool tied)
    {
        SequenceTranslator translator = Create(Enum.Parse<AttentionKind>(attention), feeding, tied),
            rounded = translator.WithEightBitWeights();
        Assert.True(rounded.HasEightBitWeights);
        Assert.False(translator.HasEightBitWeights);
        Assert.Same(rounded, rounded.WithEightBitWeights());
        using var file = new MemoryStream();
        rounded.Save(file);
        file.Position = 0;
        SequenceTranslator loaded = SequenceTranslator.Load(file);
        for (uint key = 1; key < SourceSize; key += 5)
        {
            uint[] source = [key, 3, key + 1];
            IReadOnlyList<TranslatedSequence> expected = translator.Translate(source), found = rounded.Translate(source),
                again = loaded.Translate(source);
            Assert.Equal(found[0].Tokens, again[0].Tokens);
            Assert.Equal(found[0].LogProbability, again[0].LogProbability);
            Assert.Equal(expected[0].LogProbability, found[0].LogProbability, -0.02 * expected[0].LogProbability);
            Assert.NotEqual(expected[0].LogProbability, found[0].LogProbability);
        }
    }

    private static SequenceTranslator Create(AttentionKind attention, bool feeding, bool tied)
    {
        var decoder = new DecoderSpec
        {
            VocabularySize = TargetSize, EmbeddingSize = HiddenSize, HiddenSize = HiddenSize, Attention = attention,
            InputFeeding = feeding,
        };
        var network = new TranslationNetwork(new TranslationSpec
        {
            Encoder = new EncoderSpec
            {
                Inputs = [StepFeature.Tokens(SourceSize, HiddenSize)], Cell = "LSTM", HiddenSize = HiddenSize,
                NumberOfLayers = 1, Bidirectional = attention != AttentionKind.Dot,
            },
            Decoder = decoder,
            Output = TranslationSpec.OutputOf(decoder, tied),
        }, FrameTransform.None, LabelTransform.None);
        network.Parameters.Allocate();
        network.Initialize(seed: 3);
        return new SequenceTranslator(network, new TranslationSearch { MaximumLength = 6 });
    }
}
