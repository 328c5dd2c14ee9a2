using SequenceModels.Cells;
using SequenceModels.Heads;
using SequenceModels.Kernels;
using SequenceModels.Layers;
using SequenceModels.Networks;
using SequenceModels.Parameters;
using SequenceModels.Sequences;
using SequenceModels.Tests.Reference;
using SequenceModels.Tests.Training;
using Xunit;

namespace SequenceModels.Tests.Heads;

public class ManyOutputsTests
{
    /// <summary>So many that more rows are learned from at once than are measured at once, and more rows than that.</summary>
    private const int Outputs = 2100, Sequences = 10, Steps = 30;

    [Fact]
    public void The_loss_that_is_learned_from_has_the_bits_of_the_one_that_is_measured()
    {
        NetworkShape spec = new()
        {
            Input = StepFeatureKind.Tokens, InputSize = 3, EmbeddingSize = 2, Cell = LstmCell.CellName, HiddenSize = 2,
            EveryStep = true, Head = HeadKind.Softmax, NumberOfOutputs = Outputs,
        };
        var random = new Random(1);
        using SequenceDataset data = LearningTasks.Dataset(spec, Enumerable.Range(0, Sequences).Select(_ =>
            new Example([.. Enumerable.Range(0, Steps).Select(_ => (uint)random.Next(1, 4))], null, 0)
            {
                StepLabels = [.. Enumerable.Range(0, Steps).Select(_ => (float)random.Next(Outputs))],
            }));
        var network = new EncoderNetwork(spec, FrameTransform.None, LabelTransform.None);
        network.Parameters.Allocate();
        network.Initialize(1);
        foreach (Transposed transposed in network.PrepareTraining())
            for (int panel = 0; panel < transposed.Panels; panel++)
                transposed.Refresh(network.Parameters.Values, panel);
        EncoderPass pass = network.CreatePass();
        int[] rows = [.. Enumerable.Range(0, Sequences)];
        pass.Load(data, rows, rows, StepRange.All);
        pass.LoadTargets(data, rows, total: 7, classWeights: null);

        double measured = network.Evaluate(pass, new float[pass.OutputRows]);
        double learned = network.Learn(pass, Regularization.None, new FloatBuffer(network.Parameters.DenseLength),
            network.CreateEmbeddingGradients());
        Assert.Equal(measured, learned);
        Assert.True(learned > 0);
    }
}
