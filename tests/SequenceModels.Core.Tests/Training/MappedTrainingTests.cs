using SequenceModels.Heads;
using SequenceModels.Layers;
using SequenceModels.Networks;
using SequenceModels.Sequences;
using SequenceModels.Tests.Reference;
using SequenceModels.Training;
using Xunit;

namespace SequenceModels.Tests.Training;

/// <summary>Where the rows are held does not show in the network, to the bit.</summary>
public class MappedTrainingTests
{
    [Theory]
    [InlineData(1, 0)]
    [InlineData(2, 0)]
    [InlineData(1, 1500)] // the first rows in memory
    [InlineData(2, 1500)]
    public void Tokens_in_a_file_train_the_same_network(int threads, long budget)
    {
        var spec = new NetworkShape
        {
            Input = StepFeatureKind.Tokens, InputSize = 4, EmbeddingSize = 7, Cell = "LSTM", HiddenSize = 10,
            Head = HeadKind.Softmax,
            NumberOfOutputs = 4,
        };
        IsTheSame(spec, LearningTasks.LastTokenWins(300, seed: 3), Plain.Options with { Dropout = 0.3f }, threads, budget);
    }

    [Theory]
    [InlineData(1, 0)]
    [InlineData(2, 1500)]
    public void Frames_in_a_file_train_the_same_network(int threads, long budget)
    {
        var spec = new NetworkShape
        {
            Input = StepFeatureKind.Frames, InputSize = 2, Cell = "GRU", HiddenSize = 10, Head = HeadKind.Regression,
            NumberOfOutputs = 1,
        };
        IsTheSame(spec, LearningTasks.Adding(300, seed: 3),
            Plain.Options with { FrameScaling = FrameScaling.Standard }, threads, budget);
    }

    [Fact]
    public void Labels_of_steps_in_a_file_train_the_same_network()
    {
        var spec = new NetworkShape
        {
            Input = StepFeatureKind.Tokens, InputSize = 4, Cell = "RNN", HiddenSize = 10, EveryStep = true,
            Head = HeadKind.Softmax,
            NumberOfOutputs = 4,
        };
        List<Example> examples = [.. LearningTasks.LastTokenWins(300, seed: 3)
            .Select(e => e with { StepLabels = [.. e.Tokens!.Select(t => t - 1f)] })];
        IsTheSame(spec, examples, new(), threads: 2, budget: 0);
    }

    private static void IsTheSame(NetworkShape spec, List<Example> examples, SequenceTrainerOptions options,
        int threads, long budget)
    {
        options = options with { NumberOfEpochs = 3, BatchSize = 16, LearningRate = 0.01f, NumberOfThreads = threads };
        using SequenceDataset inMemory = LearningTasks.Dataset(spec, examples), mapped = examples[0].NewDataset(spec, budget);
        examples.ForEach(example => example.AddTo(mapped));
        Assert.True(mapped.IsMapped);
        Assert.Equal(Train(inMemory), Train(mapped));

        byte[] Train(SequenceDataset data)
        {
            using var stream = new MemoryStream();
            Trainer.Train(spec, data, options, seed: 1).Save(stream);
            return stream.ToArray();
        }
    }
}
