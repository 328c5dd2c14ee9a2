using TorchSharp;
using static TorchSharp.torch;

namespace SequenceModels.Benchmarks.Peers;

/// <summary>Training of a translator by TorchSharp: forward, loss, backward and an update by Adam.</summary>
internal sealed class TorchTranslationTraining : IPeer
{
    private readonly TorchTranslator _translator;
    private readonly Tensor _sources, _targets, _labels; // [B, S], [B, T], [B·T]
    private readonly optim.Optimizer _adam;
    private readonly int _threads;

    public TorchTranslationTraining(Workload workload, int threads)
    {
        _threads = threads;
        TranslationShape shape = workload.Translation!;
        _translator = new TorchTranslator(workload);
        _sources = tensor(workload.DrawTokens(), [workload.Steps, workload.Batch]).t().contiguous();
        _targets = randint(0, shape.Vocabulary, [workload.Batch, shape.Steps], dtype: int64);
        _labels = randint(0, shape.Vocabulary, [workload.Batch * shape.Steps], dtype: int64);
        _adam = optim.Adam(_translator.Parameters, lr: Workload.LearningRate);
    }

    public string Name => "TorchSharp";

    public void Prepare() => set_num_threads(_threads);

    public void Run()
    {
        using DisposeScope scope = NewDisposeScope();
        _adam.zero_grad();
        (Tensor states, Tensor keys, (Tensor, Tensor) first) = _translator.Encode(_sources);
        Tensor outputs = _translator.Decode(_targets, states, keys, first).Outputs;
        nn.functional.cross_entropy(outputs.flatten(0, 1), _labels).backward();
        _adam.step();
    }

    public void Dispose()
    {
        _adam.Dispose();
        _translator.Dispose();
        _sources.Dispose();
        _targets.Dispose();
        _labels.Dispose();
    }
}
