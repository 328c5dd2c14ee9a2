using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace SequenceModels.Benchmarks.Peers;

/// <summary>A workload's network and batches for it in TorchSharp, written the way its documentation suggests.</summary>
internal sealed class TorchNetwork : IDisposable
{
    private readonly Workload _workload;
    private readonly Embedding? _embedding;
    private readonly nn.Module<Tensor, (Tensor H, Tensor C)?, (Tensor, Tensor, Tensor)>? _lstm;
    private readonly nn.Module<Tensor, Tensor?, (Tensor, Tensor)>? _other;
    private readonly Linear _head;
    private readonly TorchChain? _chain;
    private readonly Tensor[] _inputs; // [T, B, I], or [T, B] of tokens
    private readonly Tensor[] _targets; // [T·B] classes, or [B, 1]
    private int _batch;

    static TorchNetwork() => OldLibstdcxx.AllowFor("libLibTorchSharp.so", "GLIBCXX_3.4.32");

    public TorchNetwork(Workload workload, int batches = 1)
    {
        _workload = workload;
        random.manual_seed(1);
        int input = workload.FirstInput, hidden = workload.HiddenSize, layers = workload.Layers;
        if (workload.Input == StepInput.Embedding)
            _embedding = nn.Embedding(workload.InputSize, workload.EmbeddingSize);
        switch (workload.Cell)
        {
            case "LSTM": _lstm = nn.LSTM(input, hidden, layers, bidirectional: workload.Bidirectional); break;
            case "GRU": _other = nn.GRU(input, hidden, layers, bidirectional: workload.Bidirectional); break;
            default: _other = nn.RNN(input, hidden, layers, nn.NonLinearities.Tanh, bidirectional: workload.Bidirectional); break;
        }
        _head = nn.Linear(hidden * workload.Directions, workload.Outputs);

        if (workload.Output == OutputKind.ClassChain)
            _chain = new TorchChain(workload.Outputs);

        _inputs = [.. Enumerable.Range(0, batches).Select(DrawInput)];
        _targets = [.. Enumerable.Range(0, batches).Select(_ => DrawTarget())];
    }

    /// <summary>After the last batch comes the first.</summary>
    public void GoToNextBatch() => _batch = (_batch + 1) % _inputs.Length;

    private Tensor DrawInput(int batch)
    {
        long t = _workload.Steps, b = _workload.Batch;
        if (_workload.Input == StepInput.Frame)
            return randn([t, b, _workload.InputSize]);
        Tensor tokens = tensor(_workload.DrawTokens(batch), [t, b]);
        return _workload.Input == StepInput.OneHot ? nn.functional.one_hot(tokens, _workload.InputSize).to(float32) : tokens;
    }

    private Tensor DrawTarget()
    {
        long t = _workload.Steps, b = _workload.Batch;
        return _workload.Output switch
        {
            OutputKind.ClassPerStep or OutputKind.ClassChain => randint(0, _workload.Outputs, [t * b], dtype: int64),
            OutputKind.Tokens => randint(1, _workload.Outputs, [b, Workload.LabelTokens], dtype: int64),
            OutputKind.Binary => randint(0, 2, [b, 1], dtype: int64).to(float32),
            _ => randn([b, 1]),
        };
    }

    public IEnumerable<Parameter> Parameters =>
        new nn.Module?[] { _embedding, _lstm, _other, _head, _chain }.SelectMany(module => module?.parameters() ?? []);

    /// <summary>[T·B, outputs] or, after the last step, [B, outputs].</summary>
    public Tensor Forward()
    {
        Tensor x = Steps(), y = _lstm is null ? _other!.call(x, null).Item1 : _lstm.call(x, null).Item1;
        return Head(y);
    }

    /// <summary>One more step: scores and the LSTM's new state.</summary>
    public (Tensor Scores, (Tensor H, Tensor C) State) Forward((Tensor H, Tensor C) state)
    {
        (Tensor y, Tensor h, Tensor c) = _lstm!.call(Steps(), state);
        return (Head(y), (h, c));
    }

    /// <summary>What a user sees: classes are scored by probabilities, as ours are.</summary>
    public Tensor Scores(Tensor outputs) => _workload.Output == OutputKind.ClassPerStep
        ? nn.functional.softmax(outputs, dim: -1) : outputs;

    /// <summary>The state before the first step: two of [layers·directions, B, H].</summary>
    public (Tensor H, Tensor C) ZeroState()
    {
        long[] shape = [_workload.Layers * _workload.Directions, _workload.Batch, _workload.HiddenSize];
        return (zeros(shape), zeros(shape));
    }

    public Tensor Loss(Tensor outputs) => _workload.Output switch
    {
        OutputKind.ClassPerStep => nn.functional.cross_entropy(outputs, _targets[_batch]),
        OutputKind.ClassChain => _chain!.call(outputs.reshape(_workload.Steps, _workload.Batch, _workload.Outputs),
            _targets[_batch].reshape(_workload.Steps, _workload.Batch)),
        OutputKind.Tokens => nn.functional.ctc_loss(
            nn.functional.log_softmax(outputs.reshape(_workload.Steps, _workload.Batch, _workload.Outputs), 2), _targets[_batch],
            Lengths(_workload.Steps), Lengths(Workload.LabelTokens)),
        OutputKind.Binary => nn.functional.binary_cross_entropy_with_logits(outputs, _targets[_batch]),
        _ => nn.functional.mse_loss(outputs, _targets[_batch]),
    };

    public void Dispose()
    {
        _embedding?.Dispose();
        _lstm?.Dispose();
        _other?.Dispose();
        _head.Dispose();
        _chain?.Dispose();
        foreach (Tensor tensor in _inputs.Concat(_targets))
            tensor.Dispose();
    }

    private Tensor Lengths(long length) => full([(long)_workload.Batch], length, int64);

    private Tensor Steps() => _embedding is null ? _inputs[_batch] : _embedding.call(_inputs[_batch]);

    /// <param name="states">[T, B, D·H]</param>
    private Tensor Head(Tensor states) => _workload.HasStepOutputs
        ? _head.call(states.reshape(-1, _workload.HiddenSize * _workload.Directions))
        : _head.call(states[-1]);
}
