using SequenceModels.Cells;
using SequenceModels.Heads;
using SequenceModels.Kernels;
using SequenceModels.Layers;
using SequenceModels.Sequences;
using SequenceModels.Tests.Kernels;
using SequenceModels.Tests.Reference;
using Xunit;

namespace SequenceModels.Tests.Layers;

/// <summary>
/// The engine's gradients against finite differences of the textbook network in double, for every registered cell with every depth,
/// direction, input, pooling and head, over a ragged batch with an empty sequence, unknown tokens and unequal weights.
/// </summary>
[Collection(EveryWidth.Name)]
public class GradientCheckTests
{
    private const int Vocabulary = 4, Features = 3, Hidden = 3, Classes = 3;

    public enum Steps { EmbeddedTokens, OneHotTokens, Frames }

    public static IEnumerable<TheoryDataRow<string, int, bool, Steps>> Networks =>
        from cell in RecurrentCells.All
        from layers in new[] { 1, 2 }
        from bidirectional in new[] { false, true }
        from steps in Enum.GetValues<Steps>()
        select new TheoryDataRow<string, int, bool, Steps>(cell.Name, layers, bidirectional, steps);

    [Theory]
    [MemberData(nameof(Networks))]
    public void Every_pooling_and_head_has_the_gradients_of_the_textbook(string cell, int layers, bool bidirectional, Steps steps)
    {
        foreach (SequencePooling pooling in Enum.GetValues<SequencePooling>())
            foreach (HeadKind head in Enum.GetValues<HeadKind>())
                Check(Spec(cell, layers, bidirectional, steps, pooling, head));
    }

    [Theory]
    [MemberData(nameof(Networks))]
    public void Labels_of_every_step_have_the_gradients_of_the_textbook(string cell, int layers, bool bidirectional, Steps steps)
    {
        foreach (HeadKind head in Enum.GetValues<HeadKind>())
            Check(Spec(cell, layers, bidirectional, steps, SequencePooling.Last, head) with { EveryStep = true });
    }

    [Theory]
    [MemberData(nameof(EveryWidth.Widths), MemberType = typeof(EveryWidth))]
    public void Every_width_has_the_gradients_of_the_textbook(int width) => EveryWidth.At(width, () =>
    {
        foreach (RecurrentCell cell in RecurrentCells.All)
            foreach (Steps steps in Enum.GetValues<Steps>())
                Check(Spec(cell.Name, layers: 2, bidirectional: true, steps, SequencePooling.Mean, HeadKind.Softmax));
    });

    [Fact]
    public void Gradients_flow_through_dropout_as_the_values_did()
    {
        foreach (RecurrentCell cell in RecurrentCells.All)
            foreach (Steps steps in Enum.GetValues<Steps>())
                foreach (bool everyStep in new[] { false, true })
                    Check(Spec(cell.Name, layers: 2, bidirectional: true, steps, SequencePooling.Mean, HeadKind.Softmax) with { EveryStep = everyStep },
                        new Dropout(Share: 0.4f, Seed: 3, Update: 17));
    }

    private static void Check(NetworkSpec spec, Dropout dropout = default)
    {
        List<Example> batch = Batch(spec);
        var run = new NetworkRun(spec);
        var textbook = new ReferenceNetwork(spec, run.Weights)
        {
            Dropout = (place, sequence, step, unit) => Factor(spec, dropout, place, sequence, step, unit),
        };
        (double loss, Dictionary<string, double[,]> gradients) = run.LossAndGradients(batch, dropout);
        Assert.Equal(textbook.Loss(batch), loss, 1e-6);
        foreach (string name in run.ParameterNames)
        {
            double[,] expected = FiniteDifferences.Gradient(run.Weights[name], () => textbook.Loss(batch));
            Assert.Contains(expected.Cast<double>(), gradient => Math.Abs(gradient) > 1e-6); // a parameter without effect proves nothing
            Matrices.AssertAgree($"{spec} {name}", expected, gradients[name]);
        }
    }

    /// <summary>What dropout makes of a 1 at that place. Directions stand side by side, each padded to whole cache lines.</summary>
    private static double Factor(NetworkSpec spec, Dropout dropout, int place, int sequence, int step, int unit)
    {
        if (!dropout.Drops)
            return 1;
        float[] ones = new float[place == 0 ? spec.EmbeddingSize : 2 * Rows.Padded(spec.HiddenSize)];
        ones.AsSpan().Fill(1);
        dropout.Apply(ones, place, sequence, step);
        return ones[place == 0 || unit < spec.HiddenSize ? unit : Rows.Padded(spec.HiddenSize) + unit - spec.HiddenSize];
    }

    private static NetworkSpec Spec(string cell, int layers, bool bidirectional, Steps steps, SequencePooling pooling, HeadKind head) => new()
    {
        Input = steps == Steps.Frames ? SequenceInput.Frames : SequenceInput.Tokens,
        InputSize = steps == Steps.Frames ? Features : Vocabulary,
        EmbeddingSize = steps == Steps.EmbeddedTokens ? 3 : 0,
        Cell = cell, HiddenSize = Hidden, NumberOfLayers = layers, Bidirectional = bidirectional, Pooling = pooling,
        Head = head, NumberOfOutputs = head == HeadKind.Softmax ? Classes : 1,
    };

    /// <summary>Lengths 3, 7, 0, 5, 2; every token of the vocabulary occurs, and unknown ones as 0 and as a key that is too large.</summary>
    private static List<Example> Batch(NetworkSpec spec)
    {
        uint[][] tokens = [[1, 2, 4], [3, 0, 4, 1, 2, 2, 1], [], [2, Vocabulary + 1, 3, 1, 4], [4, 3]];
        float[] weights = [1, 0.5f, 2, 1.5f, 1];
        double[][][] frames = RandomSequences.Create(Features, [.. tokens.Select(t => t.Length)]);
        float Label(int i) => spec.Head switch { HeadKind.Sigmoid => i % 2, HeadKind.Softmax => i % Classes, _ => 1.5f * i };
        float[]? StepLabels(int i) => spec.EveryStep ? [.. tokens[i].Select((_, t) => Label(i + 2 * t))] : null;
        return [.. Enumerable.Range(0, tokens.Length).Select(i => spec.Input == SequenceInput.Tokens
            ? new Example(tokens[i], null, Label(i), weights[i]) { StepLabels = StepLabels(i) }
            : new Example(null, [.. frames[i].SelectMany(frame => frame).Select(x => (float)x)], Label(i), weights[i]) { StepLabels = StepLabels(i) })];
    }
}
