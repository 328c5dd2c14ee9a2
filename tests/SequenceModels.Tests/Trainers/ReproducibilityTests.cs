using Microsoft.ML;
using SequenceModels.Layers;
using Xunit;

namespace SequenceModels.Tests.Trainers;

public class ReproducibilityTests
{
    private static readonly SequenceTrainerOptions Unseeded = Examples.Glance with { Seed = null, Dropout = 0.1f };

    [Fact]
    public void The_same_seed_of_the_context_gives_the_same_model()
    {
        Assert.Equal(Train(new MLContext(5), Unseeded), Train(new MLContext(5), Unseeded));
        Assert.NotEqual(Train(new MLContext(5), Unseeded), Train(new MLContext(6), Unseeded));
        Assert.NotEqual(Train(new MLContext(), Unseeded), Train(new MLContext(), Unseeded));
    }

    [Fact]
    public void The_seed_in_the_options_goes_before_that_of_the_context()
    {
        SequenceTrainerOptions seeded = Unseeded with { Seed = 11 };
        Assert.Equal(Train(new MLContext(5), seeded), Train(new MLContext(6), seeded));
        Assert.NotEqual(Train(new MLContext(5), seeded), Train(new MLContext(5), seeded with { Seed = 12 }));
    }

    [Theory]
    [InlineData(0f)]
    [InlineData(0.3f)]
    public void One_and_two_threads_train_the_same_model(float dropout)
    {
        SequenceTrainerOptions one = Unseeded with { Seed = 1, BatchSize = 100, Dropout = dropout, NumberOfThreads = 1 };
        byte[] model = Train(new MLContext(), one);
        Assert.Equal(model, Train(new MLContext(), one with { NumberOfThreads = 2 }));
        Assert.Equal(model, Train(new MLContext(), one with { NumberOfThreads = 0 }));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2000)] // the first rows in memory
    public void Rows_in_a_temporary_file_train_the_same_model(long memory)
    {
        SequenceTrainerOptions seeded = Unseeded with { Seed = 1, FrameScaling = FrameScaling.Standard };
        SequenceTrainerOptions mapped = seeded with { MaximumMemoryBytes = memory };
        Assert.Equal(Train(new MLContext(), seeded), Train(new MLContext(), mapped));
        var ml = new MLContext();
        IDataView data = ml.View(120);
        Assert.Equal(ml.SumTrainer(seeded).Fit(data).Model.Network.Bytes(), ml.SumTrainer(mapped)
            .Fit(data).Model.Network.Bytes());
    }

    [Fact]
    public void Training_again_leaves_the_first_model_as_it_was()
    {
        var ml = new MLContext(1);
        IDataView data = ml.View(30);
        SequenceTrainer trainer = ml.SumTrainer(Unseeded);
        SequenceNetwork first = trainer.Fit(data).Model.Network;
        byte[] before = first.Bytes();
        Assert.NotEqual(before, trainer.Fit(data).Model.Network.Bytes());
        Assert.Equal(before, first.Bytes());
    }

    private static byte[] Train(MLContext ml, SequenceTrainerOptions options) =>
        ml.BinaryPipeline(options).Fit(ml.View(120)).LastTransformer.Model.Network.Bytes();
}
