using Microsoft.ML;
using Microsoft.ML.Data;
using SequenceModels.Tests.Forecasting;
using SequenceModels.Tests.Trainers;
using SequenceModels.Tests.Transforms;
using Xunit;

namespace SequenceModels.Tests.Pipelines;

/// <summary>Our transforms and trainers in one chain, saved and loaded.</summary>
public class TransformChainTests
{
    private readonly MLContext _ml = new(1);

    [Fact]
    public void Characters_one_hot_and_a_trainer() => SameAfterLoading(
        _ml.Transforms.Text.TokenizeIntoSequence("Tokens", nameof(Example.Text), SequenceTokenization.Characters())
            .Append(_ml.Transforms.Categorical.OneHotSequenceEncoding("Features", "Tokens"))
            .Append(_ml.BinaryClassification.Trainers.Gru(nameof(Example.Positive), options: Examples.Glance)));

    [Fact]
    public void Flat_numbers_cut_into_frames_and_padded() => SameAfterLoading(
        _ml.Transforms.ReshapeSequence("Cut", 2, nameof(Example.Frames))
            .Append(_ml.Transforms.PadSequence("Features", 4, "Cut"))
            .Append(_ml.Regression.Trainers.Rnn(nameof(Example.LastOfFrames), options: Examples.Glance)));

    [Fact]
    public void Two_models_in_one_chain_keep_their_scores() => SameAfterLoading(
        _ml.Tokens()
            .Append(_ml.BinaryClassification.Trainers.Lstm(nameof(Example.Positive), options: Examples.Glance))
            .Append(_ml.Transforms.CopyColumns("BinaryScore", "Score"))
            .Append(_ml.Regression.Trainers.Lstm(nameof(Example.Sum), nameof(Example.Readings), options: Examples.Glance)));

    private void SameAfterLoading(EstimatorChain<SequencePredictionTransformer> pipeline)
    {
        IDataView data = _ml.View(40);
        var model = pipeline.Fit(data);
        using var file = new MemoryStream();
        _ml.Model.Save(model, data.Schema, file);
        ITransformer loaded = new MLContext().Model.Load(file, out _);

        Assert.Equal(model.Scores(data), loaded.Scores(data));
        Assert.True(model.Scores(data).Distinct().Count() > 10, "the scores hardly differ between rows");
        Assert.Equal(
            model.GetOutputSchema(data.Schema).Select(column => $"{column.Name} {column.Type}"),
            loaded.GetOutputSchema(data.Schema).Select(column => $"{column.Name} {column.Type}"));
    }
}
