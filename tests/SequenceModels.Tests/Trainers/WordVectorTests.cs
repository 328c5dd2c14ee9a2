using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using SequenceModels.Layers;
using SequenceModels.Parameters;
using SequenceModels.Training;
using Xunit;

namespace SequenceModels.Tests.Trainers;

public class WordVectorTests
{
    private static readonly SequenceTrainerOptions s_options = Examples.Glance;

    private readonly MLContext _ml = new(1);
    private readonly List<(ChannelMessageKind Kind, string Message)> _log = [];

    public WordVectorTests() => _ml.Log += (_, e) => _log.Add((e.Kind, e.RawMessage));

    /// <summary>A file of vectors, all different, of these words and one that no text has.</summary>
    public static string FileOf(int size, params string[] words)
    {
        string path = Path.Combine(Directory.CreateTempSubdirectory("SequenceModels-test-").FullName, "vectors.txt");
        File.WriteAllLines(path, words.Append("zebra").Select((word, i) =>
            $"{word} {string.Join(' ', Vector(i, size).Select(value => value.ToString("R", CultureInfo.InvariantCulture)))}"));
        return path;
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Frozen_vectors_stay_to_the_bit_and_others_are_a_start(bool frozen)
    {
        IDataView data = _ml.View(60);
        foreach (SequenceOptimizer optimizer in new[] { SequenceOptimizer.AdamW(0.1f), SequenceOptimizer.Sgd(0.9f),
            SequenceOptimizer.RmsProp() })
        {
            var model = Fit(data, s_options with
            {
                Optimizer = optimizer,
                PretrainedVectors = FileWith("up", "down", "x") with { Frozen = frozen }
            });
            string[] tokens = Tokens(data);
            for (int token = 0; token < tokens.Length; token++)
                if (Array.IndexOf(["up", "down", "x"], tokens[token]) is >= 0 and var word)
                    Assert.Equal(frozen, Vector(word, 8).SequenceEqual(Row(model, token + 1)));
        }
    }

    [Theory]
    [InlineData(false, false, 0.02f)]
    [InlineData(true, false, 0.02f)]
    [InlineData(false, false, 1e-30f)]
    [InlineData(false, true, 0.02f)]
    [InlineData(false, true, 1e-30f)]
    public void A_language_model_starts_from_them_too(bool frozen, bool tied, float rate)
    {
        LanguageModelOptions options = LanguageModelTests.Quick with
        {
            EmbeddingSize = 12,
            TiedEmbeddings = tied,
            NumberOfEpochs = 1,
            LearningRate = rate,
            PretrainedVectors = WordVectors.FromFile(FileOf(12, "a", "b")) with { Frozen = frozen },
        };
        IDataView data = LanguageModelTests.Lines(_ml, LanguageModelTests.Cycle(60));
        SequenceModelParameters model = LanguageModelTests.Tokens(_ml)
            .Append(_ml.Sequences().LanguageModeling.Trainers.Gru(options: options))
            .Fit(data).LastTransformer.Model;
        Assert.Equal(2 / 3.0, model.WordVectorCoverage);
        Assert.Equal(frozen || rate < 1e-20, Vector(0, 12).SequenceEqual(Row(model, 1)));
        LanguageModelOptions both =
            options with { TiedEmbeddings = true, PretrainedVectors = options.PretrainedVectors with { Frozen = true } };
        Assert.Contains("TiedEmbeddings must be false", Assert.Throws<ArgumentOutOfRangeException>(() =>
            _ml.Sequences().LanguageModeling.Trainers.Gru(options: both)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Frozen_means_the_vectors_of_all_tokens()
    {
        IDataView data = _ml.View(60);
        WordVectors file = FileWith("up");
        var one = Fit(data, s_options with { NumberOfEpochs = 1, PretrainedVectors = file with { Frozen = true } });
        var more = Fit(data, s_options with { NumberOfEpochs = 3, PretrainedVectors = file with { Frozen = true } });
        for (int row = 0; row <= one.Network.InputSize; row++)
            Assert.Equal(Row(one, row), Row(more, row));
        Assert.NotEqual(one.Network.Bytes(), more.Network.Bytes());
    }

    [Fact]
    public void A_token_without_a_vector_keeps_its_random_start()
    {
        IDataView data = _ml.View(60);
        SequenceTrainerOptions still = s_options with { NumberOfEpochs = 1, LearningRate = 1e-30f };
        var random = Fit(data, still);
        var found = Fit(data, still with { PretrainedVectors = FileWith("up") });
        string[] tokens = Tokens(data);
        for (int row = 0; row <= tokens.Length; row++)
            Assert.Equal(row > 0 && tokens[row - 1] == "up" ? Vector(0, 8) : Row(random, row), Row(found, row));
    }

    [Fact]
    public void The_share_that_was_found_is_told_and_saved()
    {
        IDataView data = _ml.View(60);
        string[] tokens = Tokens(data);
        var all = Fit(data, s_options with { PretrainedVectors = FileWith(tokens) });
        Assert.Equal(1, all.WordVectorCoverage);
        Assert.Contains(_log, line => line.Kind == ChannelMessageKind.Info &&
            line.Message.Contains($"{tokens.Length} of the {tokens.Length} tokens"));
        Assert.DoesNotContain(_log, line => line.Kind == ChannelMessageKind.Warning);
        WordVectors few = FileWith("up");
        ITransformer model = _ml.BinaryPipeline(s_options with { PretrainedVectors = few }).Fit(data);
        Assert.Contains(_log, line => line.Kind == ChannelMessageKind.Warning &&
            line.Message.Contains("The others start at random"));
        File.Delete(few.Path);
        using var stream = new MemoryStream();
        _ml.Model.Save(model, data.Schema, stream);
        var loaded = (TransformerChain<ITransformer>)new MLContext().Model.Load(stream, out _);
        Assert.Equal(1.0 / tokens.Length, ((SequencePredictionTransformer)loaded.LastTransformer).Model.WordVectorCoverage);
        Assert.Equal(model.Scores(data), loaded.Scores(data));
        Assert.Null(Fit(data, s_options).WordVectorCoverage);
    }

    [Fact]
    public void An_initial_model_keeps_its_own_vectors()
    {
        IDataView data = _ml.Tokens().Fit(_ml.View(60)).Transform(_ml.View(60));
        var first = Trainer(s_options).Fit(data).Model;
        WordVectors file = FileWith("up") with { Frozen = true };
        var next = Trainer(s_options with { PretrainedVectors = file }).Fit(data, null, first).Model;
        for (int row = 0; row <= first.Network.InputSize; row++)
            Assert.Equal(Row(first, row), Row(next, row));
        Assert.Null(next.WordVectorCoverage);
    }

    [Fact]
    public void What_cannot_be_is_named()
    {
        IDataView data = _ml.View(20);
        string message = Assert.Throws<InvalidOperationException>(() =>
            Fit(data, s_options with { EmbeddingSize = 64, PretrainedVectors = FileWith("up") })).Message;
        Assert.Contains("EmbeddingSize is 64", message);
        Assert.Contains("have 8 numbers", message);
        Assert.Contains("EmbeddingSize must be the length of the vectors", Assert.Throws<ArgumentOutOfRangeException>(() =>
            Fit(data, s_options with { EmbeddingSize = 0, PretrainedVectors = FileWith("up") })).Message);
        Assert.Contains("PretrainedVectors are of tokens, but 'Readings' hold none", Assert.Throws<ArgumentException>(() =>
            _ml.SumTrainer(s_options with { PretrainedVectors = FileWith("up") }).Fit(data)).Message);
        Assert.Contains("'no.txt'", Assert.Throws<FileNotFoundException>(() => WordVectors.FromFile("no.txt")).Message);
    }

    [Fact]
    public void Vectors_of_a_trained_network_are_the_start_of_another()
    {
        IDataView data = _ml.View(60);
        SequenceModelParameters first = Fit(data, s_options);
        string path = Path.ChangeExtension(FileOf(1), ".safetensors");
        string[] tokens = Tokens(data);
        first.Network.SaveWordVectors(path, tokens);
        SequenceModelParameters second = Fit(data, s_options with
        {
            PretrainedVectors = WordVectors.FromFile(path) with { Frozen = true },
            Seed = 7,
        });
        Assert.Equal(1, second.WordVectorCoverage);
        Assert.All(Enumerable.Range(1, tokens.Length), row => Assert.Equal(Row(first, row), Row(second, row)));
        Assert.Contains("vocabulary has 1 token; the network reads", Assert.Throws<ArgumentException>(() =>
            first.Network.SaveWordVectors(path, ["a"])).Message);
        Assert.Throws<InvalidOperationException>(() =>
            Fit(data, s_options with { EmbeddingSize = 0 }).Network.SaveWordVectors(path, tokens));
    }

    [Fact]
    public void A_checkpoint_of_other_vectors_is_another_training()
    {
        IDataView data = _ml.View(60);
        string checkpoint = Path.Combine(Directory.CreateTempSubdirectory("SequenceModels-test-").FullName, "checkpoint");
        using var cancel = new CancellationTokenSource();
        SequenceTrainerOptions options =
            s_options with { CheckpointPath = checkpoint, NumberOfEpochs = 3, PretrainedVectors = FileWith("up") };
        var stop = new Stopping(cancel);
        Assert.Throws<OperationCanceledException>(() =>
            Fit(data, options with { Progress = stop, CancellationToken = cancel.Token }));
        foreach (WordVectors other in new[] { FileWith("down"), options.PretrainedVectors! with { Frozen = true } })
            Assert.Contains("PretrainedVectors",
                Assert.Throws<InvalidOperationException>(() => Fit(data, options with { PretrainedVectors = other })).Message);
        // The same vectors in another file are the same training.
        Assert.NotNull(Fit(data, options with { PretrainedVectors = FileWith("up") }));
    }

    private static WordVectors FileWith(params string[] words) => WordVectors.FromFile(FileOf(8, words));

    private SequenceModelParameters Fit(IDataView data, SequenceTrainerOptions options) =>
        _ml.BinaryPipeline(options).Fit(data).LastTransformer.Model;

    private SequenceTrainer Trainer(SequenceTrainerOptions options) =>
        _ml.BinaryClassification.Trainers.Lstm(nameof(Example.Positive), options: options);

    private string[] Tokens(IDataView data) => [.. ((SequenceTokenizingTransformer)_ml.Tokens().Fit(data)).Vocabulary];

    private static float[] Vector(int word, int size) => [.. Enumerable.Range(1, size).Select(i => MathF.Sin(word * 31 + i))];

    private static float[] Row(SequenceModelParameters model, int row)
    {
        ParameterSet parameters = model.Network.Layers.Parameters;
        Parameter table = parameters.All.Single(each => each.Name == Embedding.TableName);
        float[] vector = new float[table.Units];
        table.Read(parameters.Values, row, 0, vector);
        return vector;
    }

    private sealed class Stopping(CancellationTokenSource source) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value)
        {
            if (value.Epoch > 1)
                source.Cancel();
        }
    }
}
