using Microsoft.ML;
using Microsoft.ML.Data;
using SequenceModels.Tests.Trainers;
using Xunit;

namespace SequenceModels.Tests.Onnx;

/// <summary>Whole pipelines through ML.NET's ConvertToOnnx: the answers of ONNX Runtime are ours, alone and in batches.</summary>
public class PipelineTests
{
    private readonly MLContext _ml = new(1);

    [Fact]
    public void From_text_to_a_class_with_ML_NET_s_own_parts_before_and_after()
    {
        Same(_ml.TopicPipeline(Examples.Glance with { Bidirectional = true, NumberOfLayers = 2 }).Fit(_ml.View(40)),
            WithoutText(_ml.View(9)), "PredictedLabel", "PredictedTopic", "Score");
    }

    [Theory]
    [InlineData(0)]
    [InlineData(0.3f)]
    public void From_text_to_yes_or_no_by_any_threshold(float threshold)
    {
        TransformerChain<SequencePredictionTransformer> model = _ml.BinaryPipeline(Examples.Glance).Fit(_ml.View(40));
        Same(new TransformerChain<ITransformer>(model.First(), model.LastTransformer.WithThreshold(threshold)),
            WithoutText(_ml.View(9)), "PredictedLabel", "Probability", "Score");
    }

    [Theory]
    [InlineData(SequencePooling.Last)]
    [InlineData(SequencePooling.Max)]
    [InlineData(SequencePooling.Attention)]
    public void From_numbers_of_any_length_to_a_number(SequencePooling pooling) => Same(
        _ml.SumTrainer(Examples.Glance with { Pooling = pooling, FrameScaling = FrameScaling.Standard }).Fit(_ml.View(40)),
        _ml.Data.LoadFromEnumerable(Examples.Make(9).Append(new Example { Frames = new float[6] })), "Score");

    [Theory]
    [InlineData(RecurrentCellKind.Peephole)]
    [InlineData(RecurrentCellKind.LayerNorm)]
    public void By_cells_that_ONNX_has_no_operator_for(RecurrentCellKind kind) => Same(
        _ml.BinaryPipeline(Examples.Glance with { CellKind = kind, Bidirectional = true }).Fit(_ml.View(40)),
        WithoutText(_ml.View(9)), "Score");

    [Theory]
    [InlineData(nameof(Example.Frames), 2)]
    [InlineData(nameof(Example.Frames), 6)]
    [InlineData(nameof(Example.Readings), 1)]
    public void From_frames_to_a_number(string column, int size) => Same(
        _ml.Transforms.ReshapeSequence("Steps", size, column)
            .Append(_ml.Regression.Trainers.Lstm(nameof(Example.Sum), "Steps", options: Examples.Glance)).Fit(_ml.View(40)),
        _ml.View(9), "Score", "Steps");

    [Fact]
    public void From_columns_that_have_frames_of_fixed_size()
    {
        IDataView rows = _ml.Data.LoadFromEnumerable(Examples.Make(40), Examples.Framed);
        Same(_ml.Regression.Trainers.Rnn(nameof(Example.Sum), nameof(Example.Frames), options: Examples.Glance).Fit(rows),
            _ml.Data.LoadFromEnumerable(Examples.Make(9), Examples.Framed), "Score");
    }

    [Fact]
    public void From_one_hot_steps_ours_or_ML_NET_s()
    {
        Same(_ml.Tokens().Append(_ml.Transforms.Categorical.OneHotSequenceEncoding("Features"))
            .Append(_ml.BinaryClassification.Trainers.Gru(nameof(Example.Positive), options: Examples.Glance)).Fit(_ml.View(40)),
            WithoutText(_ml.View(9)), "Score", "Features");
        Same(_ml.Tokens().Append(_ml.Transforms.Categorical.OneHotSequenceEncoding("OneHot", "Features"))
            .Append(_ml.Transforms.CopyColumns("Copy", "OneHot"))
            .Append(_ml.BinaryClassification.Trainers.Gru(nameof(Example.Positive), "Copy",
                options: Examples.Glance with { EmbeddingSize = 0 })).Fit(_ml.View(40)),
            WithoutText(_ml.View(9)), "Score");
    }

    [Fact]
    public void After_the_model_was_saved_and_loaded()
    {
        IDataView rows = _ml.View(40);
        using var stream = new MemoryStream();
        _ml.Model.Save(_ml.TopicPipeline(Examples.Glance).Fit(rows), rows.Schema, stream);
        stream.Position = 0;
        Same(_ml.Model.Load(stream, out _), WithoutText(_ml.View(9)), "PredictedTopic", "Score");
    }

    [Fact]
    public void Of_rows_that_were_prepared_before()
    {
        ITransformer tokens = _ml.Tokens().Fit(_ml.View(40));
        ITransformer model = _ml.BinaryClassification.Trainers.Gru(nameof(Example.Positive), options: Examples.Glance)
            .Fit(tokens.Transform(_ml.View(40)));
        Same(model, tokens.Transform(WithoutText(_ml.View(9))), "Score"); // the inputs are those of the first rows: Text
    }

    [Fact]
    public void By_two_networks_beside_columns_that_are_called_like_their_parts() => Same(
        _ml.Transforms.CopyColumns("sequences.embedding_1", nameof(Example.Text))
            .Append(_ml.Transforms.CopyColumns("sequences.Cast_2", nameof(Example.Text)))
            .Append(_ml.BinaryPipeline(Examples.Glance))
            .Append(_ml.Transforms.CopyColumns("First", "Score"))
            .Append(_ml.Regression.Trainers.Rnn(nameof(Example.Sum), nameof(Example.Readings), options: Examples.Glance))
            .Fit(_ml.View(40)),
        WithoutText(_ml.View(9)), "First", "Score", "sequences.embedding_1", "sequences.Cast_2");

    [Fact]
    public void With_numbers_of_the_whole_row() => Same(
        _ml.Tokens().Append(_ml.BinaryClassification.Trainers.Gru(nameof(Example.Positive),
            options: Examples.Glance with { RowFeatureColumnName = nameof(Example.Frames) })).Fit(_ml.View(40)),
        WithoutText(_ml.View(9)), "Score");

    [Fact]
    public void From_raw_text_where_no_n_grams_are_read() => Same(
        _ml.BinaryClassification.Trainers.TextGru(nameof(Example.Positive), nameof(Example.Text),
            options: new() { MaximumNGrams = 0, NumberOfEpochs = 1, HiddenSize = 8, EmbeddingSize = 4, Seed = 1 })
            .Fit(_ml.View(40)),
        WithoutText(_ml.View(9)), "Score", "PredictedLabel");

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void From_text_to_its_likelihood(bool reversed) => Same(
        _ml.Tokens().Append(_ml.Sequences().LanguageModeling.Trainers.Lstm("Features",
            new()
            {
                Reversed = reversed, TiedEmbeddings = !reversed, HiddenSize = 8, EmbeddingSize = 8, NumberOfEpochs = 1, Seed = 1,
            })).Fit(_ml.View(40)),
        WithoutText(_ml.View(9)), "Perplexity", "LogProbabilities");

    private void Same(ITransformer model, IDataView rows, params string[] outputs)
    {
        using var pipeline = new ConvertedPipeline(_ml, model, rows, outputs);
        pipeline.RequireSame(rows);
    }

    /// <summary>The rows, with texts that have no token, and one that nobody knows.</summary>
    private IDataView WithoutText(IDataView rows) => _ml.Data.LoadFromEnumerable(
        _ml.Data.CreateEnumerable<Example>(rows, reuseRowObject: false)
            .Prepend(new Example { Text = "nobody RED", Topic = "red", Frames = new float[6] })
            .Append(new Example { Text = " ", Topic = "red", Frames = new float[6] })
            .Append(new Example { Topic = "blue", Frames = new float[6] }));
}
