using SequenceModels.Heads;
using SequenceModels.Kernels;
using SequenceModels.Layers;
using SequenceModels.Networks;
using SequenceModels.Sequences;
using SequenceModels.Tests.Reference;
using SequenceModels.Training;
using Xunit;

namespace SequenceModels.Tests.Training;

/// <summary>Rows of tables that wait with updates in which they have no gradient end up with the same bits.</summary>
public class DeferredRowsTests
{
    private const int Vocabulary = 90, Batch = 8;

    public static TheoryData<string> Optimizers => ["adam", "adamw", "rmsprop", "momentum", "nesterov"];

    [Theory]
    [MemberData(nameof(Optimizers))]
    public void Weights_and_sums_are_those_of_rows_that_do_not_wait(string optimizer)
    {
        foreach (bool oneHot in new[] { false, true })
            foreach (int pieces in new[] { 0, 3 })
            {
                SequenceTrainerOptions options = Options(optimizer) with { TruncatedBackpropagationSteps = pieces };
                using SequenceDataset data = Data(Feature(oneHot), 200);
                float[] waiting = Train(data, options, oneHot, 0, updates: 300);
                Assert.Equal(Train(data, options, oneHot, long.MaxValue, updates: 300), waiting);
                Assert.Equal(waiting, Train(data, options with { NumberOfThreads = 2 }, oneHot, 0, updates: 300));
            }
    }

    /// <summary>Words that come once in a thousand updates: more than are remembered.</summary>
    [Theory]
    [MemberData(nameof(Optimizers))]
    public void Rows_may_wait_longer_than_updates_are_remembered(string optimizer)
    {
        using SequenceDataset data = Data(Feature(oneHot: false), 200, rare: 2 * Batch);
        Assert.Equal(Train(data, Options(optimizer), oneHot: false, long.MaxValue, updates: 1_100),
            Train(data, Options(optimizer), oneHot: false, 0, updates: 1_100));
    }

    [Theory]
    [MemberData(nameof(Optimizers))]
    public void A_training_goes_on_from_weights_and_sums(string optimizer)
    {
        using SequenceDataset data = Data(Feature(oneHot: false), 200);
        Assert.Equal(Train(data, Options(optimizer), oneHot: false, long.MaxValue, updates: 60),
            Train(data, Options(optimizer), oneHot: false, 0, updates: 60, resumeAfter: 25));
    }

    /// <summary>By the trainer, whose large tables wait: what validation sees and what is kept is up to date.</summary>
    [Fact]
    public void A_large_table_is_measured_and_kept_up_to_date()
    {
        var feature = StepFeature.Tokens((int)(DeferredRows.SmallestTable / 16), 10);
        using SequenceDataset data = Data(feature, 60), others = Data(feature, 20);
        SequenceTrainerOptions options = Options("adam") with { NumberOfEpochs = 4 };
        TrainingResult result = Trainer.Train(new TrainingJob
        {
            Spec = Spec(feature), Data = data, Validation = others, Options = options, Seed = 1,
        });
        using var validation = new Validation(result.Trained, new RowSelection(others), 1, null);
        Assert.Equal(result.History.Single(epoch => epoch.IsSelected).Validation!.Loss, validation.Measure(() => { }).Loss);
    }

    private static SequenceTrainerOptions Options(string optimizer) => Plain.Options with
    {
        BatchSize = Batch,
        LearningRate = 0.01f,
        WordDropout = 0.1f,
        Dropout = 0.1f,
        NumberOfThreads = 1,
        Optimizer = optimizer switch
        {
            "adam" => SequenceOptimizer.Adam(),
            "adamw" => SequenceOptimizer.AdamW(0.02f),
            "rmsprop" => SequenceOptimizer.RmsProp(momentum: 0.5f),
            "momentum" => SequenceOptimizer.Sgd(0.9f),
            _ => SequenceOptimizer.Sgd(0.9f, nesterov: true),
        },
    };

    private static StepFeature Feature(bool oneHot) => StepFeature.Tokens(Vocabulary, oneHot ? 0 : 19);

    private static EncoderNetworkSpec Spec(StepFeature feature) => new()
    {
        Encoder = new EncoderSpec { Inputs = [feature], Cell = "GRU", HiddenSize = 18, Bidirectional = false },
        Output = new OutputSpec { Head = HeadKind.Softmax, NumberOfOutputs = 3, EveryStep = true },
    };

    /// <param name="feature">What a step is.</param>
    /// <param name="rows">How many there are.</param>
    /// <param name="rare">The first so many rows have tokens of their own.</param>
    private static SequenceDataset Data(StepFeature feature, int rows, int rare = 0)
    {
        var random = new Random(1);
        var data = new SequenceDataset([feature], targets: data => new StepTargets(data));
        for (int row = 0; row < rows; row++)
        {
            int from = row < rare ? 70 : 0, to = row < rare ? 100 : 70; // some keys are above the largest
            uint[] tokens = [.. Enumerable.Range(0, random.Next(1, 9)).Select(_ => (uint)random.Next(from, to))];
            data.Add(tokens, [.. tokens.Select(_ => (float)random.Next(3))]);
        }
        return data;
    }

    /// <returns>All weights and running sums.</returns>
    private static float[] Train(SequenceDataset data, SequenceTrainerOptions options, bool oneHot, long largeTable, int updates,
        int resumeAfter = -1)
    {
        var network = new EncoderNetwork(Spec(Feature(oneHot)), FrameTransform.None, LabelTransform.None);
        network.Parameters.Allocate();
        network.Initialize(seed: 1);
        var step = new TrainingStep(network, data, options, seed: 1, largeTable: largeTable);
        for (int update = 0, batch = 0; update < updates; batch++)
        {
            int first = batch < 2 || batch % 100 == 0 ? 0 : 2 * Batch + batch * Batch % (data.Count - 3 * Batch);
            int[] rows = [.. Enumerable.Range(first, Batch).OrderByDescending(data.Length)];
            for (int done = 0; done < data.Length(rows[0]) && update < updates; update++)
            {
                if (update == resumeAfter && done == 0)
                    step = Resume(step, network, data, options, largeTable);
                StepRange steps = step.StepsFrom(done, data.Length(rows[0]));
                step.Run(rows, steps, 0.01f + 0.0001f * update % 7);
                done += Math.Min(steps.Count, data.Length(rows[0]));
            }
        }
        step.CatchUp();
        float[] all = [.. network.Parameters.Values.Span, .. step.State.SelectMany(sums => sums.Span.ToArray())];
        step.Dispose();
        return all;
    }

    private static TrainingStep Resume(TrainingStep step, EncoderNetwork network, SequenceDataset data,
        SequenceTrainerOptions options, long largeTable)
    {
        step.CatchUp();
        var next = new TrainingStep(network, data, options, seed: 1, largeTable: largeTable);
        foreach ((FloatBuffer from, FloatBuffer to) in step.State.Zip(next.State))
            from.Span.CopyTo(to.Span);
        Assert.True(next.TryResume(step.Updates, []));
        step.Dispose();
        return next;
    }
}
