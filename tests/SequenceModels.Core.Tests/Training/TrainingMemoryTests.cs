using SequenceModels.Cells;
using SequenceModels.Heads;
using SequenceModels.Networks;
using SequenceModels.Sequences;
using SequenceModels.Tests.Reference;
using SequenceModels.Training;
using Xunit;

namespace SequenceModels.Tests.Training;

/// <summary>What a training takes beside its data.</summary>
public class TrainingMemoryTests
{
    private const int Vocabulary = 20_000, Size = 64, Steps = 1;

    /// <summary>A language model: an embedding and an output layer of the same size, and little between them.</summary>
    private static readonly NetworkShape s_model = new()
    {
        Input = StepFeatureKind.Tokens, InputSize = Vocabulary, EmbeddingSize = Size, Cell = LstmCell.CellName,
        HiddenSize = Size, EveryStep = true, Head = HeadKind.Softmax, NumberOfOutputs = Vocabulary,
    };

    /// <summary>
    /// Counted on one thread, since what another one allocates does not show: two shards take as many gradients on two, and of
    /// eight it has two at a time.
    /// </summary>
    [Theory]
    [InlineData(8, 2)]
    [InlineData(128, 8)]
    public void A_large_vocabulary_takes_at_most_half_as_much_again_as_its_weights_and_what_the_optimizer_keeps(int sequences,
        int shards)
    {
        Assert.Equal(shards, ShardedGradient.ShardCount(sequences));
        using SequenceDataset data = Rows(sequences);
        var network = new EncoderNetwork(s_model, FrameTransform.None, LabelTransform.None);
        long before = GC.GetAllocatedBytesForCurrentThread();
        network.Parameters.Allocate();
        network.Initialize(1);
        using var step = new TrainingStep(network, data,
            Plain.Options with { BatchSize = sequences, NumberOfThreads = 1 }, seed: 1);
        Assert.True(step.Run(data, [.. Enumerable.Range(0, sequences)], rate: 1e-3f).Loss > 0);
        long taken = GC.GetAllocatedBytesForCurrentThread() - before;

        long kept = (1 + step.State.Count) * network.Parameters.Length * sizeof(float);
        Assert.Equal(2, step.State.Count);
        Assert.InRange(taken, kept, 1.5 * kept);
    }

    /// <summary>Or the end would be the most that a training takes: a copy, beside the optimizer's sums.</summary>
    [Theory]
    [InlineData(0, false)]
    [InlineData(0.9f, false)]
    [InlineData(0, true)]
    public void Its_end_takes_no_second_copy_of_the_weights(float averageWeights, bool selectsBest)
    {
        using SequenceDataset data = Rows(8), validation = Rows(4);
        var job = new TrainingJob
        {
            Spec = s_model, Data = data, Validation = selectsBest ? validation : null, Seed = 1,
            Options = Plain.Options with { NumberOfEpochs = 1, NumberOfThreads = 1, AverageWeights = averageWeights },
        };
        TrainingRanks ranks = TrainingRanks.Alone;
        using SharedCheckpoint checkpoint = SharedCheckpoint.Open(job, ranks);
        using var loop = new TrainingLoop(job, checkpoint, ranks);
        Assert.True(loop.Run());

        long before = GC.GetAllocatedBytesForCurrentThread();
        Network trained = loop.Finish(selectsBest).Trained;
        long taken = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.InRange(taken, 0, 0.1 * trained.Parameters.Length * sizeof(float));
    }

    private static SequenceDataset Rows(int count)
    {
        var random = new Random(1);
        uint[] Tokens() => [.. Enumerable.Range(0, Steps).Select(_ => (uint)random.Next(1, Vocabulary + 1))];
        return LearningTasks.Dataset(s_model, Enumerable.Range(0, count)
            .Select(_ => new Example(Tokens(), null, 0) { StepLabels = [.. Tokens().Select(token => token - 1f)] }));
    }
}
