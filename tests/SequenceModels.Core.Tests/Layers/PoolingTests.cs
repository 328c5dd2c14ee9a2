using SequenceModels.Heads;
using SequenceModels.Networks;
using SequenceModels.Sequences;
using SequenceModels.Tests.Reference;
using Xunit;
using static SequenceModels.Tests.Layers.GradientCheck;

namespace SequenceModels.Tests.Layers;

/// <summary>What poolings do beside what gradients, batches and steppers are compared for.</summary>
public class PoolingTests
{
    private static readonly uint[] s_tokens = [3, 1, 0, 4, 4, 2];

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Attention_begins_as_the_mean(bool bidirectional)
    {
        float[] mean = First(SequencePooling.Mean).Score(s_tokens), attention = First(SequencePooling.Attention).Score(s_tokens);
        for (int k = 0; k < mean.Length; k++)
            Assert.Equal(mean[k], attention[k], 1e-5);

        SequenceNetwork First(SequencePooling pooling)
        {
            Network network =
                Shape(pooling, bidirectional).Spec.CreateNetwork(new([FeatureScaling.None]), LabelTransform.None);
            network.Parameters.Allocate();
            network.Initialize(7);
            return new SequenceNetwork((EncoderNetwork)network);
        }
    }

    /// <summary>e to the power of such a product is no number; the largest takes all the weight.</summary>
    [Fact]
    public void Attention_that_is_quite_sure_does_not_overflow()
    {
        NetworkShape shape = Shape(SequencePooling.Attention, bidirectional: true);
        var run = new NetworkRun(shape);
        foreach (float factor in new[] { 1e3f, -1e3f, 1e6f })
        {
            foreach (ref float v in run.Vector("pooling.v"))
                v *= factor;
            for (int j = 0; j < run.Weights["pooling.v"].GetLength(1); j++)
                run.Weights["pooling.v"][0, j] *= factor;
            float[] scores = run.Network.Score(s_tokens);
            double[] expected = new ReferenceNetwork(shape, run.Weights).Scores(new Example(s_tokens, null, 0));
            for (int k = 0; k < scores.Length; k++)
                Assert.Equal(expected[k], scores[k], 1e-5);
        }
    }

    [Theory]
    [InlineData(SequencePooling.Attention, 1, 1)]
    [InlineData(SequencePooling.Attention, 2, 1)]
    [InlineData(SequencePooling.MaxMeanLast, 1, 3)]
    [InlineData(SequencePooling.MaxMeanLast, 2, 3)]
    public void The_output_layer_reads_every_vector_that_is_pooled(SequencePooling pooling, int directions, int vectors)
    {
        NetworkShape shape = Shape(pooling, directions == 2);
        Assert.Equal(vectors * directions * shape.HiddenSize, new NetworkRun(shape).Weights["output.W"].GetLength(0));
    }

    private static NetworkShape Shape(SequencePooling pooling, bool bidirectional) =>
        Spec("GRU", layers: 1, bidirectional, Steps.EmbeddedTokens, pooling, HeadKind.Softmax) with { HiddenSize = 19 };
}
