using SequenceModels.Files;

namespace SequenceModels.Training;

/// <summary>
/// The file of the option CheckpointPath while a training runs. A lock file beside it keeps other trainings away;
/// the system gives the lock back also when the process is killed. The path is resolved once, when the training begins.
/// </summary>
internal sealed class Checkpoint : IDisposable
{
    /// <summary>
    /// Fixed, so that what a killed training left behind is overwritten by the next: the lock allows one writer only.
    /// </summary>
    private const string TemporarySuffix = ".tmp";

    private const string LockSuffix = ".lock";

    private readonly string _path, _file;
    private readonly FileStream _lock;

    private Checkpoint(string path, string file, FileStream @lock, TrainingFingerprint identity) =>
        (_path, _file, _lock, Identity) = (path, file, @lock, identity);

    /// <summary>Of the training that runs.</summary>
    public TrainingFingerprint Identity { get; }

    /// <summary>What an earlier run of the same training has left; null: nothing.</summary>
    public CheckpointContent? Found { get; private set; }

    /// <summary>Takes the file for a training, and reads what is there. Null where the options name none.</summary>
    /// <exception cref="InvalidOperationException">The file is in use, cannot be written, or is of another training.</exception>
    /// <exception cref="InvalidDataException">The file is damaged.</exception>
    public static Checkpoint? Open(TrainingJob job)
    {
        if (job.Options.CheckpointPath is not { } path)
            return null;
        string file = RequirePlace(path);
        FileStream @lock = Lock(path, file);
        try
        {
            TrainingFingerprint identity = TrainingFingerprint.Of(job);
            CheckpointContent? found = File.Exists(file) ? Read(path, file) : null;
            if (found is not null)
                Check(path, found, identity);
            return new Checkpoint(path, file, @lock, identity) { Found = found };
        }
        catch
        {
            @lock.Dispose();
            throw;
        }
    }

    /// <summary>Reads a checkpoint of any training.</summary>
    /// <exception cref="InvalidDataException">The file is damaged or something else.</exception>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    public static CheckpointContent Read(string path) => Read(path, path);

    /// <summary>The error of a file that cannot be read, or whose content does not fit the training that it names.</summary>
    public static InvalidDataException Unusable(string path, InvalidDataException why) =>
        new($"The file '{path}' is no checkpoint that a training " +
        $"could go on from ({Option}); delete it, or give another path. {why.Message}", why);

    /// <summary>Gives <see cref="Found"/> away, so that its memory can be freed while the training goes on.</summary>
    public CheckpointContent? Take()
    {
        CheckpointContent? found = Found;
        Found = null;
        return found;
    }

    /// <summary>Replaces the file, at once and whole.</summary>
    /// <exception cref="CheckpointNotWrittenException">It cannot be written; what was there still is.</exception>
    public void Write(CheckpointContent content)
    {
        try
        {
            AtomicFile.Write(_file, TemporarySuffix, content.Write);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            int epochs = content.History.Count - (content.Begun is null ? 1 : 0); // behind the file that was there before
            string place = Invariant($"{(content.Begun is null ? "after" : "within")} epoch {epochs + 1}");
            throw new CheckpointNotWrittenException(
                Invariant($"{Option} is '{_path}', and {place} it could not be ") +
                $"written. {e.Message.TrimEnd('.')}. " + (File.Exists(_file)
                    ? Invariant($"What epoch {epochs} left is still there: make room, and Fit with the same options and ") +
                        "rows goes on from it."
                    : "Make room, or give another path."), e);
        }
    }

    /// <summary>The training has ended well.</summary>
    public void Delete()
    {
        File.Delete(_file);
        File.Delete(FilePlace.Beside(_file, TemporarySuffix)); // of a killed training, where this one had no epoch left to write
    }

    public void Dispose() => _lock.Dispose();

    private static string Option => $"{nameof(TrainingOptions)}.{nameof(TrainingOptions.CheckpointPath)}";

    private static CheckpointContent Read(string path, string file)
    {
        if (!File.Exists(file))
            return PayloadFile.Read(path, CheckpointContent.Read); // throws what is wrong with the path
        try
        {
            return PayloadFile.Read(file, CheckpointContent.Read);
        }
        catch (InvalidDataException e)
        {
            throw Unusable(path, e.InnerException as InvalidDataException ?? e);
        }
    }

    /// <summary>Where the file will be. Throws before the training has begun if none can be there.</summary>
    private static string RequirePlace(string path)
    {
        InvalidOperationException Invalid(string why, Exception? cause = null) => new($"{Option} is '{path}', but {why}", cause);
        try
        {
            string file = FilePlace.Follow(path);
            if (Path.GetDirectoryName(file) is { } folder && !Directory.Exists(folder))
                throw Invalid($"there is no folder '{folder}'. Make the folder first, or give another path.");
            if (Directory.Exists(file))
                throw Invalid("that is a folder. Give the path of a file in it.");
            foreach (string suffix in new[] { "", TemporarySuffix, LockSuffix })
            {
                string place = suffix == "" ? file : FilePlace.Beside(file, suffix);
                if (Directory.Exists(place))
                    throw Invalid(
                        $"the folder '{place}' stands where a file of that name is needed while it is written. Remove the " +
                        "folder, or give another path.");
                if (!File.Exists(place))
                    continue;
                if (!FilePlace.IsOrdinary(place))
                    throw Invalid($"'{place}' is a pipe or a device, not a file. Give another path.");
                if (suffix != LockSuffix)
                    File.OpenHandle(place, FileMode.Open, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete).Dispose();
            }
            return file;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Invalid($"no file can be written there: {e.Message}", e);
        }
    }

    private static FileStream Lock(string path, string file)
    {
        try
        {
            return new FileStream(FilePlace.Beside(file, LockSuffix), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None,
                bufferSize: 1,
                FileOptions.DeleteOnClose);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InvalidOperationException($"{Option} is '{path}', but " + (IsInUse(e)
                ? "another training uses it now. Give each training a path of its own."
                : $"no file can be written there: {e.Message}"), e);
        }
    }

    /// <summary>
    /// Whether the system said that somebody else has the file open: EAGAIN, or Windows' sharing and lock violations.
    /// </summary>
    private static bool IsInUse(Exception e) => e is IOException &&
        (OperatingSystem.IsWindows() ? (e.HResult & 0xFFFF) is 32 or 33 : e.HResult is 11 or 35);

    private static void Check(string path, CheckpointContent found, TrainingFingerprint identity)
    {
        string differences = TrainingFingerprint.Differences(found.Identity.Traits, identity.Traits);
        if (differences != "")
            throw new InvalidOperationException(
                $"The checkpoint '{path}' is of another training and was left alone: {Words(found)}, where this one is " +
                $"{identity.Subject}. What differs: {differences}. Delete the file, or give {Option} another name. " +
                $"{OfFolds(differences)}".TrimEnd());
        if (found.History.Count + (found.Begun is null ? 0 : 1) > identity.NumberOfEpochs)
            throw new InvalidOperationException(Invariant(
                $"The checkpoint '{path}' already has {Words(found.History.Count, found.Begun)} behind it, and ") + Invariant(
                $"{nameof(TrainingOptions)}.{nameof(TrainingOptions.NumberOfEpochs)} is {identity.NumberOfEpochs}. ") +
                "Give at least as many, or delete the file.");
    }

    /// <summary>What differs where the other training was another fold: its rows alone.</summary>
    private static string OfFolds(string differences) =>
        !differences.StartsWith(TrainingFingerprint.TrainingRows, StringComparison.Ordinal) ? "" :
        "In a cross validation all folds share this path. Delete the file to begin again, or train the folds one by one, each " +
        "with its own path.";

    private static string Words(int epochs, EpochSums? begun) =>
        Counted.Of(epochs, "epoch") + (begun is null ? "" : " and a part of the next");

    private static string Words(CheckpointContent found) => Invariant(
        $"{found.Identity.Subject}, {found.History.Count} of {Counted.Of(found.Identity.NumberOfEpochs, "epoch")} done");
}

/// <summary>The checkpoint of an epoch could not be written: no room, no permission, or the folder is gone.</summary>
internal sealed class CheckpointNotWrittenException(string why, Exception cause) : IOException(
    $"{why} With {nameof(OnCancel)}.{nameof(OnCancel.KeepBest)} Fit gives the best model so far in place of this error.", cause)
{
    /// <summary>The message without what else could have been asked for.</summary>
    public string Why => why;
}
