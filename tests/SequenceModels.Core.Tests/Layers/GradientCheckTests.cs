using SequenceModels.Cells;
using SequenceModels.Heads;
using SequenceModels.Layers;
using SequenceModels.Networks;
using SequenceModels.Tests.Reference;
using Xunit;
using static SequenceModels.Tests.Layers.GradientCheck;

namespace SequenceModels.Tests.Layers;

/// <summary>
/// The engine's gradients against finite differences of the textbook network in double, for every registered cell with every
/// depth, direction, input, pooling and head, over a ragged batch with an empty sequence, unknown tokens and unequal weights.
/// </summary>
public class GradientCheckTests
{
    public static IEnumerable<TheoryDataRow<string, int, bool, Steps>> Networks =>
        from cell in RecurrentCells.All
        from layers in new[] { 1, 2 }
        from bidirectional in new[] { false, true }
        from steps in Enum.GetValues<Steps>()
        select new TheoryDataRow<string, int, bool, Steps>(cell.Name, layers, bidirectional, steps);

    /// <summary>A network has each head with one pooling; all networks together have each head with each pooling.</summary>
    [Theory]
    [MemberData(nameof(Networks))]
    public void Every_pooling_and_head_has_the_gradients_of_the_textbook(string cell, int layers, bool bidirectional, Steps steps)
    {
        SequencePooling[] poolings = Enum.GetValues<SequencePooling>();
        int next = RecurrentCells.All.ToList().FindIndex(each => each.Name == cell) + layers + (bidirectional ? 1 : 0);
        foreach (HeadKind head in HeadsOf(everyStep: false))
            if (steps == Steps.Frames || !QuantileHead.Is(head)) // forecasts are made of numbers
                Check(Spec(cell, layers, bidirectional, steps, poolings[next++ % poolings.Length], head));
    }

    /// <summary>A network has every other head; the networks of each cell together have all.</summary>
    [Theory]
    [MemberData(nameof(Networks))]
    public void Labels_of_every_step_have_the_gradients_of_the_textbook(string cell, int layers, bool bidirectional, Steps steps)
    {
        foreach ((int place, HeadKind head) in HeadsOf(everyStep: true).Index())
            if ((place + layers + (bidirectional ? 1 : 0) + (int)steps) % 2 == 0)
                Check(Spec(cell, layers, bidirectional, steps, SequencePooling.Last, head) with { EveryStep = true });
    }

    [Fact]
    public void Output_weights_that_are_the_embedding_have_the_gradients_of_both()
    {
        foreach (RecurrentCell cell in RecurrentCells.All)
            foreach (float dropout in new[] { 0, 0.4f })
            {
                NetworkShape spec = Spec(cell.Name, layers: 2, bidirectional: false, Steps.EmbeddedTokens, SequencePooling.Last,
                    HeadKind.Softmax);
                Check(spec with { EveryStep = true, TiedEmbeddings = true, EmbeddingSize = spec.HiddenSize, NumberOfOutputs = 5 },
                    new Regularization { Values = new Dropout(dropout, Seed: 3, Update: 17) });
            }
    }

    [Fact]
    public void Gradients_flow_through_dropout_as_the_values_did()
    {
        foreach (bool eachStep in new[] { false, true })
        {
            var values = new Regularization { Values = new Dropout(Share: 0.4f, Seed: 3, Update: 17) { EachStep = eachStep } };
            foreach (RecurrentCell cell in RecurrentCells.All)
                foreach (bool everyStep in new[] { false, true })
                    Check(Spec(cell.Name, layers: 2, bidirectional: true, everyStep ? Steps.EmbeddedTokens : Steps.Frames,
                        SequencePooling.Mean, HeadKind.Softmax) with
                    { EveryStep = everyStep }, values);
            Check(Spec("GRU", layers: 2, bidirectional: true, Steps.OneHotTokens, SequencePooling.Mean, HeadKind.Softmax),
                values);
            foreach (SequencePooling pooling in new[] { SequencePooling.Attention, SequencePooling.MaxMeanLast })
                Check(Spec("LSTM", layers: 1, bidirectional: true, Steps.EmbeddedTokens, pooling, HeadKind.Softmax), values);
        }
    }
}
