using SequenceModels.Cells;
using SequenceModels.Heads;
using SequenceModels.Layers;
using Xunit;
using static SequenceModels.Tests.Layers.GradientCheck;

namespace SequenceModels.Tests.Layers;

/// <summary>
/// What learning adds to a pass, each by itself and all together, against the textbook with the same draws and cuts.
/// </summary>
public class RegularizationTests
{
    private static readonly Regularization s_recurrent = new() { Recurrent = new Dropout(Share: 0.4f, Seed: 3, Update: 17) };
    private static readonly Regularization s_words = new() { Words = new Dropout(Share: 0.3f, Seed: 3, Update: 17) };

    public static IEnumerable<TheoryDataRow<string, int, bool>> Networks =>
        from cell in RecurrentCells.All
        from layers in new[] { 1, 2 }
        from bidirectional in new[] { false, true }
        select new TheoryDataRow<string, int, bool>(cell.Name, layers, bidirectional);

    [Theory]
    [MemberData(nameof(Networks))]
    public void Recurrent_dropout_masks_what_the_product_sees_and_nothing_else(string cell, int layers, bool bidirectional) =>
        CheckAll(cell, layers, bidirectional, s_recurrent);

    [Theory]
    [MemberData(nameof(Networks))]
    public void No_gradient_of_the_state_crosses_a_cut(string cell, int layers, bool bidirectional)
    {
        CheckAll(cell, layers, bidirectional, new() { TruncatedSteps = 2 });
        foreach (int steps in new[] { 1, 3 })
            Check(Spec(cell, layers, bidirectional, Steps.Frames, SequencePooling.Max,
                HeadKind.Softmax) with
            { EveryStep = steps == 1 },
                new() { TruncatedSteps = steps });
    }

    [Theory]
    [MemberData(nameof(Networks))]
    public void All_together_have_the_gradients_of_the_textbook(string cell, int layers, bool bidirectional) =>
        CheckAll(cell, layers, bidirectional, new()
        {
            Values = new Dropout(Share: 0.3f, Seed: 4, Update: 8), Recurrent = new Dropout(Share: 0.3f, Seed: 4, Update: 8),
            Words = new Dropout(Share: 0.2f, Seed: 4, Update: 8), LabelSmoothing = 0.2f, TruncatedSteps = 2,
        });

    [Theory]
    [InlineData(Steps.EmbeddedTokens)]
    [InlineData(Steps.OneHotTokens)]
    [InlineData(Steps.Frames)]
    public void Dropped_words_are_unknown_ones(Steps steps)
    {
        foreach (RecurrentCell cell in RecurrentCells.All)
            Check(Spec(cell.Name, layers: 1, bidirectional: true, steps, SequencePooling.Mean, HeadKind.Softmax), s_words);
    }

    [Fact]
    public void Smoothed_labels_have_the_loss_of_the_textbook()
    {
        foreach (HeadKind head in Enum.GetValues<HeadKind>().Where(head => !HeadRegistry.LearnsWholeSequences(head)))
            foreach (bool everyStep in QuantileHead.Is(head) ? new[] { false } : [false, true])
                Check(Spec("GRU", layers: 1, bidirectional: false, Steps.Frames, SequencePooling.Last,
                    head) with
                { EveryStep = everyStep },
                    new() { LabelSmoothing = 0.3f });
    }

    private static void CheckAll(string cell, int layers, bool bidirectional, Regularization regularization)
    {
        foreach (bool everyStep in new[] { false, true })
            Check(Spec(cell, layers, bidirectional, Steps.EmbeddedTokens, SequencePooling.Max,
                HeadKind.Softmax) with
            { EveryStep = everyStep },
                regularization);
        Check(Spec(cell, layers, bidirectional, Steps.Frames, SequencePooling.Last, HeadKind.Sigmoid), regularization);
        Check(Spec(cell, layers, bidirectional, Steps.Frames, SequencePooling.Last, HeadKind.Crf) with { EveryStep = true },
            regularization with { LabelSmoothing = 0 });
    }
}
