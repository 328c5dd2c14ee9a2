using Microsoft.ML;
using SequenceModels.Tests.Trainers;
using Xunit;

namespace SequenceModels.Tests.Onnx;

/// <summary>PadSequence through ML.NET's ConvertToOnnx.</summary>
public class PaddingPipelineTests
{
    private readonly MLContext _ml = new(1);

    public static TheoryData<SequenceSide, SequenceSide> Sides
    {
        get
        {
            SequenceSide[] sides = [SequenceSide.Start, SequenceSide.End];
            return [.. sides.SelectMany(pad => sides.Select(cut => (pad, cut)))];
        }
    }

    [Theory]
    [MemberData(nameof(Sides))]
    public void Keys_one_hot_steps_numbers_and_frames_are_filled_up_and_cut(SequenceSide pad, SequenceSide cut)
    {
        IDataView rows = _ml.Data.LoadFromEnumerable(Examples.Make(9)
            .Append(new Example { Frames = new float[6] })
            .Append(new Example { Text = "up", Readings = [2], Frames = new float[6] }));
        ITransformer model = _ml.Tokens()
            .Append(_ml.Transforms.Categorical.OneHotSequenceEncoding("OneHot", "Features"))
            .Append(_ml.Transforms.CopyColumns("Copy", "OneHot"))
            .Append(_ml.Transforms.ReshapeSequence("Steps", 2, nameof(Example.Frames)))
            .Append(_ml.Transforms.PadSequence("Keys4", 4, "Features", pad, cut))
            .Append(_ml.Transforms.PadSequence("OneHot4", 4, "OneHot", pad, cut))
            .Append(_ml.Transforms.PadSequence("Copy4", 4, "Copy", pad, cut))
            .Append(_ml.Transforms.PadSequence("Readings3", 3, nameof(Example.Readings), pad, cut))
            .Append(_ml.Transforms.PadSequence("Steps2", 2, "Steps", pad, cut))
            .Append(_ml.Transforms.PadSequence("Steps5", 5, "Steps", pad, cut)).Fit(rows);
        using var pipeline =
            new ConvertedPipeline(_ml, model, rows, "Keys4", "OneHot4", "Copy4", "Readings3", "Steps2", "Steps5", "OneHot");
        pipeline.RequireSame(rows);
    }

    [Fact]
    public void A_trainer_reads_padded_steps_as_steps()
    {
        ITransformer model = _ml.Tokens().Append(_ml.Transforms.PadSequence("Features", 6))
            .Append(_ml.BinaryClassification.Trainers.Gru(nameof(Example.Positive), options: Examples.Glance)).Fit(_ml.View(40));
        using var pipeline = new ConvertedPipeline(_ml, model, _ml.View(9), "Score", "Features");
        pipeline.RequireSame(_ml.View(9));
    }
}
