using Microsoft.ML;
using Xunit;

namespace SequenceModels.Tests.Trainers;

/// <summary>A network that was not trained here, as the model of a pipeline.</summary>
public class ImportedWeightsTests
{
    private readonly MLContext _ml = new(1);

    [Fact]
    public void With_no_epoch_the_network_is_the_model()
    {
        IDataView rows = _ml.Tokens().Fit(_ml.View(60)).Transform(_ml.View(60));
        SequenceNetwork network = Trainer(Examples.Glance).Fit(rows).Model.Network;
        string path = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}.safetensors");
        try
        {
            network.SaveSafetensors(path);
            var imported = SequenceNetwork.FromSafetensors(path, new()
            {
                Cell = network.Cell, InputSize = network.InputSize, EmbeddingSize = network.EmbeddingSize,
                HiddenSize = network.HiddenSize, NumberOfLayers = network.NumberOfLayers, Bidirectional = network.Bidirectional,
                Pooling = network.Pooling, Output = SequenceNetworkOutput.BinaryClass,
            });
            SequencePredictionTransformer model = Trainer(Examples.Glance with { NumberOfEpochs = 0 })
                .Fit(rows, null, SequenceModelParameters.FromNetwork(imported));
            Assert.Empty(model.Model.History);
            Assert.Equal(network.Score([1u, 2, 3]), model.Model.Network.Score([1u, 2, 3]));
            using var saved = new MemoryStream();
            _ml.Model.Save(model, rows.Schema, saved);
            saved.Position = 0;
            Assert.Equal(_ml.BinaryClassification.Evaluate(model.Transform(rows), nameof(Example.Positive)).LogLoss,
                _ml.BinaryClassification.Evaluate(_ml.Model.Load(saved, out _).Transform(rows),
                    nameof(Example.Positive)).LogLoss);
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void No_epoch_without_a_network_is_refused_by_name() => Assert.Contains("NumberOfEpochs is 0, but there is no initial",
        Assert.Throws<InvalidOperationException>(() => Trainer(Examples.Glance with { NumberOfEpochs = 0 })
            .Fit(_ml.Tokens().Fit(_ml.View(30)).Transform(_ml.View(30)))).Message, StringComparison.Ordinal);

    private SequenceTrainer Trainer(SequenceTrainerOptions options) =>
        _ml.BinaryClassification.Trainers.Lstm(nameof(Example.Positive), options: options);
}
