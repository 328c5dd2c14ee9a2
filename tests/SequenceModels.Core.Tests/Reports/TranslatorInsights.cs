using SequenceModels.Heads;
using SequenceModels.Networks;
using SequenceModels.Reports;
using SequenceModels.Sequences;
using SequenceModels.Training;

namespace SequenceModels.Tests.Reports;

/// <summary>Translators that nobody trained, measured on made-up rows.</summary>
internal static class TranslatorInsights
{
    public const int SourceSize = 6, TargetSize = 5;

    private static readonly TrainingEpoch[] s_history = [.. Enumerable.Range(1, 9).Select(i => Insights.Epoch(i)).Select(epoch =>
        epoch with
        {
            Validation = epoch.Validation! with { TokenErrorRate = 0.5 / epoch.Epoch, SequenceErrorRate = 1.0 / epoch.Epoch,
                Bleu = epoch.Epoch },
        })];

    public static SequenceTranslator Translator(AttentionKind attention)
    {
        var decoder = new DecoderSpec
        {
            VocabularySize = TargetSize, EmbeddingSize = 4, HiddenSize = 7, Attention = attention,
        };
        var network = new TranslationNetwork(new TranslationSpec
        {
            Encoder = new EncoderSpec
            {
                Inputs = [StepFeature.Tokens(SourceSize, 3)], Cell = "GRU", HiddenSize = 5, NumberOfLayers = 1,
                Bidirectional = true,
            },
            Decoder = decoder,
            Output = TranslationSpec.OutputOf(decoder, tied: false),
        }, FrameTransform.None, LabelTransform.None);
        network.Parameters.Allocate();
        network.Initialize(seed: 3);
        return new SequenceTranslator(network, new TranslationSearch { MaximumLength = 6 });
    }

    public static SequenceDataset Rows(SequenceTranslator translator, int count, int longest)
    {
        var random = new Random(4);
        var data = new SequenceDataset(translator.Network.Spec.Inputs, targets: rows => new SequenceTargets(rows, TargetSize));
        for (int i = 0; i < count; i++)
            data.Add([.. Enumerable.Range(0, i % (longest + 1)).Select(_ => (uint)random.Next(SourceSize + 1))],
                [.. Enumerable.Range(0, random.Next(6)).Select(_ => (float)random.Next(TargetSize + 1))]);
        return data;
    }

    public static (SequenceTranslator, TranslationInsight) Measure(AttentionKind attention = AttentionKind.General,
        int count = 60, int longest = 30, TranslationNames? names = null, int threads = 0)
    {
        SequenceTranslator translator = Translator(attention);
        var examples = Insights.Choose(Rows(translator, count, longest));
        names ??= new TranslationNames(key => $"s{key}", key => $"t{key}");
        return (translator, new TranslatorMeasurement(translator, examples, names).Measure(threads));
    }

    public static string Page(SequenceTranslator translator, TranslationInsight? insight) => TranslationReportPage.Render(
        translator.Network.Spec, translator.Network.Parameters.LogicalLength, insight is null ? [] : s_history, insight);
}
