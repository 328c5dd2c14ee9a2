using SequenceModels.Heads;
using SequenceModels.Kernels;
using SequenceModels.Layers;
using SequenceModels.Networks;
using SequenceModels.Parameters;
using SequenceModels.Sequences;
using SequenceModels.Tests.Reference;
using SequenceModels.Training;
using Xunit;

namespace SequenceModels.Tests.Training;

/// <summary>A row of a table that no training row reaches counts nothing.</summary>
public class UnreachedRowsTests
{
    private static readonly SequenceTrainerOptions s_options =
        Plain.Options with { NumberOfEpochs = 3, BatchSize = 4, LearningRate = 0.05f, NumberOfThreads = 1 };

    private static readonly NetworkShape s_words = new()
    {
        Input = StepFeatureKind.Tokens, InputSize = 5, EmbeddingSize = 3, Cell = "GRU", HiddenSize = 4, Head = HeadKind.Softmax,
        NumberOfOutputs = 2,
    };

    [Theory]
    [InlineData(0f, "1 2")]
    [InlineData(0.3f, "0 1 2")]
    public void Training_leaves_them_at_zero(float wordDropout, string reached)
    {
        // 3 only in validation rows, 4 in a row of no weight, 5 in none.
        using SequenceDataset data = Rows(s_words, [1, 2], [2, 2, 1], [1, 1]), validation = Rows(s_words, [3, 1], [1, 3]);
        data.Add([4u, 4], label: 0, weight: 0);
        var job = new TrainingJob
        {
            Spec = s_words, Data = data, Validation = validation,
            Options = s_options with { WordDropout = wordDropout }, Seed = 3
        };
        SequenceNetwork network = Trainer.Train(job).Network;
        Assert.Equal(reached, NotZero(network.Layers, Embedding.TableName));
        Assert.Equal(network.Score([4u, 5]), network.Score([5u, 5]));
        // What is gone on from keeps its rows, and a row of zeros is learned where it is reached.
        using SequenceDataset others = Rows(s_words, [4, 0], [0, 4, 4]);
        SequenceNetwork more =
            Trainer.Train(new TrainingJob
            {
                Spec = s_words, Data = others, Options = s_options, Seed = 3,
                Initial = network.Layers
            }).Network;
        Assert.Equal("0 1 2 4", NotZero(more.Layers, Embedding.TableName));
    }

    [Theory]
    [InlineData(false), InlineData(true)]
    public void Rows_of_input_weights_are_such_rows(bool bidirectional)
    {
        NetworkShape spec = s_words with { EmbeddingSize = 0, Bidirectional = bidirectional };
        using SequenceDataset data = Rows(spec, [1, 2, 0], [5, 9]); // 9 is unknown
        SequenceNetwork network = Trainer.Train(spec, data, s_options, seed: 1);
        foreach (Parameter weight in network.Layers.Parameters.Tables)
            Assert.Equal("0 1 4", NotZero(network.Layers, weight.Name)); // row k is key k + 1
    }

    [Fact]
    public void Further_features_and_characters_have_such_rows()
    {
        NetworkShape spec = s_words with
        {
            EveryStep = true,
            Features =
                [StepFeature.Characters(4, 3, 2), StepFeature.Tokens(3, 2), StepFeature.Frames(1), StepFeature.Subwords(5, 2)]
        };
        using var data = new SequenceDataset(spec.Inputs, targets: data => new StepTargets(data));
        Add([1, 2, 3], [0, float.NaN, float.NaN], weight: 1, words: [[1, 2], [3], []], tokens: [3, 2, 0]);
        Add([1, 2], [1, 0], weight: 1, words: [[1], [1, 9]], tokens: [3, 3]);
        Add([4], [1], weight: 0, words: [[4]], tokens: [1]);
        Assert.Equal(("1 2", "0 1 2", "3", "1 2 5"), Cleared(spec, dropsWords: false));
        Assert.Equal(("0 1 2", "0 1 2", "3", "1 2 5"), Cleared(spec, dropsWords: true));
        Assert.Equal(("1 2 3", "0 1 2 3", "0 2 3", "1 2 3 5"), Cleared(spec with { Bidirectional = true }, dropsWords: false));

        void Add(uint[] first, float[] labels, float weight, uint[][] words, uint[] tokens)
        {
            data.Set(1, [.. words.Select(word => data.WordOf(1, word))]);
            data.Set(2, tokens);
            data.Set(3, new float[first.Length]);
            data.Set(4, [.. words.Select(word => data.WordOf(4, [.. word.Select(part => part == 9 ? 5 : part)]))]);
            data.Add(first, labels, weight);
        }

        (string, string, string, string) Cleared(NetworkShape shape, bool dropsWords)
        {
            EncoderNetwork network = New(shape);
            UnreachedRows.Clear(network, new RowSelection(data), dropsWords);
            string[] names = [.. network.Parameters.Tables.Select(table => table.Name)];
            return (NotZero(network, names[0]), NotZero(network, names[1]), NotZero(network, names[2]),
                NotZero(network, names[3]));
        }
    }

    [Theory]
    [InlineData(false), InlineData(true)]
    public void Of_a_language_model_the_last_token_is_only_an_output(bool tied)
    {
        NetworkShape spec = s_words with { EveryStep = true, NumberOfOutputs = 6, EmbeddingSize = 4, TiedEmbeddings = tied };
        using var data = new SequenceDataset(spec.Inputs, targets: data => new NextStepTargets(data));
        data.Add([1u, 3, 2], labels: []);
        data.Add([1u, 4, 3, 2], labels: []);
        EncoderNetwork network = New(spec);
        UnreachedRows.Clear(network, new RowSelection(data), dropsWords: false);
        Assert.Equal("1 3 4", NotZero(network, Embedding.TableName));
    }

    [Fact]
    public void Rows_that_are_reached_start_as_they_always_did()
    {
        EncoderNetwork plain = New(s_words), cleared = New(s_words);
        using SequenceDataset data = Rows(s_words, [0, 1, 2, 3, 4, 5]);
        UnreachedRows.Clear(cleared, new RowSelection(data), dropsWords: false);
        Assert.Equal(plain.Parameters.Values.Span.ToArray(), cleared.Parameters.Values.Span.ToArray());
    }

    private static EncoderNetwork New(NetworkShape spec)
    {
        var network = new EncoderNetwork(spec, FrameTransform.None, LabelTransform.None);
        network.Parameters.Allocate();
        network.Initialize(7);
        return network;
    }

    private static SequenceDataset Rows(NetworkShape spec, params uint[][] rows)
    {
        var data = new SequenceDataset(spec.Inputs);
        for (int i = 0; i < rows.Length; i++)
            data.Add(rows[i], label: i % 2);
        return data;
    }

    /// <summary>The rows of a table that are not zero.</summary>
    private static string NotZero(EncoderNetwork network, string table)
    {
        Parameter parameter = network.Parameters.All.Single(each => each.Name == table);
        float[] row = new float[parameter.Units];
        return string.Join(' ', Enumerable.Range(0, parameter.Rows).Where(number =>
            Enumerable.Range(0, parameter.Gates).Any(gate =>
            {
                parameter.Read(network.Parameters.Values, number, gate, row);
                return row.AsSpan().ContainsAnyExcept(0f);
            })));
    }
}
