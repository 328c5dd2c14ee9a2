namespace SequenceModels.Benchmarks.Peers;

/// <summary>Every workload that is compared.</summary>
internal static class Workloads
{
    private static readonly Workload Characters = new("C1-LSTM", "characters, LSTM 128, 50 steps, batch 50",
        "LSTM", StepInput.OneHot, 65, 0, 128, 1, false, 50, 50, OutputKind.ClassPerStep, 65);

    private static readonly Workload Sentiment = new("C3", "sentiment, 20,000 words, LSTM 128, 200 steps, batch 32",
        "LSTM", StepInput.Embedding, 20_000, 100, 128, 1, false, 200, 32, OutputKind.Binary, 1);

    private static readonly Workload Series = new("C4", "time series, LSTM 64, 60 steps, batch 32",
        "LSTM", StepInput.Frame, 1, 0, 64, 1, false, 60, 32, OutputKind.Number, 1);

    private static readonly Workload Tagger = new("C5", "tagger, 10,000 words, bidirectional LSTM 100, 20 steps, batch 16",
        "LSTM", StepInput.Embedding, 10_000, 100, 100, 1, true, 20, 16, OutputKind.ClassPerStep, 128);

    private static readonly Workload Translator = new("C9",
        "translation, 10,000 words each, bidirectional LSTM 256, LSTM 256 with attention, 20 steps into 20, batch 64",
        "LSTM", StepInput.Embedding, 10_000, 256, 256, 1, true, 20, 64, OutputKind.ClassPerStep, 10_000)
    {
        Translation = new TranslationShape(Steps: 20, Vocabulary: 10_000, EmbeddingSize: 256, HiddenSize: 256, BeamSize: 1),
    };

    private static readonly Workload Beams = Translator with
    {
        Name = "C9-beam",
        Title = "the same with 4 beams",
        Batch = 1_000,
        Translation = Translator.Translation! with { BeamSize = 4 },
    };

    private static readonly Workload Transcriber = new("C10",
        "transcription, frames of 120 numbers, two bidirectional LSTM 160, 100 steps, 20 tokens of 28, batch 16",
        "LSTM", StepInput.Frame, 120, 0, 160, 2, true, 100, 16, OutputKind.Tokens, 29);

    public static IReadOnlyList<Workload> Training { get; } =
    [
        Characters,
        Characters with { Name = "C1-GRU", Title = "characters, GRU 128, 50 steps, batch 50", Cell = "GRU" },
        Characters with { Name = "C1-RNN", Title = "characters, RNN 128, 50 steps, batch 50", Cell = "RNN" },
        TwoLayers(128), TwoLayers(256), TwoLayers(512),
        Sentiment,
        Sentiment with { Name = "C3-text", Title = "the same, with words as frequent as in text", WordsOfText = true },
        Series,
        Tagger,
        Tagger with { Name = "C5-120", Title = "the same, 120 tags", Outputs = 120 },
        Tagger with { Name = "C5-CRF", Title = "the same, 120 tags and a CRF", Outputs = 120, Output = OutputKind.ClassChain },
        new("C6", "language model, 10,000 words, two LSTM 200, 20 steps, batch 20",
            "LSTM", StepInput.Embedding, 10_000, 200, 200, 2, false, 20, 20, OutputKind.ClassPerStep, 10_000),
        Translator,
        Transcriber,
    ];

    /// <summary>
    /// What networks score that read a sequence and answer; each is measured with floats and with 8-bit weights.
    /// </summary>
    private static IReadOnlyList<Workload> OneNetwork =>
    [
        Characters with { Name = "C7-step", Title = "characters, one more step of one sequence", Steps = 1, Batch = 1,
            Streaming = true },
        Characters with { Name = "C7-C1", Title = "characters, one sequence of 50", Batch = 1 },
        Sentiment with { Name = "C7-C3", Title = "sentiment, one sequence of 200", Batch = 1 },
        Series with { Name = "C7-C4", Title = "time series, one sequence of 60", Batch = 1 },
        Characters with { Name = "C8-C1-32", Title = "characters, 32 sequences of 50", Batch = 32 },
        Sentiment with { Name = "C8-C3-32", Title = "sentiment, 32 sequences of 200", Batch = 32 },
        Sentiment with { Name = "C8-C3-256", Title = "sentiment, 256 sequences of 200", Batch = 256 },
        Series with { Name = "C8-C4-32", Title = "time series, 32 sequences of 60", Batch = 32 },
    ];

    public static IReadOnlyList<Workload> Scoring { get; } =
    [
        .. OneNetwork.SelectMany(workload => (Workload[])[workload, workload with
        {
            Name = workload.Name + "-8bit",
            Title = "the same, ours with 8-bit weights",
            EightBit = true,
        }]),
        Translator with { Name = "C9-greedy", Title = "translating 1,000 sentences of 20 words into 20", Batch = 1_000 },
        Beams,
        Beams with { Name = "C9-beam-8bit", Title = "the same, ours with 8-bit weights", EightBit = true },
    ];

    /// <summary>The training workloads that shorter comparisons use.</summary>
    public static IReadOnlyList<Workload> Basic { get; } = [Characters, Sentiment, Series];

    public static Workload Find(string name) => Training.Concat(Scoring).First(w => w.Name == name);

    private static Workload TwoLayers(int hidden) => Characters with
    {
        Name = $"C2-2x{hidden}",
        Title = $"characters, two LSTM {hidden}, 50 steps, batch 50",
        HiddenSize = hidden,
        Layers = 2,
    };
}
