using Microsoft.ML;

namespace SequenceModels.Benchmarks.Accuracy;

/// <summary>Experiments with a tag for every word.</summary>
internal static class TaggingExperiments
{
    private static readonly TaggingOptions SlotOptions = new()
    {
        Bidirectional = true, HiddenSize = 128, EmbeddingSize = 100, Dropout = 0.5f, BatchSize = 32, LearningRate = 2e-3f,
        LearningRateSchedule = LearningRateSchedule.StepDecay(0.9f, 1), NumberOfEpochs = 8,
    };

    public static IReadOnlyList<Experiment> All { get; } =
    [
        new("snips-slots-words", 0.84,
            "words seen twice or more, bidirectional LSTM 128, embedding 100, dropout 0.5, softmax, batch 32, rate 2e-3 x 0.9 " +
            "an epoch, 8 epochs",
            "snips", (ml, folder) => Slots(ml, folder, SlotOptions, "Tokens"), "span F1"),
        new("snips-slots", 0.92,
            "as snips-slots-words, with characters (bidirectional LSTM 50), a CRF, word dropout 0.1, batch 16, 15 epochs",
            "snips",
            (ml, folder) => Slots(ml, folder, SlotOptions with
            {
                TagDecoding = TagDecoding.Crf, CharacterHiddenSize = 50, WordDropout = 0.1f, BatchSize = 16, NumberOfEpochs = 15,
            }, "Tokens", "Words"), "span F1"),
        new("danish-parts-of-speech", 0.92,
            "words seen twice or more (embedding 64) and characters (bidirectional LSTM 32), bidirectional LSTM 100, dropout " +
            "0.4, softmax, " +
            "batch 16, rate 2e-3 x 0.8 an epoch, 8 epochs", "ud-danish-pos", Danish),
    ];

    private static double Slots(MLContext ml, string folder, TaggingOptions options, params string[] features)
    {
        IDataView Load(string file) => TaggedText.Load(ml, Path.Combine(folder, file), words: 1, tags: 2);
        return Evaluate(ml, Load("snips-train.tsv.gz"), Load("snips-test.tsv"), options, features).F1Score!.Value;
    }

    private static double Danish(MLContext ml, string folder)
    {
        IDataView Load(string file) => TaggedText.Load(ml, Path.Combine(folder, file), words: 0, tags: 1);
        return Evaluate(ml, Load("da-ud-train.tsv"), Load("da-ud-test.tsv"), new()
        {
            Bidirectional = true, HiddenSize = 100, EmbeddingSize = 64, CharacterHiddenSize = 32, CharacterEmbeddingSize = 32,
                Dropout = 0.4f,
            BatchSize = 16, LearningRate = 2e-3f, LearningRateSchedule = LearningRateSchedule.StepDecay(0.8f, 1),
            NumberOfEpochs = 8,
        }, "Tokens", "Words").Accuracy;
    }

    private static TaggingMetrics Evaluate(MLContext ml, IDataView train, IDataView test, TaggingOptions options,
        params string[] features)
    {
        var model = ml.Transforms.Conversion.MapValueToKey("Label", "Tags")
            .Append(ml.Transforms.Text.TokenizeIntoSequence("Tokens", "Words", SequenceTokenization.Whitespace(minimumCount: 2)))
            .Append(ml.Sequences().Tagging.Trainers.Lstm("Label", features, options))
            .Fit(train);
        return ml.Sequences().Tagging.Evaluate(model.Transform(test));
    }
}
