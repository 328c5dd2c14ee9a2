using SequenceModels.Cells;
using SequenceModels.Heads;
using SequenceModels.Layers;
using SequenceModels.Networks;
using SequenceModels.Sequences;
using SequenceModels.Tests.Kernels;
using SequenceModels.Tests.Layers;
using SequenceModels.Tests.Reference;
using SequenceModels.Training;
using Xunit;

namespace SequenceModels.Tests.Training;

/// <summary>
/// Training allocates when it begins, not at each step. Counted over all threads, and with nobody listening to the instruments,
/// so no other test may run meanwhile.
/// </summary>
[Collection(EveryWidth.Name)]
public class AllocationTests
{
    private const int Steps = 100, Rounds = 10, SmallestObject = 24;

    [Theory]
    [InlineData(0, 0, false, true, HeadKind.Softmax)]
    [InlineData(7, 0, true, true, HeadKind.Softmax)]
    [InlineData(7, 0.5f, false, true, HeadKind.Softmax)]
    [InlineData(0, 0.5f, true, false, HeadKind.Softmax)]
    [InlineData(7, 0.5f, true, true, HeadKind.Crf)]
    [InlineData(7, 0.5f, true, true, HeadKind.Ctc)]
    [InlineData(7, 0.5f, true, false, HeadKind.Softmax, true)]
    internal void A_training_step_allocates_nothing(int embeddingSize, float dropout, bool everyStep, bool bidirectional,
        HeadKind head,
        bool severalFeatures = false)
    {
        foreach (RecurrentCell cell in RecurrentCells.All)
        {
            var spec = new NetworkShape
            {
                Input = StepFeatureKind.Tokens, InputSize = 4, EmbeddingSize = embeddingSize, Cell = cell.Name, HiddenSize = 20,
                Features = severalFeatures
                    ? [StepFeature.Characters(4, 3, 5), StepFeature.Tokens(4, 3), StepFeature.Frames(2),
                        StepFeature.Subwords(6, 3)]
                    : [],
                NumberOfLayers = 2, Bidirectional = bidirectional, EveryStep = everyStep, Head = head,
                NumberOfOutputs = head == HeadKind.Ctc ? 5 : 4,
            };
            List<Example> examples = LearningTasks.LastTokenWins(40, seed: 3);
            if (everyStep)
                examples = [.. examples.Select(e => e with
                {
                    StepLabels = head == HeadKind.Ctc ? [.. e.Tokens!.Take(2).Select(token => (float)token)]
                        : [.. e.Tokens!.Select(token => token - 1f)],
                })];
            examples = [.. examples.Select((e, row) =>
                e with { Features = GradientCheck.FurtherValues(spec, e.Tokens!.Length, row) })];
            SequenceDataset data = LearningTasks.Dataset(spec, examples);
            var layers = new EncoderNetwork(spec, FrameTransform.None, LabelTransform.None);
            layers.Parameters.Allocate();
            layers.Initialize(1);
            using var step = new TrainingStep(layers, data, Plain.Options with
            {
                BatchSize = 40,
                NumberOfThreads = 2,
                Dropout = dropout,
                VariationalDropout = everyStep,
                RecurrentDropout = dropout,
                WordDropout = dropout / 2,
                LabelSmoothing = HeadRegistry.LearnsWholeSequences(head) ? 0 : dropout / 5,
                TruncatedBackpropagationSteps = dropout > 0 ? 6 : 0,
            }, seed: 1, classWeights: dropout > 0 && !HeadRegistry.LearnsWholeSequences(head) ? [1, 2, 3, 4] : null);
            int[] rows = [.. Enumerable.Range(0, 40).OrderByDescending(data.Length)];
            Allocated(step, data, rows);
            // The test runner's own threads allocate now and then: one quiet round is enough.
            Assert.Contains(Enumerable.Range(0, Rounds), _ => Allocated(step, data, rows) < Steps * SmallestObject);
        }
    }

    /// <summary>The last of two ranks, of which the first has the same tokens and adds nothing.</summary>
    [Fact]
    public void A_step_of_one_of_several_ranks_allocates_nothing()
    {
        NetworkShape spec = new()
        {
            Input = StepFeatureKind.Tokens, InputSize = 4, EmbeddingSize = 7, Cell = "LSTM", HiddenSize = 20,
            Head = HeadKind.Softmax, NumberOfOutputs = 4,
            Features = [StepFeature.Characters(4, 3, 5), StepFeature.Tokens(4, 3)],
        };
        SequenceDataset data = LearningTasks.Dataset(spec, LearningTasks.LastTokenWins(40, seed: 3)
            .Select((e, row) => e with { Features = GradientCheck.FurtherValues(spec, e.Tokens!.Length, row) }));
        var layers = new EncoderNetwork(spec, FrameTransform.None, LabelTransform.None);
        layers.Parameters.Allocate();
        layers.Initialize(1);
        using var step = new TrainingStep(layers, data, Plain.Options with { BatchSize = 40, NumberOfThreads = 2 }, seed: 1,
            ranks: new TrainingRanks(new SecondOfTwo()));
        int[] rows = [.. Enumerable.Range(0, 40).OrderByDescending(data.Length)];
        Allocated(step, data, rows);
        Assert.Contains(Enumerable.Range(0, Rounds), _ => Allocated(step, data, rows) < Steps * SmallestObject);
    }

    [Fact]
    public void Reports_that_nobody_hears_allocate_nothing()
    {
        var epoch = new TrainingEpoch
        {
            Epoch = 1, LearningRate = 1, TrainingLoss = 1, GradientNorm = 1, LargestGradientNorm = 1, Duration = default,
            StepsPerSecond = 1,
            Validation = new ValidationMetrics { Loss = 1 },
        };
        Tell();
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < Steps; i++)
            Tell();
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());

        void Tell()
        {
            TrainingInstruments.Batch("unheard", steps: 10);
            TrainingInstruments.Epoch("unheard", epoch);
        }
    }

    private static long Allocated(TrainingStep step, SequenceDataset data, int[] rows)
    {
        long before = GC.GetTotalAllocatedBytes(precise: true);
        for (int i = 0; i < Steps; i++)
            step.Run(data, rows, rate: 1e-3f);
        return GC.GetTotalAllocatedBytes(precise: true) - before;
    }

    private sealed class SecondOfTwo : IProcessGroup
    {
        public int Rank => 1;

        public int Size => 2;

        public void SumInOrder(Span<float> sum, int blockLength, Action<int, int> add)
        {
            sum.Clear();
            add(0, (sum.Length + blockLength - 1) / blockLength);
        }

        public void Gather(ReadOnlySpan<byte> own, Span<byte> all)
        {
            own.CopyTo(all);
            own.CopyTo(all[own.Length..]);
        }

        public void Broadcast(Span<byte> content, int root)
        {
        }

        public void Fail(Exception reason, bool onAllRanks)
        {
        }
    }
}
