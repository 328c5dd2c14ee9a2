using System.Text;
using Microsoft.ML;
using SequenceModels.Tests;

namespace SequenceModels.Fuzz;

/// <summary>The kinds of files that others write: no checksum, and nothing in them can be believed.</summary>
internal static class ForeignFiles
{
    /// <summary>Weights of a network, as a library calls them.</summary>
    public static FuzzSubject Weights(string name, TensorNames names)
    {
        MLContext ml = FuzzData.NewContext();
        SequenceNetwork network = FuzzData.Keys(ml).Append(ml.Transforms.Conversion.MapValueToKey("Label", "Class"))
            .Append(ml.MulticlassClassification.Trainers.Gru(featureColumnName: "Tokens", options: FuzzData.Small with
            {
                Bidirectional = true,
                Pooling = SequencePooling.Mean,
            })).Fit(FuzzData.Rows(ml)).LastTransformer.Model.Network;
        SequenceNetworkShape shape = new()
        {
            Cell = network.Cell, InputSize = network.InputSize, EmbeddingSize = network.EmbeddingSize,
            HiddenSize = network.HiddenSize, Bidirectional = true, Pooling = network.Pooling,
            NumberOfOutputs = network.NumberOfOutputs,
        };
        return OfPath(name, WithFile([], path =>
        {
            network.SaveSafetensors(path, names);
            return File.ReadAllBytes(path);
        }), path =>
        {
            var loaded = SequenceNetwork.FromSafetensors(path, shape, names);
            return () => FuzzSubject.RequireFinite(loaded.Score([1, 0, 2]));
        }) with
        { Mutate = SafetensorsMutation.Of };
    }

    /// <summary>Sound of two channels and floating point, brought to another rate.</summary>
    public static FuzzSubject Wave()
    {
        var extractor = new FrameExtractor(new(), 16_000);
        return new FuzzSubject("wav", WaveFile.Of([.. Enumerable.Range(0, 150).Select(i => MathF.Sin(i))], rate: 44_100,
            channels: 2,
            bits: 32, tag: 3, isExtensible: true), file =>
            {
                var clip = AudioClip.Load(new MemoryStream(file), 16_000);
                return () =>
                {
                    FuzzSubject.RequireFinite(clip.Samples.Span);
                    FuzzSubject.RequireFinite(extractor.Extract(clip.Samples.Span));
                };
            })
        { Mutate = Mutation.OfPlain };
    }

    public static FuzzSubject WordVectors() =>
        OfPath("word-vectors", Encoding.UTF8.GetBytes("4 2\ngo 0.5 -1\nto 1e-3 2\nsea 3 4\nbe 0 1\n"), path => Embedding(path));

    public static FuzzSubject TensorVectors() => WithFile("go 0.5 -1\nto 1e-3 2\nsea 3 4\nbe 0 1\n"u8.ToArray(), text => OfPath(
        "tensor-vectors", WithFile([], path =>
        {
            SequenceModels.WordVectors.FromFile(text).SaveSafetensors(path);
            return File.ReadAllBytes(path);
        }), path => Embedding(path))) with
    { Mutate = SafetensorsMutation.Of };

    public static FuzzSubject VectorVocabulary() => OfPath("vector-vocabulary",
        """{"model":{"vocab":{"go":0,"to":1}},"added_tokens":[{"id":3,"content":"be"}]}"""u8.ToArray(), words =>
            WithFile(TensorVectors().Payload, path => Embedding(path, words)), ".json");

    public static FuzzSubject BytePairVocabulary() => OfPath("byte-pair-vocabulary", Vocabulary,
        path => WithFile(Merges, merges => Tokenizing(SequenceTokenization.BytePair(path, merges))));

    public static FuzzSubject BytePairMerges() => OfPath("byte-pair-merges", Merges,
        path => WithFile(Vocabulary, vocabulary => Tokenizing(SequenceTokenization.BytePair(vocabulary, path))));

    public static FuzzSubject WordPiece() => OfPath("word-piece", "[UNK]\ngo\nto\nse\n##a\nbe\n"u8.ToArray(),
        path => Tokenizing(SequenceTokenization.WordPiece(path)));

    public static FuzzSubject SentencePiece() => OfPath("sentence-piece",
        File.ReadAllBytes(Repository.PathOf("tests", "SequenceModels.Core.Tests", "Sequences", "Pieces", "unigram-bytes.model")),
        path => Tokenizing(SequenceTokenization.SentencePiece(path)));

    private static byte[] Vocabulary => Encoding.UTF8.GetBytes(
        "{\"<unk>\":0,\"g\":1,\"o\":2,\"go\":3,\"\u0120\":4,\"t\":5,\"\u0120t\":6,\"s\":7,\"e\":8,\"a\":9,\"b\":10}");

    private static byte[] Merges => Encoding.UTF8.GetBytes("#version: 0.2\ng o\n\u0120 t\n");

    /// <summary>
    /// Trains with the vectors of a file. That they are longer or shorter than the embedding, or too large to train with, is
    /// told.
    /// </summary>
    private static Action Embedding(string path, string? words = null)
    {
        MLContext ml = FuzzData.NewContext();
        try
        {
            SequenceNetwork network = FuzzData.Keys(ml).Append(ml.Regression.Trainers.Gru("Number", ["Tokens"],
                options: FuzzData.Small with
                {
                    PretrainedVectors = SequenceModels.WordVectors.FromFile(path) with { VocabularyPath = words },
                }))
                .Fit(FuzzData.Rows(ml)).LastTransformer.Model.Network;
            return () => FuzzSubject.RequireFinite(network.Score([1, 0, 2]));
        }
        catch (InvalidOperationException e) when (e.Message.Contains("EmbeddingSize is 2", StringComparison.Ordinal) ||
            e.Message.StartsWith("Training diverged", StringComparison.Ordinal))
        {
            return () => { };
        }
    }

    private static Action Tokenizing(SequenceTokenization tokenization) => () =>
    {
        MLContext ml = FuzzData.NewContext();
        IDataView rows = FuzzData.Rows(ml);
        _ = ml.Transforms.Text.TokenizeIntoSequence("Tokens", "Text", tokenization).Fit(rows).Transform(rows).Preview(3);
    };

    private static FuzzSubject OfPath(string name, byte[] content, Func<string, Action> load, string extension = "") =>
        new(name, content, payload => WithFile(payload, load, extension)) { Mutate = Mutation.OfPlain };

    private static T WithFile<T>(byte[] content, Func<string, T> read, string extension = "")
    {
        string path = Path.Combine(Path.GetTempPath(), $"SequenceModels-fuzz-{Guid.NewGuid():N}{extension}");
        try
        {
            File.WriteAllBytes(path, content);
            return read(path);
        }
        finally
        {
            File.Delete(path);
        }
    }
}
