using Microsoft.ML;
using Microsoft.ML.Data;
using Xunit;

namespace SequenceModels.Tests.Pipelines;

/// <summary>Pipelines whose networks score with 8-bit weights.</summary>
public class EightBitTests
{
    private const int HiddenSize = 40; // wide enough for products of bytes

    [Fact]
    public void A_chain_keeps_its_parts_and_answers_nearly_the_same()
    {
        var ml = new MLContext(1);
        TransformerChain<TransformerChain<SequencePredictionTransformer>> model = ml.Transforms.CopyColumns("Copy", "Text")
            .Append(Classifier(ml, 3)).Fit(Rows(ml));
        TransformerChain<TransformerChain<SequencePredictionTransformer>> rounded = ml.Sequences().WithEightBitWeights(model);
        Assert.True(rounded.LastTransformer.LastTransformer.Model.Network.HasEightBitWeights);
        Assert.False(model.LastTransformer.LastTransformer.Model.Network.HasEightBitWeights);
        float[] before = [.. model.Transform(Rows(ml)).GetColumn<float>("Score")],
            scores = [.. rounded.Transform(Rows(ml)).GetColumn<float>("Score")];
        Assert.NotEqual(before, scores);
        Assert.All(before.Zip(scores), pair => Assert.Equal(pair.First, pair.Second, 0.05f));
        using PredictionEngine<Row, Answer> engine = ml.Model.CreatePredictionEngine<Row, Answer>(rounded);
        Assert.Equal(scores, Examples().Select(row => engine.Predict(row).Score));
    }

    [Fact]
    public void A_training_goes_on_from_the_rounded_weights_as_floats()
    {
        var ml = new MLContext(1);
        TransformerChain<SequencePredictionTransformer> model = Classifier(ml, 2).Fit(Rows(ml));
        SequenceModelParameters rounded = model.LastTransformer.WithEightBitWeights().Model;
        IDataView tokens = model.First().Transform(Rows(ml));
        SequencePredictionTransformer none = Trainer(ml, 0).Fit(tokens, null, rounded),
            more = Trainer(ml, 2).Fit(tokens, null, rounded);
        Assert.False(none.Model.Network.HasEightBitWeights);
        Assert.Equal(Tensors(rounded.Network), Tensors(none.Model.Network));
        Assert.NotEqual(Tensors(rounded.Network), Tensors(more.Model.Network));
    }

    [Fact]
    public void An_exported_network_has_the_rounded_weights()
    {
        var ml = new MLContext(1);
        SequenceNetwork network = Classifier(ml, 1).Fit(Rows(ml)).LastTransformer.WithEightBitWeights().Model.Network;
        using MemoryStream ofBytes = new(), ofFloats = new();
        network.ExportOnnx(ofBytes);
        new SequenceNetwork((Networks.EncoderNetwork)network.Layers.Copy()).ExportOnnx(ofFloats);
        Assert.Equal(ofFloats.ToArray(), ofBytes.ToArray());
    }

    [Fact]
    public void A_generator_writes_with_8_bit_weights_the_same_each_time()
    {
        var ml = new MLContext(1);
        TransformerChain<LanguageModelTransformer> model = ml.Transforms.Text.TokenizeIntoSequence("Features", "Text")
            .Append(ml.Sequences().LanguageModeling.Trainers.Lstm(options: new()
            {
                HiddenSize = HiddenSize, EmbeddingSize = HiddenSize, TiedEmbeddings = true, NumberOfEpochs = 2, Seed = 1,
            })).Fit(Rows(ml));
        var options = new GenerationOptions { MaximumLength = 12, Seed = 3 };
        string text = ml.Sequences().LanguageModeling.CreateGenerator(ml.Sequences().WithEightBitWeights(model))
            .GenerateText("the", options);
        Assert.Equal(text, ml.Sequences().LanguageModeling.CreateGenerator(model).WithEightBitWeights()
            .GenerateText("the", options));
        LanguageModelMetrics floats = ml.Sequences().LanguageModeling.Evaluate(model.First().Transform(Rows(ml)),
            model.LastTransformer), bytes = ml.Sequences().LanguageModeling.Evaluate(model.First().Transform(Rows(ml)),
            model.LastTransformer.WithEightBitWeights());
        Assert.InRange(bytes.Perplexity / floats.Perplexity, 0.99, 1.01);
    }

    private static EstimatorChain<SequencePredictionTransformer> Classifier(MLContext ml, int epochs) =>
        ml.Transforms.Text.TokenizeIntoSequence("Features", "Text").Append(Trainer(ml, epochs));

    private static SequenceTrainer Trainer(MLContext ml, int epochs) => ml.BinaryClassification.Trainers.Gru(options: new()
    {
        HiddenSize = HiddenSize, EmbeddingSize = HiddenSize, Bidirectional = true, NumberOfEpochs = epochs, Seed = 1,
    });

    private static byte[] Tensors(SequenceNetwork network)
    {
        string path = Path.GetTempFileName();
        try
        {
            network.SaveSafetensors(path);
            return File.ReadAllBytes(path);
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static IDataView Rows(MLContext ml) => ml.Data.LoadFromEnumerable(Examples());

    private static Row[] Examples() => [.. Enumerable.Range(0, 40).Select(i => new Row
    {
        Text = $"the {(i % 3 == 0 ? "good" : "bad")} one of {i % 7} and {i % 5}",
        Label = i % 3 == 0,
    })];

    private sealed class Row
    {
        public string Text { get; set; } = "";

        public bool Label { get; set; }
    }

    private sealed class Answer
    {
        public float Score { get; set; }
    }
}
