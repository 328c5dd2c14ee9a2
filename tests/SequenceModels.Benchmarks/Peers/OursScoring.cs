using SequenceModels.Networks;
using SequenceModels.Sequences;
using SequenceModels.Training;

namespace SequenceModels.Benchmarks.Peers;

/// <summary>
/// Scoring by SequenceModels, in batches of at most 32 sequences as Transform forms them, dealt to the threads.
/// </summary>
internal sealed class OursScoring : IPeer
{
    private const int MostSequences = 32;

    private readonly EncoderNetwork _network;
    private readonly SequenceDataset _data;
    private readonly WorkerThreads _workers;
    private readonly EncoderPass[] _workspaces;
    private readonly int[][] _batches;
    private readonly int[] _numbers = [.. Enumerable.Range(0, MostSequences)];
    private readonly Action<int, int> _score;

    public OursScoring(Workload workload, int threads)
    {
        _network = Ours.Network(workload);
        _data = Ours.Data(workload);
        // What the network does by itself once it has scored as many tokens as its vocabulary has.
        if (_network.PrecomputedLength > 0)
            _network.PrecomputeInput();
        int size = Math.Min(MostSequences, (workload.Batch + threads - 1) / threads);
        _batches = [.. Enumerable.Range(0, workload.Batch).Chunk(size)];
        _workers = new WorkerThreads(Math.Min(threads, _batches.Length));
        _workspaces = [.. Enumerable.Range(0, _workers.Threads).Select(_ => _network.CreatePass())];
        _score = Score;
    }

    public string Name => "SequenceModels";

    public void Prepare()
    {
    }

    public void Run() => _workers.Run(_batches.Length, _score);

    public void Dispose() => _workers.Dispose();

    private void Score(int batch, int thread)
    {
        int[] rows = _batches[batch];
        _workspaces[thread].Batch.Pack(_data, rows, _numbers.AsSpan(0, rows.Length), FrameTransform.None);
        _network.Predict(_workspaces[thread]);
    }
}
