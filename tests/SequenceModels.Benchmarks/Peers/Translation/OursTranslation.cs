using SequenceModels.Heads;
using SequenceModels.Layers;
using SequenceModels.Networks;
using SequenceModels.Sequences;

namespace SequenceModels.Benchmarks.Peers;

/// <summary>A translating network of SequenceModels with its first weights, and rows for it.</summary>
internal static class OursTranslation
{
    public static TranslationNetwork Network(Workload workload)
    {
        TranslationShape shape = workload.Translation!;
        var decoder = new DecoderSpec
        {
            VocabularySize = Keys(shape),
            EmbeddingSize = shape.EmbeddingSize,
            HiddenSize = shape.HiddenSize,
            Attention = AttentionKind.General,
        };
        var network = new TranslationNetwork(new TranslationSpec
        {
            Encoder = Ours.Encoder(workload),
            Decoder = decoder,
            Output = TranslationSpec.OutputOf(decoder, tied: false),
        }, FrameTransform.None, LabelTransform.None);
        network.Parameters.Allocate();
        network.Initialize(seed: 1);
        return workload.EightBit ? (TranslationNetwork)network.WithEightBitWeights() : network;
    }

    /// <summary>Random sources with random targets.</summary>
    public static SequenceDataset Batch(Workload workload)
    {
        TranslationShape shape = workload.Translation!;
        var random = new Random(1);
        var data = new SequenceDataset(Ours.Encoder(workload).Inputs, targets: rows => new SequenceTargets(rows, Keys(shape)));
        long[] drawn = workload.DrawTokens();
        for (int sequence = 0; sequence < workload.Batch; sequence++)
            data.Add(
                [.. Enumerable.Range(0, workload.Steps).Select(step => (uint)drawn[step * workload.Batch + sequence] + 1)],
                [.. Enumerable.Range(1, shape.Steps - 1).Select(_ => (float)random.Next(1, Keys(shape) + 1))]);
        return data;
    }

    /// <summary>Tokens without the unknown one and the end.</summary>
    private static int Keys(TranslationShape shape) => shape.Vocabulary - 2;
}
