using System.Globalization;

namespace SequenceModels.Training;

/// <summary>
/// The file of the option CheckpointPath while a training runs. A lock file beside it keeps other trainings away; the system gives the
/// lock back also when the process is killed.
/// </summary>
internal sealed class Checkpoint : IDisposable
{
    /// <summary>Fixed, so that what a killed training left behind is overwritten by the next: the lock allows one writer only.</summary>
    private const string TemporarySuffix = ".tmp";

    private readonly string _path;
    private readonly FileStream _lock;

    private Checkpoint(string path, FileStream @lock, TrainingIdentity identity) => (_path, _lock, Identity) = (path, @lock, identity);

    /// <summary>Of the training that runs.</summary>
    public TrainingIdentity Identity { get; }

    /// <summary>What an earlier run of the same training has left; null: nothing.</summary>
    public CheckpointContent? Found { get; private set; }

    /// <summary>Takes the file for a training, and reads what is there. Null where the options name none.</summary>
    /// <exception cref="InvalidOperationException">The file is in use, cannot be written, or is of another training.</exception>
    /// <exception cref="InvalidDataException">The file is damaged.</exception>
    public static Checkpoint? Open(TrainingJob job)
    {
        if (job.Options.CheckpointPath is not { } path)
            return null;
        if (Directory.Exists(path))
            throw new InvalidOperationException($"{nameof(SequenceTrainerOptions)}.{nameof(SequenceTrainerOptions.CheckpointPath)} is '{path}', " +
                "but that is a folder. Give the path of a file in it.");
        FileStream @lock = Lock(path);
        try
        {
            TrainingIdentity identity = TrainingIdentity.Of(job);
            CheckpointContent? found = File.Exists(path) ? Read(path) : null;
            if (found is not null)
                Check(path, found, identity);
            return new Checkpoint(path, @lock, identity) { Found = found };
        }
        catch
        {
            @lock.Dispose();
            throw;
        }
    }

    /// <summary>Reads a checkpoint of any training.</summary>
    /// <exception cref="InvalidDataException">The file is damaged or something else.</exception>
    public static CheckpointContent Read(string path)
    {
        using FileStream stream = File.OpenRead(path);
        try
        {
            return CheckpointContent.Read(stream);
        }
        catch (InvalidDataException e)
        {
            throw Unusable(path, e);
        }
    }

    /// <summary>The error of a file that cannot be read, or whose content does not fit the training that it names.</summary>
    public static InvalidDataException Unusable(string path, InvalidDataException why) => new($"The file '{path}' is no checkpoint that a training " +
        $"could go on from ({nameof(SequenceTrainerOptions)}.{nameof(SequenceTrainerOptions.CheckpointPath)}); delete it, or give another path. " +
        why.Message, why);

    /// <summary>Gives <see cref="Found"/> away, so that its memory can be freed while the training goes on.</summary>
    public CheckpointContent? Take()
    {
        CheckpointContent? found = Found;
        Found = null;
        return found;
    }

    /// <summary>Replaces the file, at once and whole.</summary>
    public void Write(CheckpointContent content) => AtomicFile.Write(_path, TemporarySuffix, content.Write);

    /// <summary>The training has ended well.</summary>
    public void Delete()
    {
        File.Delete(_path);
        File.Delete(_path + TemporarySuffix); // of a killed training, where this one had no epoch left to write
    }

    public void Dispose() => _lock.Dispose();

    private static FileStream Lock(string path)
    {
        try
        {
            return new FileStream(path + ".lock", FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 1,
                FileOptions.DeleteOnClose);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InvalidOperationException($"{nameof(SequenceTrainerOptions)}.{nameof(SequenceTrainerOptions.CheckpointPath)} is '{path}', " +
                $"but another training uses it now, or no file can be written there: {e.Message} Give each training a path of its own.", e);
        }
    }

    private static void Check(string path, CheckpointContent found, TrainingIdentity identity)
    {
        string differences = TrainingIdentity.Differences(found.Identity.Traits, identity.Traits);
        if (differences != "")
            throw new InvalidOperationException($"The checkpoint '{path}' is of another training and was left alone: {Words(found)}, where this one is " +
                $"{identity.Subject}. What differs: {differences}. Delete the file, or give " +
                $"{nameof(SequenceTrainerOptions)}.{nameof(SequenceTrainerOptions.CheckpointPath)} another name.");
        if (found.History.Count > identity.NumberOfEpochs)
            throw new InvalidOperationException(string.Create(CultureInfo.InvariantCulture,
                $"The checkpoint '{path}' already has {Counted.Of(found.History.Count, "epoch")} behind it, and ") + string.Create(CultureInfo.InvariantCulture,
                $"{nameof(SequenceTrainerOptions)}.{nameof(SequenceTrainerOptions.NumberOfEpochs)} is {identity.NumberOfEpochs}. ") +
                "Give at least as many, or delete the file.");
    }

    private static string Words(CheckpointContent found) => string.Create(CultureInfo.InvariantCulture,
        $"{found.Identity.Subject}, {found.History.Count} of {Counted.Of(found.Identity.NumberOfEpochs, "epoch")} done");
}
