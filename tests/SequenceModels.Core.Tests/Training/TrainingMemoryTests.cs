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

    /// <summary>
    /// A language model: an embedding and an output layer of the same size, and little between them. Counted on one thread,
    /// since what another one allocates does not show: two shards take as many gradients on two, and of eight it has two at a
    /// time.
    /// </summary>
    [Theory]
    [InlineData(8, 2)]
    [InlineData(128, 8)]
    public void A_large_vocabulary_takes_at_most_half_as_much_again_as_its_weights_and_what_the_optimizer_keeps(int sequences,
        int shards)
    {
        Assert.Equal(shards, ShardedGradient.ShardCount(sequences));
        NetworkShape spec = new()
        {
            Input = StepFeatureKind.Tokens, InputSize = Vocabulary, EmbeddingSize = Size, Cell = LstmCell.CellName,
            HiddenSize = Size, EveryStep = true, Head = HeadKind.Softmax, NumberOfOutputs = Vocabulary,
        };
        var random = new Random(1);
        uint[] Tokens() => [.. Enumerable.Range(0, Steps).Select(_ => (uint)random.Next(1, Vocabulary + 1))];
        using SequenceDataset data = LearningTasks.Dataset(spec, Enumerable.Range(0, sequences)
            .Select(_ => new Example(Tokens(), null, 0) { StepLabels = [.. Tokens().Select(token => token - 1f)] }));

        var network = new EncoderNetwork(spec, FrameTransform.None, LabelTransform.None);
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
}
