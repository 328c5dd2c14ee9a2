namespace SequenceModels.Tests.Trainers;

/// <summary>The options that every training has and that decide no weight, but for the number of epochs.</summary>
internal sealed record Surroundings
{
    public int Epochs { get; init; } = 2;

    public int Threads { get; init; } = 1;

    public long Memory { get; init; }

    public string? Checkpoint { get; init; }

    public OnCancel OnCancel { get; init; }

    public TimeSpan? Budget { get; init; }

    public StopInSecondEpoch? Stop { get; init; }
}

/// <summary>Hears of the progress, and cancels in the second epoch.</summary>
internal sealed class StopInSecondEpoch : IProgress<TrainingProgress>, IDisposable
{
    private readonly CancellationTokenSource _source = new();

    public CancellationToken Token => _source.Token;

    public bool IsTold { get; private set; }

    public void Report(TrainingProgress value)
    {
        IsTold = true;
        if (value.Epoch > 1)
            _source.Cancel();
    }

    public void Dispose() => _source.Dispose();
}
