using Microsoft.ML;
using Microsoft.ML.Data;
using SequenceModels.Heads;
using SequenceModels.Networks;
using SequenceModels.Prediction;
using SequenceModels.Sequences;
using SequenceModels.Tests.Forecasting;
using SequenceModels.Tests.Trainers;
using SequenceModels.Trainers;
using Xunit;

namespace SequenceModels.Tests.Pipelines;

/// <summary>
/// A model file whose network cannot do the task of its transformer is refused, though both are sound by themselves.
/// </summary>
public class MisfitTests
{
    private readonly MLContext _ml = new(1);

    private static NetworkShape Words => new()
    {
        Input = StepFeatureKind.Tokens, InputSize = 4, EmbeddingSize = 2, Cell = "GRU", HiddenSize = 3, Head = HeadKind.Softmax,
        NumberOfOutputs = 3,
    };

    [Fact]
    public void Networks_with_another_head_shape_or_more_features_are_refused()
    {
        var keys = new VectorDataViewType(new KeyDataViewType(typeof(uint), 4));
        ITransformer Predicting(NetworkShape spec) =>
            new SequencePredictionTransformer(_ml, SequenceTask.Multiclass, Model(spec), [new SavedColumn("Features", keys)],
                rowFeatures: null, names: null);
        ITransformer Tagging(NetworkShape spec) =>
            new TaggingTransformer(_ml, Model(spec), [new SavedColumn("Features", keys)], names: null, bioes: null);
        ITransformer Continuing(NetworkShape spec) =>
            new LanguageModelTransformer(_ml, Model(spec), new SavedColumn("Features", keys), [], detokenization: null,
                rowsFollowEachOther: false);

        Loads(Predicting(Words));
        Refused(Predicting(Words with { EveryStep = true }), "every step");
        Refused(Predicting(Words with { Features = [StepFeature.Frames(2)] }), "does not read the columns 'Features'");
        Refused(Predicting(Words with { Head = HeadKind.MultiLabel }), "MultiLabel");
        Refused(Predicting(Words with { RowFeatureSize = 2 }), "beside their sequences");
        Loads(Tagging(Words with { EveryStep = true }));
        Refused(Tagging(Words with { EveryStep = true, Head = HeadKind.MultiLabel }), "MultiLabel");
        Refused(Tagging(Words), "one output");
        NetworkShape next = Words with { EveryStep = true, NumberOfOutputs = 5 };
        Loads(Continuing(next));
        Refused(Continuing(next with { Head = HeadKind.MultiLabel }), "MultiLabel");
        Refused(Continuing(next with { Head = HeadKind.Crf }), "Crf");
    }

    [Theory]
    [InlineData(float.PositiveInfinity)]
    [InlineData(float.NaN)]
    public void A_threshold_is_a_finite_number(float threshold)
    {
        SequencePredictionTransformer model = _ml.BinaryPipeline(Examples.Glance).Fit(_ml.View(20)).LastTransformer;
        Assert.Throws<ArgumentOutOfRangeException>(() => model.WithThreshold(threshold));
    }

    [Fact]
    public void Frames_too_far_from_those_of_training_name_column_and_row()
    {
        IDataView rows = Frames([1, 2], [2, 1], [1, 1], [2, 3]);
        var model = _ml.BinaryClassification.Trainers.Gru(
            options: new() { HiddenSize = 2, NumberOfEpochs = 1, FrameScaling = FrameScaling.Standard }).Fit(rows);
        IDataView scored = model.Transform(Frames([1, 2], [1, 3e38f], [2, 3]));
        using DataViewRowCursor cursor = scored.GetRowCursor([scored.Schema["Score"]]);
        ValueGetter<float> get = cursor.GetGetter<float>(scored.Schema["Score"]);
        float score = float.NaN;
        foreach (bool isSound in new[] { true, false, true })
        {
            Assert.True(cursor.MoveNext());
            if (isSound)
                get(ref score);
            else
                Assert.StartsWith("Column 'Features', row 1 (counted from 0): Feature 0 of a step is 3E+38",
                    Assert.Throws<InvalidOperationException>(() => get(ref score)).Message);
            Assert.True(float.IsFinite(score));
        }
    }

    private static TestView Frames(params float[][] rows) => new(TestColumn.Numbers("Features", [], rows),
        TestColumn.Of("Label", BooleanDataViewType.Instance, [.. rows.Select((_, i) => i % 2 == 0)]));

    private static SequenceModelParameters Model(NetworkShape spec)
    {
        var layers = new EncoderNetwork(spec, FrameTransform.None, LabelTransform.None);
        layers.Parameters.Allocate();
        layers.Initialize(seed: 1);
        return new SequenceModelParameters(new SequenceNetwork(layers));
    }

    private void Refused(ITransformer model, string why)
    {
        var error = Assert.IsType<InvalidDataException>(Record.Exception(() => Loads(model))?.GetBaseException());
        Assert.Contains(why, error.Message);
    }

    private void Loads(ITransformer model)
    {
        using var file = new MemoryStream();
        _ml.Model.Save(model, null, file);
        file.Position = 0;
        _ml.Model.Load(file, out _);
    }
}
