using Microsoft.ML;
using Microsoft.ML.Data;
using SequenceModels.Networks;
using SequenceModels.Parameters;
using Xunit;

namespace SequenceModels.Tests.Trainers;

/// <summary>A training that begins with the layers of language models over the same tokens.</summary>
public class PretrainingTests
{
    private static readonly SequenceTrainerOptions s_options = Examples.Glance;

    private static readonly LanguageModelOptions s_language = new()
    {
        HiddenSize = 8, EmbeddingSize = 8, NumberOfEpochs = 2, BatchSize = 16, LearningRate = 0.02f, NumberOfThreads = 1,
        Seed = 3,
    };

    /// <summary>Steps too small to move a weight.</summary>
    private static readonly SequenceOptimizer s_still = SequenceOptimizer.Sgd();

    private readonly MLContext _ml = new(1);

    [Theory]
    [InlineData("Lstm", 1, 8, false)]
    [InlineData("Gru", 2, 8, true)]
    [InlineData("Rnn", 1, 0, false)]
    public void The_layers_are_taken_over_and_the_output_layer_is_new(string cell, int layers, int embeddingSize, bool tied)
    {
        IDataView data = Tokens(60);
        SequenceModelParameters language = Language(cell, s_language with
        {
            NumberOfLayers = layers,
            EmbeddingSize = embeddingSize,
            TiedEmbeddings = tied,
        }).Fit(data).Model;
        SequenceTrainerOptions still = s_options with
        {
            NumberOfLayers = layers,
            EmbeddingSize = embeddingSize,
            LearningRate = 1e-30f,
            Optimizer = s_still,
            Seed = 9,
        };
        EncoderNetwork from = language.Network.Layers, started = Fit(cell, still, data, language).Network.Layers,
            drawn = Fit(cell, still, data, null).Network.Layers;
        foreach (Parameter parameter in started.Parameters.All)
            if (parameter.Name == "output.W")
                Assert.Equal(Values(drawn, parameter.Name), Values(started, parameter.Name));
            else if (parameter.Name == "output.b")
                Assert.All(Values(started, parameter.Name), bias => Assert.Equal(0, bias, 1e-25f));
            else
                Assert.Equal(Values(from, parameter.Name), Values(started, parameter.Name));
        Assert.NotEqual(Values(drawn, "layer1.forward.W"), Values(started, "layer1.forward.W"));
    }

    [Fact]
    public void A_bidirectional_network_begins_with_two_language_models()
    {
        IDataView data = Tokens(60);
        SequenceModelParameters forward = Language("Lstm", s_language).Fit(data).Model,
            backward = Language("Lstm", s_language with { Reversed = true }).Fit(data).Model;
        SequenceTrainerOptions still =
            s_options with { Bidirectional = true, LearningRate = 1e-30f, Optimizer = s_still, Seed = 9 };
        EncoderNetwork started = Binary("Lstm", still).Fit(data, null, forward, backward).Model.Network.Layers;
        Assert.Equal(Values(forward.Network.Layers, "embedding"), Values(started, "embedding"));
        foreach (string name in new[] { "W", "b", "R" })
        {
            Assert.Equal(Values(forward.Network.Layers, $"layer1.forward.{name}"), Values(started, $"layer1.forward.{name}"));
            Assert.Equal(Values(backward.Network.Layers, $"layer1.forward.{name}"), Values(started, $"layer1.backward.{name}"));
        }
    }

    [Fact]
    public void Frozen_epochs_move_the_output_layer_alone()
    {
        IDataView data = Tokens(60);
        SequenceModelParameters language = Language("Lstm", s_language).Fit(data).Model;
        SequenceTrainerOptions frozen =
            s_options with { NumberOfEpochs = 2, FrozenEpochs = 2, Optimizer = SequenceOptimizer.AdamW(0.1f) };
        EncoderNetwork from = language.Network.Layers, held = Fit("Lstm", frozen, data, language).Network.Layers,
            freed = Fit("Lstm", frozen with { NumberOfEpochs = 3 }, data, language).Network.Layers,
            first = Fit("Lstm", frozen with { NumberOfEpochs = 1 }, data, language).Network.Layers;
        string[] layers = ["embedding", "layer1.forward.W", "layer1.forward.b", "layer1.forward.R"];
        Assert.All(layers, name => Assert.Equal(Values(from, name), Values(held, name)));
        Assert.All(layers, name => Assert.NotEqual(Values(from, name), Values(freed, name)));
        Assert.NotEqual(Values(first, "output.W"), Values(held, "output.W"));
    }

    [Fact]
    public void A_lower_layer_moves_at_its_share_of_the_rate()
    {
        // All rows in a single batch, one update by plain gradient descent: the step is the rate times the gradient.
        IDataView data = Tokens(30);
        SequenceTrainerOptions one = s_options with
        {
            NumberOfEpochs = 1,
            NumberOfLayers = 2,
            BatchSize = 30,
            LearningRate = 1,
            Optimizer = SequenceOptimizer.Sgd(momentum: 0),
        };
        EncoderNetwork begin = Fit("Lstm", one with { LearningRate = 1e-30f }, data, null).Network.Layers,
            alike = Fit("Lstm", one, data, null).Network.Layers,
            less = Fit("Lstm", one with { LayerRateDecay = 0.5f }, data, null).Network.Layers;
        foreach ((string name, double share) in new[] { ("output.W", 1), ("layer2.forward.W", 0.5), ("layer1.forward.R", 0.25),
            ("layer1.forward.b", 0.25), ("embedding", 0.125) })
        {
            float[] from = Values(begin, name), whole = Values(alike, name), part = Values(less, name);
            Assert.NotEqual(from, whole);
            for (int i = 0; i < from.Length; i++)
                Assert.Equal(share * ((double)whole[i] - from[i]), (double)part[i] - from[i], 1e-6);
        }
    }

    [Fact]
    public void Threads_change_no_bit_and_a_checkpoint_goes_on_to_the_same()
    {
        IDataView data = Tokens(60);
        SequenceModelParameters forward = Language("Gru", s_language).Fit(data).Model,
            backward = Language("Gru", s_language with { Reversed = true }).Fit(data).Model;
        SequenceTrainerOptions options = s_options with
        {
            Bidirectional = true,
            NumberOfEpochs = 4,
            FrozenEpochs = 2,
            LayerRateDecay = 0.4f,
        };
        byte[] Fit(SequenceTrainerOptions with) =>
            Binary("Gru", with).Fit(data, null, forward, backward).Model.Network.Bytes();
        byte[] expected = Fit(options);
        Assert.Equal(expected, Fit(options with { NumberOfThreads = 2 }));
        string folder = Directory.CreateTempSubdirectory("SequenceModels-test-").FullName,
            path = Path.Combine(folder, "checkpoint");
        try
        {
            for (int stop = 1; stop < 4; stop++)
            {
                using var source = new CancellationTokenSource();
                SequenceTrainerOptions kept = options with { CheckpointPath = path };
                Assert.ThrowsAny<OperationCanceledException>(() =>
                    Fit(kept with { CancellationToken = source.Token, Progress = new StopsAt(source, stop) }));
                string other = Assert.Throws<InvalidOperationException>(() =>
                    Binary("Gru", kept with { Bidirectional = false }).Fit(data, null, forward)).Message;
                Assert.Contains("initial language models (SHA-256 ", other, StringComparison.Ordinal);
                Assert.Equal(expected, Fit(kept));
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public void Classes_numbers_and_tags_begin_with_it()
    {
        IDataView data = _ml.Transforms.Conversion.MapValueToKey("Key", nameof(Example.Topic)).Append(_ml.Tokens())
            .Fit(_ml.View(60)).Transform(_ml.View(60));
        SequenceModelParameters language = Language("Lstm", s_language).Fit(data).Model;
        SequenceTrainerOptions frozen = s_options with { FrozenEpochs = 2 };
        float[] expected = Values(language.Network.Layers, "layer1.forward.R");
        foreach (SequenceTrainer trainer in new[]
        {
            _ml.MulticlassClassification.Trainers.Lstm("Key", options: frozen),
            _ml.Regression.Trainers.Lstm(nameof(Example.Sum), options: frozen),
        })
            Assert.Equal(expected, Values(trainer.Fit(data, null, language).Model.Network.Layers, "layer1.forward.R"));

        IDataView tagged = _ml.Prepared(40);
        LanguageModelTrainer trainerOfTokens = _ml.Sequences().LanguageModeling.Trainers.Lstm("Tokens", s_language);
        SequenceModelParameters ofTags = trainerOfTokens.Fit(tagged).Model;
        TaggingOptions options = TaggedExamples.Glance with
        {
            HiddenSize = 8,
            EmbeddingSize = 8,
            Bidirectional = false,
            NumberOfLayers = 1,
            FrozenEpochs = 2,
            NumberOfEpochs = 2,
        };
        foreach (TagDecoding decoding in Enum.GetValues<TagDecoding>())
            Assert.Equal(Values(ofTags.Network.Layers, "layer1.forward.R"), Values(
                _ml.Sequences().Tagging.Trainers.Lstm("Label", ["Tokens"], options with { TagDecoding = decoding })
                    .Fit(tagged, null, ofTags).Model.Network.Layers, "layer1.forward.R"));
    }

    public static TheoryData<string, string> Misfits => new()
    {
        { "size", "The initial language model has other layers than the options and the data ask for: HiddenSize (8, here 9). " +
            "Give the options its values: its embedding and its recurrent layers are taken over as they are." },
        { "embedding", "The initial language model has other layers than the options and the data ask for: EmbeddingSize (8, " +
            "here 7). " },
        { "cell", "The initial language model has other layers than the options and the data ask for: Cell (LSTM, here GRU). " },
        { "layers", "The initial language model has other layers than the options and the data ask for: NumberOfLayers (1, " +
            "here 2). " },
        { "vocabulary", "The initial model was trained with another vocabulary: the keys of column 'Features' stand for other " +
            "tokens than they did" },
        { "frames", "Column 'Readings' holds frames of 1 number, but the model was trained on tokens of a vocabulary of " },
        { "one for two directions", "Bidirectional is true, but there is a language model for one direction only. Give Fit a " +
            "second one, trained with LanguageModelOptions.Reversed = true, or set Bidirectional to false." },
        { "two for one direction", "There are language models for two directions, but Bidirectional is false. " },
        { "first reversed", "The initial language model reads rows from their end, but it is taken for the direction that " +
            "reads them from their beginning. Give one that was trained with LanguageModelOptions.Reversed = false." },
        { "second forward", "The second initial language model reads rows from their beginning, " },
        { "two directions and layers", "NumberOfLayers is 2, but a bidirectional network that begins with two language models " +
            "has one layer: " },
        { "second is none", "The second of two initial models is no language model: " },
        { "first is none", "The first of two initial models is no language model: " },
    };

    [Theory]
    [MemberData(nameof(Misfits))]
    public void What_does_not_fit_is_refused(string case_, string message)
    {
        IDataView data = Tokens(20);
        SequenceModelParameters forward = Language("Lstm", s_language).Fit(data).Model;
        SequenceModelParameters Reversed() => Language("Lstm", s_language with { Reversed = true }).Fit(data).Model;
        SequenceModelParameters NoLanguage() => Fit("Lstm", s_options, data, null);
        void Fits(SequenceTrainerOptions options, SequenceModelParameters initial, SequenceModelParameters? second = null,
            string cell = "Lstm")
        {
            var watched = new WatchedView(data);
            if (second is null)
                Binary(cell, options).Fit(watched, null, initial);
            else
                Binary(cell, options).Fit(watched, null, initial, second);
        }
        SequenceTrainerOptions both = s_options with { Bidirectional = true };
        Exception error = Assert.ThrowsAny<ArgumentException>(() =>
        {
            switch (case_)
            {
                case "size": Fits(s_options with { HiddenSize = 9 }, forward); break;
                case "embedding": Fits(s_options with { EmbeddingSize = 7 }, forward); break;
                case "cell": Fits(s_options, forward, cell: "Gru"); break;
                case "layers": Fits(s_options with { NumberOfLayers = 2 }, forward); break;
                case "vocabulary":
                    IDataView first = Texts("up up down", "down up down up up"), other = Texts("down down up", "up down down");
                    Binary("Lstm", s_options).Fit(other, null, Language("Lstm", s_language).Fit(first).Model);
                    break;
                case "frames":
                    _ml.BinaryClassification.Trainers.Lstm(nameof(Example.Positive), nameof(Example.Readings), options: s_options)
                        .Fit(data, null, forward);
                    break;
                case "one for two directions": Fits(both, forward); break;
                case "two for one direction": Fits(s_options, forward, Reversed()); break;
                case "first reversed": Fits(s_options, Reversed()); break;
                case "second forward": Fits(both, forward, forward); break;
                case "two directions and layers": Fits(both with { NumberOfLayers = 2 }, forward, Reversed()); break;
                case "second is none": Fits(both, forward, NoLanguage()); break;
                case "first is none": Fits(both, NoLanguage(), Reversed()); break;
            }
        });
        Assert.StartsWith(message, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Frozen_epochs_without_an_initial_model_are_refused() =>
        Assert.Equal("SequenceTrainerOptions.FrozenEpochs is 1, but there is no initial model whose layers could stay as they " +
            "are. Give Fit a language model or another initial model, or leave the option at 0.",
            Assert.Throws<InvalidOperationException>(() =>
                Binary("Lstm", s_options with { FrozenEpochs = 1 }).Fit(Tokens(20))).Message);

    private static float[] Values(EncoderNetwork network, string name)
    {
        Parameter parameter = network.Parameters.All.Single(each => each.Name == name);
        float[] values = new float[parameter.LogicalLength];
        for (int row = 0, at = 0; row < parameter.Rows; row++)
            for (int gate = 0; gate < parameter.Gates; gate++, at += parameter.Units)
                parameter.Read(network.Parameters.Values, row, gate, values.AsSpan(at, parameter.Units));
        return values;
    }

    private SequenceModelParameters Fit(string cell, SequenceTrainerOptions options, IDataView data,
        SequenceModelParameters? initial) => Binary(cell, options).Fit(data, null, initial).Model;

    private SequenceTrainer Binary(string cell, SequenceTrainerOptions options)
    {
        BinaryClassificationCatalog.BinaryClassificationTrainers trainers = _ml.BinaryClassification.Trainers;
        return cell switch
        {
            "Lstm" => trainers.Lstm(nameof(Example.Positive), options: options),
            "Gru" => trainers.Gru(nameof(Example.Positive), options: options),
            _ => trainers.Rnn(nameof(Example.Positive), options: options),
        };
    }

    private LanguageModelTrainer Language(string cell, LanguageModelOptions options)
    {
        LanguageModelingTrainers trainers = _ml.Sequences().LanguageModeling.Trainers;
        return cell switch
        {
            "Lstm" => trainers.Lstm(options: options),
            "Gru" => trainers.Gru(options: options),
            _ => trainers.Rnn(options: options),
        };
    }

    private IDataView Tokens(int rows) => _ml.Tokens().Fit(_ml.View(100)).Transform(_ml.View(rows));

    private IDataView Texts(params string[] texts)
    {
        IDataView data =
            _ml.Data.LoadFromEnumerable(texts.Select((text, row) => new Example { Text = text, Positive = row % 2 == 0 }));
        return _ml.Tokens().Fit(data).Transform(data);
    }

    /// <summary>Cancels with an epoch's last batch, too late for that epoch not to end.</summary>
    private sealed class StopsAt(CancellationTokenSource source, int epoch) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value)
        {
            if (value.Epoch == epoch && value.Batch == value.NumberOfBatches)
                source.Cancel();
        }
    }
}
