using SequenceModels.Cells;
using SequenceModels.Heads;
using SequenceModels.Tests.Kernels;
using Xunit;
using static SequenceModels.Tests.Layers.GradientCheck;

namespace SequenceModels.Tests.Layers;

/// <summary>
/// The gradients of <see cref="GradientCheck"/> at every width of vectors, which other tests must not run beside.
/// </summary>
[Collection(EveryWidth.Name)]
public class WidthGradientTests
{
    [Theory]
    [MemberData(nameof(EveryWidth.Widths), MemberType = typeof(EveryWidth))]
    public void Every_width_has_the_gradients_of_the_textbook(int width) => EveryWidth.At(width, () =>
    {
        foreach (RecurrentCell cell in RecurrentCells.All)
            foreach (Steps steps in Enum.GetValues<Steps>())
                Check(Spec(cell.Name, layers: 2, bidirectional: true, steps, SequencePooling.Mean, HeadKind.Softmax));
    });

    [Theory]
    [MemberData(nameof(EveryWidth.Widths), MemberType = typeof(EveryWidth))]
    public void So_it_has_where_steps_have_several_features(int width) =>
        EveryWidth.At(width, () => Check(FeatureTests.Spec("all", frames: false, bidirectional: true)));
}
