using TorchSharp;
using static TorchSharp.torch;

namespace SequenceModels.Benchmarks.Peers;

/// <summary>Training by TorchSharp: forward, loss, backward and an update by Adam.</summary>
internal sealed class TorchTraining : IPeer
{
    private readonly TorchNetwork _network;
    private readonly optim.Optimizer _adam;
    private readonly int _threads;

    public TorchTraining(Workload workload, string name, int threads)
    {
        (Name, _threads) = (name, threads);
        _network = new TorchNetwork(workload, Workload.Batches);
        _adam = optim.Adam(_network.Parameters, lr: Workload.LearningRate);
    }

    public string Name { get; }

    public void Prepare() => set_num_threads(_threads);

    public void Run()
    {
        using DisposeScope scope = NewDisposeScope();
        _adam.zero_grad();
        _network.Loss(_network.Forward()).backward();
        _adam.step();
        _network.GoToNextBatch();
    }

    public void Dispose()
    {
        _adam.Dispose();
        _network.Dispose();
    }
}
