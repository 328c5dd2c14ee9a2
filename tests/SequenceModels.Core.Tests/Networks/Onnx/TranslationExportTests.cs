using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using SequenceModels.Cells;
using SequenceModels.Heads;
using SequenceModels.Networks;
using SequenceModels.Sequences;
using Xunit;

namespace SequenceModels.Tests.Networks;

/// <summary>
/// A translator's two ONNX models, run by ONNX Runtime with a loop of the host's, say what the translator says.
/// </summary>
public class TranslationExportTests
{
    private const int SourceSize = 7, FrameSize = 3, TargetSize = 6, Boundary = TargetSize + 1, Longest = 8;

    public static TheoryData<string, AttentionKind, bool> Shapes
    {
        get
        {
            var shapes = new TheoryData<string, AttentionKind, bool>();
            foreach (RecurrentCell cell in RecurrentCells.All)
                foreach (AttentionKind attention in Enum.GetValues<AttentionKind>())
                    foreach (bool feeding in attention == AttentionKind.None ? [false] : new[] { false, true })
                        shapes.Add(cell.Name, attention, feeding);
            return shapes;
        }
    }

    [Theory, MemberData(nameof(Shapes))]
    public void Greedy_search_by_the_host_gives_the_translator_s_tokens(string cell, AttentionKind attention, bool feeding)
    {
        foreach (int layers in new[] { 1, 2 })
            foreach (bool bidirectional in new[] { false, true })
                foreach (bool tied in new[] { false, true })
                    foreach (bool frames in new[] { false, true })
                        Compare(Translator(cell, attention, feeding, layers, bidirectional, tied, frames), frames);
    }

    [Fact]
    public void Models_say_what_they_are_and_options_that_do_not_fit_are_named()
    {
        SequenceTranslator translator = Translator("GRU", AttentionKind.Additive, true, 1, true, false, frames: false);
        string[] source = [.. Enumerable.Range(1, SourceSize).Select(key => $"s{key}")],
            target = [.. Enumerable.Range(1, TargetSize).Select(key => $"t{key}")];
        using var encoder = new MemoryStream();
        using var decoder = new MemoryStream();
        translator.ExportOnnx(encoder, decoder, new() { SourceVocabulary = source, TargetVocabulary = target });
        using var encoding = new InferenceSession(encoder.ToArray());
        using var decoding = new InferenceSession(decoder.ToArray());
        Assert.Equal("7", decoding.ModelMetadata.CustomMetadataMap["boundary"]);
        Assert.Contains("\"s7\"", encoding.ModelMetadata.CustomMetadataMap["vocabulary"]);
        Assert.Contains("\"t6\"", decoding.ModelMetadata.CustomMetadataMap["vocabulary"]);
        Assert.Equal(["hidden_1", "keys", "states"], encoding.OutputMetadata.Keys.Order());
        Assert.Equal(["fed", "hidden_1", "keys", "lengths", "states", "tokens"], decoding.InputMetadata.Keys.Order());
        Assert.Contains("TargetVocabulary has 7 tokens", Assert.Throws<ArgumentException>(() =>
            translator.ExportOnnx(encoder, decoder, new() { TargetVocabulary = source })).Message);
        Assert.Contains("two files", Assert.Throws<ArgumentException>(() => translator.ExportOnnx("a", "./a")).Message);
        translator.Network.Parameters.Values.Span[3] = float.NaN;
        Assert.Throws<ArithmeticException>(() => translator.ExportOnnx(encoder, decoder));
    }

    private static void Compare(SequenceTranslator translator, bool frames)
    {
        using var encoder = new MemoryStream();
        using var decoder = new MemoryStream();
        translator.ExportOnnx(encoder, decoder);
        using var encoding = new InferenceSession(encoder.ToArray());
        using var decoding = new InferenceSession(decoder.ToArray());
        var random = new Random(2);
        // Of every length, none too, and batches in which none has a step.
        foreach (int[] lengths in new int[][] { [0, 3, 1, 6], [0, 0], [5] })
        {
            using var data = new SequenceDataset(translator.Network.Spec.Inputs,
                targets: rows => new SequenceTargets(rows, TargetSize));
            int steps = lengths.Max();
            long[] keys = new long[lengths.Length * steps];
            float[] numbers = new float[keys.Length * FrameSize];
            for (int row = 0; row < lengths.Length; row++)
            {
                uint[] tokens = [.. Enumerable.Range(0, lengths[row]).Select(_ => (uint)random.Next(SourceSize + 1))];
                float[] values = [.. Enumerable.Range(0, lengths[row] * FrameSize).Select(_ => random.NextSingle())];
                for (int t = 0; t < steps; t++)
                    keys[row * steps + t] = t < tokens.Length ? tokens[t] : 99;
                values.CopyTo(numbers, row * steps * FrameSize);
                if (frames)
                    data.Add(values, [1f]);
                else
                    data.Add(tokens, [1f]);
            }
            NamedOnnxValue source = frames
                ? NamedOnnxValue.CreateFromTensor("frames", new DenseTensor<float>(numbers, [lengths.Length, steps, FrameSize]))
                : NamedOnnxValue.CreateFromTensor("tokens", new DenseTensor<long>(keys, [lengths.Length, steps]));
            (List<long>[] found, double[] logs) = Greedy(encoding, decoding, source, lengths);
            int[] order = [.. Enumerable.Range(0, lengths.Length).OrderByDescending(row => lengths[row])];
            FoundSequence[][] own = new TranslatorPass(translator.Network,
                new TranslationSearch { BeamSize = 1, LengthPenalty = 0, MaximumLength = Longest }).Translate(data, order, true);
            for (int k = 0; k < order.Length; k++)
            {
                Assert.Equal(own[k][0].Tokens.Select(token => (long)token), found[order[k]]);
                Assert.Equal(own[k][0].LogProbability, logs[order[k]], 2e-5 * (1 - 3 * own[k][0].LogProbability));
            }
        }
    }

    /// <summary>The loop that the guide gives, for a whole batch.</summary>
    private static (List<long>[] Tokens, double[] LogProbabilities) Greedy(InferenceSession encoding, InferenceSession decoding,
        NamedOnnxValue source, int[] lengths)
    {
        int count = lengths.Length;
        var length = NamedOnnxValue.CreateFromTensor("lengths",
            new DenseTensor<long>(Array.ConvertAll(lengths, value => (long)value), [count]));
        using IDisposableReadOnlyCollection<DisposableNamedOnnxValue> encoded = encoding.Run([source, length]);
        var state = encoded.ToDictionary(value => value.Name, value => Copy(value.AsTensor<float>()));
        state["fed"] = decoding.InputMetadata.TryGetValue("fed", out NodeMetadata? fed)
            ? new DenseTensor<float>([count, fed.Dimensions[1]]) : new DenseTensor<float>([1]);
        long[] last = [.. Enumerable.Repeat((long)Boundary, count)];
        var tokens = Array.ConvertAll(last, _ => new List<long>());
        double[] logs = new double[count];
        bool[] ended = new bool[count];
        for (int t = 0; t < Longest && ended.Contains(false); t++)
        {
            NamedOnnxValue[] inputs =
            [
                NamedOnnxValue.CreateFromTensor("tokens", new DenseTensor<long>(last, [count])), length,
                .. state.Select(each => NamedOnnxValue.CreateFromTensor(each.Key, each.Value)),
            ];
            using var step = decoding.Run([.. inputs.Where(input => decoding.InputMetadata.ContainsKey(input.Name))]);
            foreach (DisposableNamedOnnxValue value in step.Where(value =>
                value.Name.EndsWith("_next", StringComparison.Ordinal)))
                state[value.Name[..^5]] = Copy(value.AsTensor<float>());
            float[] probabilities = [.. step.Single(value => value.Name == "probabilities").AsTensor<float>()];
            for (int row = 0; row < count; row++)
            {
                ReadOnlySpan<float> own = probabilities.AsSpan(row * (TargetSize + 2), TargetSize + 2);
                Assert.Equal(1, System.Numerics.Tensors.TensorPrimitives.Sum(own), 1e-4f);
                int best = 1; // the unknown token is not written
                for (int key = 2; key < own.Length; key++)
                    best = own[key] > own[best] ? key : best;
                if (ended[row])
                    continue;
                logs[row] += Math.Log(own[best]);
                ended[row] = best == Boundary;
                last[row] = best;
                if (!ended[row])
                    tokens[row].Add(best);
            }
            foreach (DisposableNamedOnnxValue attention in step.Where(value => value.Name == "attention"))
                for (int row = 0; row < count; row++)
                    Assert.Equal(lengths[row] > 0 ? 1 : 0, attention.AsTensor<float>().Skip(row * lengths.Max())
                        .Take(lengths.Max()).Sum(), 1e-4f);
        }
        return (tokens, logs);
    }

    private static DenseTensor<float> Copy(Tensor<float> tensor) => new(tensor.ToArray(), tensor.Dimensions.ToArray());

    private static SequenceTranslator Translator(string cell, AttentionKind attention, bool feeding, int layers,
        bool bidirectional, bool tied, bool frames)
    {
        int hidden = 5, own = bidirectional ? 10 : 5;
        var decoder = new DecoderSpec
        {
            VocabularySize = TargetSize, EmbeddingSize = tied && attention == AttentionKind.None ? own : 4, HiddenSize = own,
            NumberOfLayers = layers, Attention = attention, InputFeeding = feeding,
        };
        var network = new TranslationNetwork(new TranslationSpec
        {
            Encoder = new EncoderSpec
            {
                Inputs = [frames ? StepFeature.Frames(FrameSize) : StepFeature.Tokens(SourceSize, 3)], Cell = cell,
                HiddenSize = hidden, NumberOfLayers = layers, Bidirectional = bidirectional,
            },
            Decoder = decoder,
            Output = TranslationSpec.OutputOf(decoder, tied),
        }, frames ? new FrameTransform([new([0.1f, 0.2f, 0.3f], [2f, 3f, 4f])]) : FrameTransform.None, LabelTransform.None);
        network.Parameters.Allocate();
        network.Initialize(seed: 5);
        // Larger than first weights are, so that steps differ; and biases too.
        var random = new Random(5);
        foreach (ref float weight in network.Parameters.Values.Span)
            weight = weight == 0 ? weight : 1.5f * weight + 0.1f * random.NextSingle();
        return new SequenceTranslator(network, new TranslationSearch());
    }
}
