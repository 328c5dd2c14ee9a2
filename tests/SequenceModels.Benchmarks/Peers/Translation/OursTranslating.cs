using SequenceModels.Networks;
using SequenceModels.Sequences;
using SequenceModels.Training;

namespace SequenceModels.Benchmarks.Peers;

/// <summary>
/// Translating by SequenceModels: the beams of some sources at a time are one search, as in Transform, and the searches are
/// dealt to the threads.
/// </summary>
internal sealed class OursTranslating : IPeer
{
    private readonly SequenceDataset _data;
    private readonly WorkerThreads _workers;
    private readonly TranslatorPass[] _passes;
    private readonly int[][] _batches;
    private readonly Action<int, int> _translate;

    public OursTranslating(Workload workload, int threads)
    {
        TranslationShape shape = workload.Translation!;
        TranslationNetwork network = OursTranslation.Network(workload);
        _data = OursTranslation.Batch(workload);
        var search = new TranslationSearch
        {
            BeamSize = shape.BeamSize, LengthPenalty = 0, CoveragePenalty = 0, MaximumLength = shape.Steps,
        };
        _batches = [.. Enumerable.Range(0, workload.Batch).Chunk(search.SourcesAtOnce)];
        _workers = new WorkerThreads(Math.Min(threads, _batches.Length));
        _passes = [.. Enumerable.Range(0, _workers.Threads).Select(_ => new TranslatorPass(network, search))];
        _translate = (batch, thread) => _passes[thread].Translate(_data, _batches[batch], keepsAttention: false);
    }

    public string Name => "SequenceModels";

    public void Prepare()
    {
    }

    public void Run() => _workers.Run(_batches.Length, _translate);

    public void Dispose() => _workers.Dispose();
}
