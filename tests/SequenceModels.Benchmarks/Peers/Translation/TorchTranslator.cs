using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace SequenceModels.Benchmarks.Peers;

/// <summary>
/// An encoder, a decoder that reads a whole target at once, and general attention in TorchSharp: all steps of all sequences are
/// one product each, the best form where nothing that attention found is fed back.
/// </summary>
internal sealed class TorchTranslator : IDisposable
{
    private readonly Embedding _source, _target;
    private readonly LSTM _encoder, _decoder;
    private readonly Linear _bridgeHidden, _bridgeCell, _keys, _combine, _output;

    static TorchTranslator() => OldLibstdcxx.AllowFor("libLibTorchSharp.so", "GLIBCXX_3.4.32");

    public TorchTranslator(Workload workload)
    {
        TranslationShape shape = workload.Translation!;
        random.manual_seed(1);
        int states = workload.Directions * workload.HiddenSize;
        _source = nn.Embedding(workload.InputSize, workload.EmbeddingSize);
        _target = nn.Embedding(shape.Vocabulary, shape.EmbeddingSize);
        _encoder = nn.LSTM(workload.EmbeddingSize, workload.HiddenSize, workload.Layers, bidirectional: workload.Bidirectional,
            batchFirst: true);
        _decoder = nn.LSTM(shape.EmbeddingSize, shape.HiddenSize, batchFirst: true);
        _bridgeHidden = nn.Linear(states, shape.HiddenSize);
        _bridgeCell = nn.Linear(states, shape.HiddenSize);
        _keys = nn.Linear(states, shape.HiddenSize, hasBias: false);
        _combine = nn.Linear(states + shape.HiddenSize, shape.HiddenSize, hasBias: false);
        _output = nn.Linear(shape.HiddenSize, shape.Vocabulary);
    }

    public IEnumerable<Parameter> Parameters =>
        new nn.Module[] { _source, _target, _encoder, _decoder, _bridgeHidden, _bridgeCell, _keys, _combine, _output }
            .SelectMany(module => module.parameters());

    /// <summary>Of sources [B, S]: all states [B, S, D], their keys [B, S, H], and the decoder's first state.</summary>
    public (Tensor States, Tensor Keys, (Tensor H, Tensor C) First) Encode(Tensor sources)
    {
        (Tensor states, Tensor h, Tensor c) = _encoder.call(_source.call(sources));
        // [B, D]: the last states of both directions side by side.
        Tensor end = cat([h[-2], h[-1]], dim: 1);
        return (states, _keys.call(states),
            (tanh(_bridgeHidden.call(end)).unsqueeze(0), tanh(_bridgeCell.call(end)).unsqueeze(0)));
    }

    /// <summary>Of tokens [B, T] the outputs [B, T, V], and the state behind them.</summary>
    public (Tensor Outputs, (Tensor H, Tensor C) State) Decode(Tensor tokens, Tensor states, Tensor keys,
        (Tensor H, Tensor C) state)
    {
        (Tensor y, Tensor h, Tensor c) = _decoder.call(_target.call(tokens), state);
        Tensor weights = nn.functional.softmax(bmm(y, keys.transpose(1, 2)), dim: -1);
        Tensor features = tanh(_combine.call(cat([bmm(weights, states), y], dim: 2)));
        return (_output.call(features), (h, c));
    }

    public void Dispose()
    {
        foreach (nn.Module module in new nn.Module[] { _source, _target, _encoder, _decoder, _bridgeHidden, _bridgeCell, _keys,
            _combine, _output })
            module.Dispose();
    }
}
