using Microsoft.ML;
using Microsoft.ML.Data;
using SequenceModels.Networks;
using SequenceModels.Parameters;
using SequenceModels.Tests.Conformance;
using Xunit;

namespace SequenceModels.Tests.Trainers;

/// <summary>Vectors that a trained network makes of sequences: what its output layer reads.</summary>
public class FeaturizingTests
{
    private readonly MLContext _ml = new(1);

    [Theory]
    [InlineData(SequencePooling.Last, false)]
    [InlineData(SequencePooling.Last, true)]
    [InlineData(SequencePooling.Mean, true)]
    [InlineData(SequencePooling.Max, false)]
    public void The_output_layer_makes_the_score_of_them(SequencePooling pooling, bool bidirectional)
    {
        IDataView data = Tokens(40);
        SequencePredictionTransformer model = _ml.BinaryClassification.Trainers.Lstm(nameof(Example.Positive), options:
            Examples.Glance with { HiddenSize = 5, Pooling = pooling, Bidirectional = bidirectional }).Fit(data);
        ITransformer featurizer = _ml.Sequences().Featurize("Vector", model).Fit(data);
        int size = bidirectional ? 10 : 5;
        Assert.Equal(size, Assert.IsType<SequenceFeaturizingTransformer>(featurizer).VectorSize);
        IDataView scored = model.Transform(featurizer.Transform(data));
        Assert.Equal(size, ((VectorDataViewType)scored.Schema["Vector"].Type).Size);
        foreach ((float[] vector, float score) in scored.GetColumn<float[]>("Vector").Zip(scored.GetColumn<float>("Score")))
            Assert.Equal(Outputs(model.Model.Network.Layers, vector)[0], score, 1e-5);
        Assert.True(scored.GetColumn<float[]>("Vector").DistinctBy(vector => vector[0]).Count() > 20);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Of_a_language_model_they_are_the_state_that_says_what_comes_next(bool reversed)
    {
        IDataView data = Tokens(30);
        LanguageModelTransformer model = _ml.Sequences().LanguageModeling.Trainers.Gru(options:
            LanguageModelTests.Quick with { NumberOfEpochs = 1, Reversed = reversed }).Fit(data);
        IDataView vectors = _ml.Sequences().Featurize("Vector", model).Fit(data).Transform(data);
        SequenceNetwork network = model.Model.Network;
        foreach ((float[] vector, uint[] keys) in vectors.GetColumn<float[]>("Vector").Zip(data.GetColumn<uint[]>("Features")))
        {
            float[] scores = network.Score(reversed ? [.. keys.Reverse()] : keys);
            double[] logits = Outputs(network.Layers, vector);
            double sum = logits.Sum(Math.Exp);
            Assert.Equal(logits.Length, network.NumberOfOutputs);
            for (int i = 0; i < logits.Length; i++)
                Assert.Equal(Math.Exp(logits[i]) / sum, scores[^(logits.Length - i)], 1e-5);
        }
    }

    [Fact]
    public void Rows_in_blocks_and_of_a_loaded_model_have_the_vectors_that_they_have_alone()
    {
        IDataView data = Tokens(300);
        SequencePredictionTransformer model =
            _ml.BinaryClassification.Trainers.Gru(nameof(Example.Positive), options: Examples.Glance).Fit(data);
        ITransformer featurizer = _ml.Sequences().Featurize("Vector", model).Fit(data);
        string[] expected = Rows.OfMapped(data, featurizer.GetRowToRowMapper(data.Schema), "Vector");
        Assert.Equal(expected, Rows.Of(featurizer.Transform(data), "Vector"));
        using var file = new MemoryStream();
        _ml.Model.Save(featurizer, data.Schema, file);
        file.Position = 0;
        Assert.Equal(expected, Rows.Of(_ml.Model.Load(file, out _).Transform(data), "Vector"));
    }

    [Fact]
    public void A_row_without_steps_is_a_vector_of_zeros()
    {
        var data = new TestView(TestColumn.Keys("Features", 3, [1, 2], [], [3], [2, 2]));
        LanguageModelTransformer model =
            _ml.Sequences().LanguageModeling.Trainers.Lstm(options: LanguageModelTests.Quick with { NumberOfEpochs = 1 })
                .Fit(data);
        float[][] vectors =
            [.. _ml.Sequences().Featurize("Vector", model).Fit(data).Transform(data).GetColumn<float[]>("Vector")];
        Assert.All(vectors[1], number => Assert.Equal(0, number));
        Assert.DoesNotContain(vectors[0], number => number == 0);
    }

    [Fact]
    public void A_chain_prepares_its_rows_and_others_go_on_from_the_vectors()
    {
        IDataView texts = _ml.View(60);
        var chain = _ml.BinaryPipeline(Examples.Glance).Fit(texts);
        var clusters = _ml.Sequences().Featurize("Vector", chain)
            .Append(_ml.Clustering.Trainers.KMeans("Vector", numberOfClusters: 2)).Fit(texts);
        Assert.Equal([1u, 2u], clusters.Transform(texts).GetColumn<uint>("PredictedLabel").Distinct().Order());

        var tokens = _ml.Tokens().Fit(texts);
        SequencePredictionTransformer model = _ml.BinaryClassification.Trainers.Lstm(nameof(Example.Positive),
            options: Examples.Glance).Fit(tokens.Transform(texts));
        Assert.Equal(Rows.Of(_ml.Sequences().Featurize("Vector", model).Fit(tokens.Transform(texts))
            .Transform(tokens.Transform(texts)), "Vector"),
            Rows.Of(_ml.Tokens().Append(_ml.Sequences().Featurize("Vector", model)).Fit(texts).Transform(texts), "Vector"));
    }

    [Fact]
    public void Models_without_such_a_network_and_other_keys_are_refused()
    {
        IDataView data = Tokens(20);
        Assert.StartsWith("The model has no classifier, regression or language model in it: it is made of " +
            "SequenceTokenizingTransformer.", Assert.Throws<ArgumentException>(() =>
                _ml.Sequences().Featurize("Vector", _ml.Tokens().Fit(_ml.View(20)))).Message, StringComparison.Ordinal);
        SequencePredictionTransformer model =
            _ml.BinaryClassification.Trainers.Gru(nameof(Example.Positive), options: Examples.Glance).Fit(data);
        Assert.Throws<ArgumentException>(() => _ml.Sequences().Featurize("", model));
        var others = new TestView(TestColumn.Keys("Features", model.Model.Network.InputSize, [1, 2]));
        Assert.Contains("stand for other values", Assert.Throws<ArgumentOutOfRangeException>(() =>
            _ml.Sequences().Featurize("Vector", model).Fit(others)).Message, StringComparison.Ordinal);
    }

    /// <summary>vector W + b of the output layer.</summary>
    private static double[] Outputs(EncoderNetwork network, float[] vector)
    {
        Parameter weight = network.Parameters.All.Single(parameter => parameter.Name == "output.W"),
            bias = network.Output.Dense.Bias;
        float[] row = new float[weight.Units];
        bias.Read(network.Parameters.Values, 0, 0, row);
        double[] outputs = [.. row];
        Assert.Equal(weight.Rows, vector.Length);
        for (int r = 0; r < vector.Length; r++)
        {
            weight.Read(network.Parameters.Values, r, 0, row);
            for (int i = 0; i < outputs.Length; i++)
                outputs[i] += (double)vector[r] * row[i];
        }
        return outputs;
    }

    private IDataView Tokens(int rows) => _ml.Tokens().Fit(_ml.View(300)).Transform(_ml.View(rows));
}
