using SequenceModels.Heads;
using SequenceModels.Networks;
using SequenceModels.Sequences;
using SequenceModels.Tests.Networks;
using SequenceModels.Tests.Reference;
using SequenceModels.Training;

namespace SequenceModels.Tests.Training;

/// <summary>Small trainings of all kinds of networks, and how several ranks do one.</summary>
internal static class RankTrainings
{
    private static readonly NetworkShape s_steps = new()
    {
        Input = StepFeatureKind.Tokens, InputSize = 4, EmbeddingSize = 3, Cell = "LSTM", HiddenSize = 5, EveryStep = true,
        Head = HeadKind.Softmax, NumberOfOutputs = 4,
    };

    /// <summary>By name; each has batches of four shards and one that is smaller.</summary>
    public static IReadOnlyDictionary<string, TrainingJob> All { get; } = Make();

    /// <summary>The network's bytes, the same on all ranks, after a training by so many of them.</summary>
    public static byte[] Train(TrainingJob job, int ranks, int threads = 1)
    {
        byte[][] networks = ThreadGroup.Run(ranks, group => Bytes(Trainer.Train(job.On(group, threads)).Trained));
        foreach (byte[] network in networks)
            if (!network.AsSpan().SequenceEqual(networks[0]))
                throw new InvalidOperationException("The ranks have different networks.");
        return networks[0];
    }

    public static byte[] Bytes(Network network)
    {
        using var stream = new MemoryStream();
        NetworkFile.Write(network, stream);
        return stream.ToArray();
    }

    /// <summary>The job on one of the ranks.</summary>
    public static TrainingJob On(this TrainingJob job, IProcessGroup group, int threads = 1) =>
        job with { Options = job.Options with { Distribution = group, NumberOfThreads = threads } };

    private static Dictionary<string, TrainingJob> Make()
    {
        var all = Trainings.All.Where(each => !Trainings.Optimizers.Keys.Any(each.Key.StartsWith))
            .ToDictionary(each => each.Key, each => each.Value.With(o => o with { BatchSize = 40 }));
        all.Add("RMSProp with momentum", Trainings.All["RMSProp with momentum, plateau"].With(o => o with { BatchSize = 40 }));
        all.Add("batches of two shards", Trainings.All["validation rows of their own"]);
        List<Example> words = LearningTasks.LastTokenWins(90, seed: 3);
        SequenceTrainerOptions options =
            Plain.Options with { NumberOfEpochs = 2, BatchSize = 40, LearningRate = 0.01f, Dropout = 0.2f };
        all.Add("tags of a CRF", Job(s_steps with { Head = HeadKind.Crf, Bidirectional = true }, options,
            words.Select(e => e with { StepLabels = [.. e.Tokens!.Select(token => token - 1f)] })));
        all.Add("transcription", Job(s_steps with { Head = HeadKind.Ctc, NumberOfOutputs = 5 }, options,
            words.Select(e => e with { StepLabels = [.. e.Tokens!.Take(2).Select(token => (float)token)] })));
        foreach (int steps in new[] { 0, 3 })
            all.Add($"a language model, {steps} steps at a time", LanguageModel(steps, tied: steps == 0));
        foreach (bool feeding in new[] { false, true })
            all.Add($"translation, {(feeding ? "input feeding" : "attention at once")}", Translation(feeding));
        all.Add("a large table, whose rows wait", Job(
            s_steps with { EveryStep = false, InputSize = 3_000, EmbeddingSize = 48 }, options, words.Select((e, row) => e with
            {
                Tokens = [.. e.Tokens!.Select((token, step) => 1 + (uint)(token * 701 + row * 31 + step * 7) % 2_999)],
            })));
        NetworkShape features = s_steps with
        {
            EveryStep = false,
            Bidirectional = true,
            Features =
                [StepFeature.Characters(4, 3, 5), StepFeature.Tokens(4, 3), StepFeature.Frames(2), StepFeature.Subwords(6, 3)],
        };
        all.Add("features of all kinds", Job(features, options with { WordDropout = 0.1f, FrameScaling = FrameScaling.Standard },
            words.Select((e, row) => e with { Features = Layers.GradientCheck.FurtherValues(features, e.Tokens!.Length, row) })));
        return all;
    }

    private static TrainingJob Job(NetworkShape shape, SequenceTrainerOptions options, IEnumerable<Example> examples) =>
        new() { Spec = shape, Data = LearningTasks.Dataset(shape, examples), Options = options, Seed = 1 };

    private static TrainingJob LanguageModel(int steps, bool tied)
    {
        var data = new SequenceDataset([StepFeature.Tokens(4, 0)], targets: data => new NextStepTargets(data));
        foreach (Example example in LearningTasks.LastTokenWins(90, seed: 3))
            data.Add(example.Tokens!, labels: []);
        return new TrainingJob
        {
            Spec = s_steps with { NumberOfLayers = 2, NumberOfOutputs = 5, TiedEmbeddings = tied, HiddenSize = tied ? 3 : 5 },
            Data = data,
            Seed = 1,
            Options = new LanguageModelOptions
            {
                NumberOfEpochs = 2, BatchSize = 40, TruncatedBackpropagationSteps = steps, AverageWeights = 0.9f,
            },
        };
    }

    private static TrainingJob Translation(bool feeding)
    {
        var random = new Random(1);
        uint[] Tokens(int most, int size) => [.. Enumerable.Range(0, random.Next(most)).Select(_ => (uint)random.Next(size + 1))];
        TranslationSpec spec = TranslationGradientTests.Spec("GRU", AttentionKind.General, feeding, layers: 1,
            bidirectional: true, tied: false);
        return new TrainingJob
        {
            Spec = spec,
            Seed = 3,
            Data = TranslationRun.Dataset(spec, Enumerable.Range(0, 90).Select(_ =>
                new TranslationExample(Tokens(9, 4), Tokens(7, 3), 0.5f + random.NextSingle()))),
            Options = new TranslationOptions
            {
                HiddenSize = 3, EmbeddingSize = 3, NumberOfEpochs = 2, BatchSize = 40, RecurrentDropout = 0.1f,
                ValidationFraction = 0.2,
            },
        };
    }
}
