using SequenceModels.Sequences;
using SequenceModels.Training;

namespace SequenceModels.Benchmarks.Peers;

/// <summary>
/// Training by SequenceModels: forward, loss, backward and an update by Adam, as its trainers do for every batch.
/// </summary>
internal sealed class OursTraining : IPeer
{
    private readonly TrainingStep _step;
    private readonly int[][] _batches;
    private int _next;

    public OursTraining(Workload workload, int threads)
    {
        _batches = [.. Enumerable.Range(0, workload.Batch * (workload.Translation is null ? Workload.Batches : 1))
            .Chunk(workload.Batch)];
        bool translates = workload.Translation is not null;
        _step = new TrainingStep(translates ? OursTranslation.Network(workload) : Ours.Network(workload),
            translates ? OursTranslation.Batch(workload) : Ours.Data(workload, Workload.Batches),
            new SequenceTrainerOptions { BatchSize = workload.Batch, NumberOfThreads = threads, Dropout = 0, WordDropout = 0 },
            seed: 1);
    }

    public string Name => "SequenceModels";

    public void Prepare()
    {
    }

    public void Run() => _step.Run(_batches[_next++ % _batches.Length], StepRange.All, Workload.LearningRate);

    public void Dispose() => _step.Dispose();
}
