namespace SequenceModels.Training;

/// <summary>The checkpoint of a training: one file, of the first process, whose content all of them go on from.</summary>
internal sealed class SharedCheckpoint : IDisposable
{
    private readonly TrainingRanks _ranks;
    private readonly Checkpoint? _file;
    private readonly string _path;

    private SharedCheckpoint(TrainingRanks ranks, Checkpoint? file, string path) => (_ranks, _file, _path) = (ranks, file, path);

    /// <summary>Whether there is one.</summary>
    public bool Exists { get; private init; }

    /// <summary>Of the training that runs, on the first process, where there is a checkpoint.</summary>
    public TrainingFingerprint Identity => _file!.Identity;

    /// <summary>Of the training: the checkpoint's, else that of the first process.</summary>
    public int Seed { get; private init; }

    /// <summary>What an earlier run of the same training has left; null: nothing.</summary>
    public CheckpointContent? Found { get; private set; }

    /// <inheritdoc cref="Checkpoint.Open"/>
    /// <param name="job">Its options say where.</param>
    /// <param name="ranks">The processes that train.</param>
    public static SharedCheckpoint Open(TrainingJob job, TrainingRanks ranks)
    {
        Checkpoint? file = null;
        ranks.OnFirst(() => file = Checkpoint.Open(job));
        try
        {
            CheckpointContent? found = file?.Take();
            if (ranks.Group is not null)
                found = Share(found, ranks);
            return new SharedCheckpoint(ranks, file, job.Options.CheckpointPath ?? "")
            {
                Exists = ranks.OfFirst(file is not null),
                Seed = ranks.OfFirst(found?.Seed ?? job.Seed),
                Found = found,
            };
        }
        catch
        {
            file?.Dispose();
            throw;
        }
    }

    /// <summary>Gives <see cref="Found"/> away, so that its memory can be freed while the training goes on.</summary>
    public CheckpointContent? Take()
    {
        CheckpointContent? found = Found;
        Found = null;
        return found;
    }

    /// <summary>Replaces the file, at once and whole.</summary>
    /// <param name="content">Makes what it will have; asked on the first process.</param>
    /// <exception cref="CheckpointNotWrittenException">It cannot be written; what was there still is.</exception>
    public void Write(Func<CheckpointContent> content) => _ranks.OnFirst(() => _file!.Write(content()));

    /// <summary>The error of a file whose content does not fit the training that it names.</summary>
    public Exception Unusable(InvalidDataException why) => _ranks.Shared(Checkpoint.Unusable(_path, why));

    /// <summary>The training has ended well.</summary>
    public void Delete() => _file?.Delete();

    public void Dispose() => _file?.Dispose();

    private static CheckpointContent? Share(CheckpointContent? found, TrainingRanks ranks)
    {
        byte[]? bytes = null;
        if (found is not null)
        {
            using var stream = new MemoryStream();
            found.Write(stream);
            bytes = stream.ToArray();
        }
        bytes = ranks.OfFirst(bytes);
        return found ?? (bytes is null ? null : CheckpointContent.Read(new MemoryStream(bytes)));
    }
}
