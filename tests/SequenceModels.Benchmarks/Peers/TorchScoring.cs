using TorchSharp;
using static TorchSharp.torch;

namespace SequenceModels.Benchmarks.Peers;

/// <summary>
/// Scoring by TorchSharp, with no record for gradients; a streaming workload hands its state from call to call.
/// </summary>
internal sealed class TorchScoring : IPeer
{
    private readonly TorchNetwork _network;
    private readonly int _threads;
    private (Tensor H, Tensor C)? _state;

    public TorchScoring(Workload workload, string name, int threads)
    {
        (Name, _threads) = (name, threads);
        _network = new TorchNetwork(workload);
        if (workload.Streaming)
            _state = _network.ZeroState();
    }

    public string Name { get; }

    public void Prepare() => set_num_threads(_threads);

    public void Run()
    {
        using DisposeScope scope = NewDisposeScope();
        using IDisposable noGradients = inference_mode();
        if (_state is not { } old)
        {
            _network.Scores(_network.Forward());
            return;
        }
        (Tensor outputs, (Tensor h, Tensor c)) = _network.Forward(old);
        _network.Scores(outputs);
        _state = (h.DetachFromDisposeScope(), c.DetachFromDisposeScope());
        old.H.Dispose();
        old.C.Dispose();
    }

    public void Dispose()
    {
        _state?.H.Dispose();
        _state?.C.Dispose();
        _network.Dispose();
    }
}
