using System.Text.Json;
using SequenceModels.Benchmarks.Peers;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace SequenceModels.Benchmarks.Weights;

/// <summary>A network of libtorch's modules, which writes its weights to a safetensors file and reads them from one.</summary>
internal sealed class TorchModel : IDisposable
{
    private readonly SequenceNetworkShape _shape;
    private readonly Embedding? _embedding;
    private readonly nn.Module _recurrent;
    private readonly Linear _output;

    static TorchModel() => OldLibstdcxx.AllowFor("libLibTorchSharp.so", "GLIBCXX_3.4.32");

    public TorchModel(SequenceNetworkShape shape, int seed)
    {
        _shape = shape;
        random.manual_seed(seed);
        int input = shape.TakesTokens ? shape.EmbeddingSize : shape.InputSize;
        (int hidden, int layers, bool both) = (shape.HiddenSize, shape.NumberOfLayers, shape.Bidirectional);
        _embedding = shape.TakesTokens ? nn.Embedding(shape.InputSize + 1, shape.EmbeddingSize) : null;
        _recurrent = shape.Cell switch
        {
            "LSTM" => nn.LSTM(input, hidden, layers, batchFirst: true, bidirectional: both),
            "GRU" => nn.GRU(input, hidden, layers, batchFirst: true, bidirectional: both),
            _ => nn.RNN(input, hidden, layers, nn.NonLinearities.Tanh, batchFirst: true, bidirectional: both),
        };
        _output = nn.Linear(hidden * (both ? 2 : 1), shape.NumberOfOutputs);
    }

    /// <summary>Scores of a ragged batch.</summary>
    /// <param name="steps">[B, T] keys, or [B, T, F] numbers.</param>
    /// <param name="lengths">[B].</param>
    /// <returns>[B, K]; where each step has an output, [B, T, K].</returns>
    public float[] Score(Tensor steps, long[] lengths)
    {
        using IDisposable noGradients = no_grad();
        using DisposeScope scope = NewDisposeScope();
        Tensor vectors = _embedding is null ? steps : _embedding.call(steps);
        var packed = nn.utils.rnn.pack_padded_sequence(vectors, tensor(lengths), batch_first: true, enforce_sorted: false);
        var (states, last) = _recurrent switch
        {
            LSTM lstm => lstm.call(packed) is var (y, h, _) ? (y, h) : default,
            GRU gru => gru.call(packed) is var (y, h) ? (y, h) : default,
            _ => ((RNN)_recurrent).call(packed) is var (y, h) ? (y, h) : default,
        };
        Tensor features = _shape.EveryStep ? nn.utils.rnn.pad_packed_sequence(states, batch_first: true).Item1
            : _shape.Bidirectional ? cat([last[-2], last[-1]], 1) : last[-1];
        return [.. nn.functional.softmax(_output.call(features), dim: -1).contiguous().data<float>()];
    }

    /// <summary>Writes the modules' state_dict.</summary>
    public void Save(string path)
    {
        var header = new Dictionary<string, object>();
        var data = new MemoryStream();
        foreach ((string name, Tensor weights) in State)
        {
            byte[] bytes = [.. weights.contiguous().bytes];
            header.Add(name, new Dictionary<string, object>
            {
                ["dtype"] = "F32", ["shape"] = weights.shape, ["data_offsets"] = new[] { data.Length, data.Length + bytes.Length },
            });
            data.Write(bytes);
        }
        byte[] text = JsonSerializer.SerializeToUtf8Bytes(header);
        File.WriteAllBytes(path, [.. BitConverter.GetBytes((ulong)text.Length), .. text, .. data.ToArray()]);
    }

    /// <summary>Reads what a network of ours has written; each tensor must be there, and none beside.</summary>
    public void Load(string path)
    {
        byte[] file = File.ReadAllBytes(path);
        int start = 8 + (int)BitConverter.ToUInt64(file);
        using var header = JsonDocument.Parse(file.AsMemory(8, start - 8));
        var tensors = header.RootElement.EnumerateObject().Where(entry => entry.Name != "__metadata__")
            .ToDictionary(entry => entry.Name, entry => entry.Value);
        using IDisposable noGradients = no_grad();
        foreach ((string name, Tensor weights) in State)
        {
            if (!tensors.Remove(name, out JsonElement entry))
                throw new InvalidDataException($"'{name}' is not in the file.");
            int[] offsets = [.. entry.GetProperty("data_offsets").EnumerateArray().Select(offset => offset.GetInt32())];
            weights.bytes = file.AsSpan(start + offsets[0], offsets[1] - offsets[0]);
        }
        if (tensors.Count > 0)
            throw new InvalidDataException($"'{tensors.Keys.First()}' is no weight of the modules.");
    }

    public void Dispose()
    {
        _embedding?.Dispose();
        _recurrent.Dispose();
        _output.Dispose();
    }

    private IEnumerable<(string Name, Tensor Weights)> State => new (string Prefix, nn.Module? Module)[]
    {
        ("embedding", _embedding), ("rnn", _recurrent), ("output", _output),
    }.SelectMany(part => part.Module?.state_dict().Select(entry => ($"{part.Prefix}.{entry.Key}", entry.Value)) ?? []);
}
