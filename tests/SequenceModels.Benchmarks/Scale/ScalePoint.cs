using SequenceModels.Heads;
using SequenceModels.Networks;
using SequenceModels.Sequences;
using SequenceModels.Training;

namespace SequenceModels.Benchmarks.Scale;

/// <summary>The size of one training: an LSTM that reads made-up sequences of equal length twice, in batches of 32.</summary>
/// <param name="Rows">Sequences.</param>
/// <param name="Steps">Tokens in each.</param>
/// <param name="Hidden">H.</param>
/// <param name="Threads">Threads that train; 0 leaves it to the trainer.</param>
/// <param name="Memory">Bytes of rows in memory; the rest is in a temporary file.</param>
/// <param name="Vocabulary">V, different tokens.</param>
/// <param name="IsLanguageModel">Whether each step has one of V outputs for its label; else each row has one of two.</param>
internal sealed record ScalePoint(int Rows, int Steps, int Hidden, int Threads = 0, long Memory = long.MaxValue,
    int Vocabulary = ScalePoint.DefaultVocabulary, bool IsLanguageModel = false)
{
    public const int BatchSize = 32, DefaultVocabulary = 10_000, DefaultEmbeddingSize = 64;

    private int EmbeddingSize => IsLanguageModel ? Hidden : DefaultEmbeddingSize;

    public long Tokens => (long)Rows * Steps;

    /// <summary>What weights, and two numbers for each that Adam keeps, take.</summary>
    public double MegabytesOfState
    {
        get
        {
            var network = new EncoderNetwork(Network, FrameTransform.None, LabelTransform.None);
            return 3.0 * sizeof(float) * network.Parameters.LogicalLength / 1e6;
        }
    }

    public IEnumerable<string> Words =>
    [
        "--rows", $"{Rows}", "--steps", $"{Steps}", "--hidden", $"{Hidden}", "--threads", $"{Threads}", "--memory", $"{Memory}",
        "--vocabulary", $"{Vocabulary}", .. IsLanguageModel ? ["--language-model"] : Array.Empty<string>(),
    ];

    public static ScalePoint Read(Arguments arguments)
    {
        string Text(string option) => arguments.Text(option) ?? throw new ArgumentException($"{option} is missing.");
        int Size(string option) => int.Parse(Text(option));
        return new ScalePoint(Size("--rows"), Size("--steps"), Size("--hidden"), Size("--threads"), long.Parse(Text("--memory")),
            Size("--vocabulary"), arguments.Flag("--language-model"));
    }

    /// <summary>Tokens that occur alike often, and labels by chance.</summary>
    public SequenceDataset MakeUp()
    {
        var random = new Random(1);
        var data = new SequenceDataset([StepFeature.Tokens(Vocabulary, 0)], Memory,
            targets: IsLanguageModel ? rows => new StepTargets(rows) : null);
        uint[] tokens = new uint[Steps];
        for (int row = 0; row < Rows; row++)
        {
            foreach (ref uint token in tokens.AsSpan())
                token = (uint)random.Next(Vocabulary) + 1;
            if (IsLanguageModel)
                data.Add(tokens, [.. tokens.Select(_ => (float)random.Next(Vocabulary))]);
            else
                data.Add(tokens, label: random.Next(2));
        }
        return data;
    }

    /// <summary>Trains two passes.</summary>
    /// <returns>How long the second one took.</returns>
    public TimeSpan Train(SequenceDataset data)
    {
        TrainingResult result = Trainer.Train(new TrainingJob
        {
            Spec = Network,
            Data = data,
            Options = new SequenceTrainerOptions
            {
                BatchSize = BatchSize, NumberOfEpochs = 2, NumberOfThreads = Threads, Dropout = 0, WordDropout = 0,
            },
            Seed = 1,
        });
        return result.History[^1].Duration;
    }

    private EncoderNetworkSpec Network => new()
    {
        Encoder = new EncoderSpec { Inputs = [StepFeature.Tokens(Vocabulary, EmbeddingSize)], Cell = "LSTM", HiddenSize = Hidden },
        Output = IsLanguageModel
            ? new OutputSpec { Head = HeadKind.Softmax, NumberOfOutputs = Vocabulary, EveryStep = true }
            : new OutputSpec { Head = HeadKind.Sigmoid, NumberOfOutputs = 1 },
    };
}
