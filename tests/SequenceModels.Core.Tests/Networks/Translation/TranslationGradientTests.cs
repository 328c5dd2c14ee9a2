using SequenceModels.Cells;
using SequenceModels.Layers;
using SequenceModels.Networks;
using SequenceModels.Sequences;
using SequenceModels.Tests.Reference;
using Xunit;

namespace SequenceModels.Tests.Networks;

/// <summary>
/// The gradients of encoder, bridge, decoder and attention against finite differences of the textbook in double, over a batch
/// ragged on both sides, with an empty source, an empty target, unknown tokens and unequal weights.
/// </summary>
public class TranslationGradientTests
{
    internal static readonly TranslationExample[] Batch =
    [
        new([1, 2, 4], [3, 1]), new([3, 0, 4, 1, 2, 2, 1], [], 0.5f), new([], [2, 0, 1], 2),
        new([2, 9, 3, 1, 4], [1, 2, 3, 9, 2, 1], 1.5f), new([4, 3], [2]),
    ];

    public static IEnumerable<TheoryDataRow<string, AttentionKind, bool>> Networks =>
        from cell in RecurrentCells.All
        from attention in Enum.GetValues<AttentionKind>()
        from feeding in new[] { false, true }
        where !feeding || attention != AttentionKind.None
        select new TheoryDataRow<string, AttentionKind, bool>(cell.Name, attention, feeding);

    [Theory]
    [MemberData(nameof(Networks))]
    public void Every_cell_depth_direction_and_attention_has_the_gradients_of_the_textbook(string cell, AttentionKind attention,
        bool feeding)
    {
        foreach (int layers in new[] { 1, 2 })
            foreach (bool bidirectional in new[] { false, true })
                Check(Spec(cell, attention, feeding, layers, bidirectional, tied: false));
    }

    [Theory]
    [MemberData(nameof(Networks))]
    public void Output_weights_that_are_the_embedding_have_the_gradients_of_both(string cell, AttentionKind attention,
        bool feeding)
    {
        TranslationSpec spec = Spec(cell, attention, feeding, layers: 1, bidirectional: true, tied: true);
        Check(spec);
    }

    [Theory]
    [MemberData(nameof(Networks))]
    public void Gradients_flow_through_dropout_as_the_values_did(string cell, AttentionKind attention, bool feeding)
    {
        foreach (bool eachStep in new[] { false, true })
            Check(Spec(cell, attention, feeding, layers: 2, bidirectional: true, tied: false), new Regularization
            {
                Values = new Dropout(0.3f, Seed: 4, Update: 17) { EachStep = eachStep },
                Recurrent = new Dropout(0.2f, Seed: 5, Update: 17),
                LabelSmoothing = 0.1f,
            });
    }

    internal static TranslationSpec Spec(string cell, AttentionKind attention, bool feeding, int layers, bool bidirectional,
        bool tied)
    {
        int hidden = RecurrentCells.Find(cell)!.ReadsWholeRows ? 5 : 3, source = bidirectional ? 2 * hidden : hidden;
        int written = attention == AttentionKind.Dot ? source : hidden + 1;
        var decoder = new DecoderSpec
        {
            VocabularySize = 3, EmbeddingSize = attention == AttentionKind.None && tied ? written : 4, HiddenSize = written,
            NumberOfLayers = layers, Attention = attention, InputFeeding = feeding,
        };
        return new TranslationSpec
        {
            Encoder = new EncoderSpec
            {
                Inputs = [StepFeature.Tokens(4, 3)], Cell = cell, HiddenSize = hidden, NumberOfLayers = layers,
                Bidirectional = bidirectional,
            },
            Decoder = decoder,
            Output = TranslationSpec.OutputOf(decoder, tied),
        };
    }

    private static void Check(TranslationSpec spec, Regularization regularization = default)
    {
        var run = new TranslationRun(spec);
        var drawn = new DropoutReference();
        var textbook = new TranslationReference(spec, run.Weights)
        {
            Dropout = (place, sequence, step, unit) => drawn.Factor(regularization.Values, place, sequence, step, unit),
            RecurrentDropout = (layer, backward, sequence, unit) =>
                drawn.Factor(regularization.Recurrent, Dropout.RecurrentPlace(layer, backward ? 1 : 0), sequence, step: 0, unit),
            LabelSmoothing = regularization.LabelSmoothing,
        };
        (double loss, Dictionary<string, double[,]> gradients) = run.LossAndGradients(Batch, regularization);
        Assert.Equal(textbook.Loss(Batch), loss, 1e-5);
        foreach (string name in run.ParameterNames)
        {
            double[] expected = FiniteDifferences.AssertGradient($"{spec} {name}", run.Weights[name], () => textbook.Loss(Batch),
                gradients[name], tolerance: RecurrentCells.Find(spec.Encoder.Cell)!.ReadsWholeRows ? 1e-3 : 2e-4);
            Assert.True(expected.Any(value => Math.Abs(value) > 1e-7), $"{spec} {name} has no effect on the loss.");
        }
    }
}
