using SequenceModels.Files;
using SequenceModels.Heads;
using SequenceModels.Kernels;
using SequenceModels.Networks;
using SequenceModels.Parameters;
using SequenceModels.Sequences;
using SequenceModels.Tests.Reference;
using SequenceModels.Training;
using Xunit;

namespace SequenceModels.Tests.Training;

public class ClassWeightTests
{
    [Fact]
    public void Balanced_classes_count_alike_in_sum()
    {
        var data = new SequenceDataset([StepFeature.Tokens(1, 0)]);
        foreach ((float label, float weight) in new[] { (0f, 1f), (2f, 3f), (0f, 1f), (1f, 50f), (2f, 1f) })
            data.Add([1u], label, weight);
        // Of rows 0, 1, 2 and 4: 2 examples of class 0, none of 1, 4 of class 2; 6 in all, of 2 classes.
        Assert.Equal([6f / (2 * 2), 0, 6f / (2 * 4), 0],
            ClassWeights.Balanced.Resolve(Rows(data, 0, 1, 2, 4), classes: 4, "the option"));
    }

    [Fact]
    public void Balanced_labels_of_steps_are_counted_by_steps()
    {
        var data = new SequenceDataset([StepFeature.Tokens(1, 0)], targets: data => new StepTargets(data));
        data.Add([1u, 1, 1, 1], labels: [1, 1, 0, 1], weight: 2);
        data.Add([1u, 1, 1], labels: [0, float.NaN, 0], weight: 1);
        // 2 + 1 + 1 = 4 of class 0, 6 of class 1.
        Assert.Equal([10f / (2 * 4), 10f / (2 * 6)], ClassWeights.Balanced.Resolve(Rows(data, 0, 1), classes: 2, "the option"));
    }

    [Fact]
    public void Given_weights_stay_as_they_are() =>
        Assert.Equal([2, 0, 1], ClassWeights.Of(2, 0, 1)
            .Resolve(Rows(new SequenceDataset([StepFeature.Tokens(1, 0)])), classes: 3, "the option"));

    [Theory]
    [InlineData(HeadKind.Softmax, 4)]
    [InlineData(HeadKind.Sigmoid, 2)]
    internal void Weights_that_are_not_one_for_each_class_are_refused(HeadKind head, int classes)
    {
        NetworkShape spec = Spec(head, outputs: head == HeadKind.Softmax ? classes : 1);
        SequenceDataset data = LearningTasks.Dataset(spec, Batch);
        var error = Assert.Throws<ArgumentException>(() =>
            Trainer.Train(spec, data, Plain.Options with { ClassWeights = ClassWeights.Of(1, 2, 3) }, seed: 1));
        Assert.Equal(
            $"SequenceTrainerOptions.ClassWeights has 3 weights, but the label has {classes} classes. Give one weight for " +
            "each class " +
            "in the order of the label's keys (of a Boolean label, false and then true), or ClassWeights.Balanced.",
            error.Message);
    }

    [Theory]
    [InlineData(HeadKind.Softmax)]
    [InlineData(HeadKind.Sigmoid)]
    internal void A_class_counts_by_its_weight(HeadKind head)
    {
        NetworkShape spec = Spec(head, outputs: head == HeadKind.Softmax ? 2 : 1);
        float[] classWeights = [0.5f, 3];
        var run = new NetworkRun(spec);
        var textbook = new ReferenceNetwork(spec, run.Weights) { ClassWeight = label => classWeights[(int)label] };
        int[] rows = [.. Enumerable.Range(0, Batch.Count)];
        using var step = new TrainingStep(run.Network.Layers, LearningTasks.Dataset(spec, Batch), Plain.Options with
        {
            Optimizer = SequenceOptimizer.Sgd(momentum: 0),
            LearningRate = 1,
            GradientClipNorm = float.PositiveInfinity,
        }, seed: 1, classWeights);
        (double loss, double weight, _) = step.Run(rows, StepRange.All, rate: 1);

        Assert.Equal(textbook.Loss(Batch), loss / weight, 1e-6);
        Assert.Equal(1 * 0.5 + 2 * 3 + 1 * 0.5 + 3 * 3, weight, 1e-6);
        foreach (Parameter parameter in run.Network.Layers.Parameters.All)
        {
            double[,] gradient = FiniteDifferences.Gradient(run.Weights[parameter.Name], () => textbook.Loss(Batch));
            double[,] actual = Matrices.Read(parameter, run.Network.Layers.Parameters.Values);
            for (int i = 0; i < actual.GetLength(0); i++)
                for (int j = 0; j < actual.GetLength(1); j++)
                    Assert.Equal(run.Weights[parameter.Name][i, j] - gradient[i, j], actual[i, j], 2e-6);
        }
    }

    private static List<Example> Batch =>
        [new([1, 2, 2], null, 0, 1), new([2, 1], null, 1, 2), new([1, 1], null, 0, 1), new([2], null, 1, 3)];

    private static NetworkShape Spec(HeadKind head, int outputs) => new()
    {
        Input = StepFeatureKind.Tokens, InputSize = 2, Cell = "GRU", HiddenSize = 3, Head = head, NumberOfOutputs = outputs,
    };

    private static RowSelection Rows(SequenceDataset data, params ReadOnlySpan<int> rows)
    {
        SpillList<int> numbers = data.NewList<int>();
        numbers.Write(0, rows);
        return new RowSelection(data, numbers);
    }
}
