using SequenceModels.Heads;
using SequenceModels.Layers;
using SequenceModels.Networks;
using SequenceModels.Sequences;
using SequenceModels.Tests.Reference;
using SequenceModels.Training;
using Xunit;

namespace SequenceModels.Tests.Training;

/// <summary>
/// Small trainings, each with something that a checkpoint must keep, and what it takes to stop and compare them.
/// </summary>
internal static class Trainings
{
    public const int Epochs = 5;

    private static readonly SequenceTrainerOptions s_options = Plain.Options with
    {
        NumberOfEpochs = Epochs,
        BatchSize = 16,
        LearningRate = 0.05f,
        ValidationFraction = 0.25,
        NumberOfThreads = 1,
    };

    private static readonly NetworkShape s_words = new()
    {
        Input = StepFeatureKind.Tokens, InputSize = 4, EmbeddingSize = 5, Cell = "LSTM", HiddenSize = 6, Head = HeadKind.Softmax,
        NumberOfOutputs = 4,
    };

    private static readonly NetworkShape s_frames = new()
    {
        Input = StepFeatureKind.Frames, InputSize = 2, Cell = "GRU", HiddenSize = 6, Head = HeadKind.Regression,
        NumberOfOutputs = 1,
    };

    public static IReadOnlyDictionary<string, SequenceOptimizer> Optimizers { get; } = new Dictionary<string, SequenceOptimizer>
    {
        ["Adam"] = SequenceOptimizer.Adam(),
        ["AdamW"] = SequenceOptimizer.AdamW(weightDecay: 0.1f),
        ["RMSProp"] = SequenceOptimizer.RmsProp(),
        ["RMSProp with momentum"] = SequenceOptimizer.RmsProp(momentum: 0.5f),
        ["SGD, Nesterov"] = SequenceOptimizer.Sgd(nesterov: true),
    };

    public static IReadOnlyDictionary<string, LearningRateSchedule> Schedules { get; } =
        new Dictionary<string, LearningRateSchedule>
        {
            ["constant"] = LearningRateSchedule.Constant,
            ["step decay"] = LearningRateSchedule.StepDecay(0.7f, afterEpoch: 2),
            ["cosine"] = LearningRateSchedule.Cosine(warmupFraction: 0.3f),
            ["plateau"] = LearningRateSchedule.ReduceOnPlateau(0.6f, patience: 0),
        };

    /// <summary>All of them by name.</summary>
    public static IReadOnlyDictionary<string, TrainingJob> All { get; } = Make();

    /// <summary>Labels that nothing tells apart, at a rate that is too large: losses go up and down.</summary>
    public static TrainingJob Restless =>
        Job(s_words, Shuffled(LearningTasks.LastTokenWins(60, seed: 3)), s_options with { LearningRate = 0.2f });

    /// <summary>
    /// One that <see cref="TrainingJob.OnEpoch"/> ends, as if its process had gone just after the epoch's checkpoint was written.
    /// </summary>
    public static TrainingJob StoppedAfter(this TrainingJob job, int epoch) => job with
    {
        OnEpoch = done =>
        {
            if (done.Epoch == epoch)
                throw new OperationCanceledException();
        },
    };

    /// <summary>One that is cancelled when it asks for the n-th time: before a batch, or within validation.</summary>
    public static TrainingJob StoppedAt(this TrainingJob job, int question)
    {
        int asked = 0;
        return job with { IsCanceled = () => ++asked == question };
    }

    public static TrainingJob With(this TrainingJob job, Func<SequenceTrainerOptions, SequenceTrainerOptions> change) =>
        job with { Options = change((SequenceTrainerOptions)job.Options) };

    public static TrainingJob KeptIn(this TrainingJob job, string path) =>
        job.With(options => options with { CheckpointPath = path });

    public static void Stop(TrainingJob job) => Assert.Throws<OperationCanceledException>(() => Trainer.Train(job));

    public static byte[] Bytes(SequenceNetwork network)
    {
        using var stream = new MemoryStream();
        network.Save(stream);
        return stream.ToArray();
    }

    /// <summary>The epochs without what a clock has measured.</summary>
    public static IEnumerable<TrainingEpoch> Timeless(IEnumerable<TrainingEpoch> history) =>
        history.Select(epoch => epoch with { Duration = default, StepsPerSecond = 0 });

    public static void AssertSame(TrainingResult expected, TrainingResult actual)
    {
        Assert.Equal(Timeless(expected.History), Timeless(actual.History));
        Assert.Equal(Bytes(expected.Network), Bytes(actual.Network));
    }

    private static Dictionary<string, TrainingJob> Make()
    {
        List<Example> words = LearningTasks.LastTokenWins(60, seed: 3), frames = LearningTasks.Adding(60, seed: 3);
        List<Example> steps =
            [.. words.Select(e => e with { Label = float.NaN, StepLabels = [.. e.Tokens!.Select(token => token - 1f)] })];
        TrainingJob job = Job(s_words, words, s_options);
        var all = new Dictionary<string, TrainingJob>
        {
            ["no validation"] = job.With(o => o with { ValidationFraction = 0 }),
            ["validation rows of their own"] =
                job with { Validation = LearningTasks.Dataset(s_words, LearningTasks.LastTokenWins(30, seed: 4)) },
            ["early stopping"] =
                Restless.With(o => o with { LearningRate = 0.02f, NumberOfEpochs = 30, EarlyStoppingPatience = 2 }),
            ["early stopping by accuracy"] = Restless.With(o => o with
            {
                LearningRate = 0.02f,
                NumberOfEpochs = 30,
                EarlyStoppingPatience = 3,
                SelectBy = TrainingSelection.Accuracy,
                LearningRateSchedule = LearningRateSchedule.ReduceOnPlateau(0.6f, patience: 0),
            }),
            ["best of all epochs"] = Restless.With(o => o with { EarlyStoppingPatience = 100 }),
            ["dropout of all kinds"] = job.With(o => o with
            {
                Dropout = 0.3f,
                RecurrentDropout = 0.2f,
                WordDropout = 0.1f,
                LabelSmoothing = 0.1f,
                ClassWeights = ClassWeights.Balanced,
            }),
            ["averaged weights, no validation"] = job.With(o => o with { AverageWeights = 0.9f, ValidationFraction = 0 }),
            ["averaged weights, best of all epochs"] =
                Restless.With(o => o with { AverageWeights = 0.8f, EarlyStoppingPatience = 100 }),
            ["averaged weights of a table that is updated lazily"] = Job(s_words with { RowFeatureSize = 40 },
                [.. words.Select((example, row) => example with { RowFeatures = Slots(row) })],
                s_options with { AverageWeights = 0.9f }),
            ["truncated backpropagation"] = job.With(o => o with { TruncatedBackpropagationSteps = 3 }),
            ["an output for every step, in pieces"] = Job(s_words with { Cell = "GRU", EveryStep = true }, steps,
                s_options with { TruncatedBackpropagationSteps = 3, Dropout = 0.2f }),
            ["one-hot, two layers, both directions"] = Job(s_words with
            {
                EmbeddingSize = 0,
                Cell = "RNN",
                NumberOfLayers = 2,
                Bidirectional = true,
                Pooling = SequencePooling.Mean,
            }, words, s_options),
            ["regression of scaled frames"] = Job(s_frames, frames, s_options with { FrameScaling = FrameScaling.Standard }),
            ["two classes"] =
                Job(s_words with { Head = HeadKind.Sigmoid, NumberOfOutputs = 1 }, LearningTasks.Parity(60, seed: 3), s_options),
            ["from an initial model"] = job with { Initial = Trainer.Train(job with { Seed = 5 }).Trained },
        };
        foreach ((string optimizer, SequenceOptimizer rule) in Optimizers)
            foreach ((string schedule, LearningRateSchedule rates) in Schedules)
                all.Add($"{optimizer}, {schedule}",
                    Restless.With(o => o with { Optimizer = rule, LearningRateSchedule = rates }));
        return all;
    }

    private static TrainingJob Job(NetworkShape spec, List<Example> examples, SequenceTrainerOptions options) =>
        new() { Spec = spec, Data = LearningTasks.Dataset(spec, examples), Options = options, Seed = 1 };

    /// <summary>Two numbers of forty: a slot is not in every batch.</summary>
    private static float[] Slots(int row)
    {
        float[] slots = new float[40];
        (slots[row % 40], slots[row * 7 % 40]) = (1, 0.5f);
        return slots;
    }

    private static List<Example> Shuffled(List<Example> examples)
    {
        float[] labels = [.. examples.Select(example => example.Label)];
        new Random(1).Shuffle(labels);
        return [.. examples.Zip(labels, (example, label) => example with { Label = label })];
    }
}
