using System.Buffers.Binary;
using SequenceModels.Files;
using SequenceModels.Kernels;
using SequenceModels.Networks;
using SequenceModels.Tests.Reference;
using SequenceModels.Tests.Sequences;
using SequenceModels.Training;
using Xunit;

namespace SequenceModels.Tests.Training;

/// <summary>
/// The checkpoint's file: refused where it is damaged, of one training at a time, and gone when it is not needed.
/// </summary>
public sealed class CheckpointFileTests : IDisposable
{
    private const int HeaderLength = 20, ChecksumLength = 32;

    private static readonly TrainingJob s_job = Trainings.All["Adam, plateau"];

    private readonly TemporaryFolder _folder = new();

    private string Path => System.IO.Path.Combine(_folder.Name, "training.checkpoint");

    private TrainingJob Kept => s_job.KeptIn(Path);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_damaged_file_is_refused_and_left_alone()
    {
        Trainings.Stop(Kept.StoppedAfter(3));
        byte[] whole = File.ReadAllBytes(Path);
        int[] lengths = [0, 1, 7, 8, HeaderLength - 1, HeaderLength, HeaderLength + 1, whole.Length / 2,
            whole.Length - ChecksumLength, whole.Length - 1];
        foreach (int length in lengths)
            Refused(whole[..length], $"{length} of {whole.Length} bytes");
        foreach (int place in Enumerable.Range(0, HeaderLength)
            .Concat(Enumerable.Range(0, 100).Select(i => i * whole.Length / 100)))
        {
            byte[] altered = [.. whole];
            altered[place] ^= (byte)(1 << place % 8);
            Refused(altered, $"byte {place}");
        }
        Refused(Trainings.Bytes(Trainer.Train(s_job).Network), "a network");

        File.WriteAllBytes(Path, whole);
        Trainings.AssertSame(Trainer.Train(s_job), Trainer.Train(Kept));
    }

    private static readonly Dictionary<string, Func<CheckpointContent, CheckpointContent>> s_lies = new()
    {
        ["no epochs"] = c => c with { History = [], BestEpoch = 0 },
        ["an epoch is missing"] = c => c with { History = [c.History[0], c.History[2]], BestEpoch = 0 },
        ["epochs in another order"] = c => c with { History = [.. c.History.Reverse()] },
        ["a best epoch before the first"] = c => c with { BestEpoch = -1 },
        ["a best epoch after the last"] = c => c with { BestEpoch = 4 },
        ["a best epoch that was never measured"] = c =>
            c with { History = [.. c.History.Select(e => e with { Validation = null })], BestEpoch = 2 },
        ["an epoch that has begun before the last has ended"] = c => c with { Begun = Part(c.History.Count) },
        ["more batches of an epoch than there are"] = c => c with { Begun = Part(c.History.Count + 1, batches: 1_000) },
        ["an epoch that has begun without an update"] = c => c with { Begun = new EpochSums(c.History.Count + 1) },
        ["carried states of another network"] = c => c with { Begun = Part(c.History.Count + 1), CarriedStates = [[1f]] },
        ["fewer updates than none"] = c => c with { Updates = -1 },
        ["a trait twice"] = c => c with { Identity = c.Identity with { Traits = [.. c.Identity.Traits, c.Identity.Traits[0]] } },
        ["no epochs to be done"] = c => c with { Identity = c.Identity with { NumberOfEpochs = 0 } },
        ["no sums"] = c => c with { OptimizerState = [] },
        ["sums of another optimizer"] = c => c with { OptimizerState = [c.OptimizerState[0]] },
        ["more sums than any optimizer has"] = c => c with { OptimizerState = [.. Enumerable.Repeat(c.OptimizerState[0], 5)] },
        ["networks of two shapes"] = c => c with { Best = Another, BestEpoch = 1 },
        ["a network of another shape"] = c => c with { Network = Another, BestEpoch = 0, OptimizerState = [] },
        ["a network and sums of another shape"] = c =>
            c with { Network = Another, BestEpoch = 0, OptimizerState = Sums(Another) },
        ["a rate that is no number"] = c => c with { Rates = Rates(1, 0, float.NaN) },
        ["a rate above the first"] = c => c with { Rates = Rates(1, 0, 1) },
        ["a best loss that is no number"] = c => c with { Rates = Rates(double.NaN, 0, 0.1f) },
        ["a negative number of epochs without a smaller loss"] = c => c with { Rates = Rates(1, -1, 0.1f) },
        ["a schedule cut short"] = c => c with { Rates = c.Rates[..^1] },
        ["more of a schedule than there is"] = c => c with { Rates = [.. c.Rates, 0] },
    };

    private static EpochSums Part(int epoch, int batches = 1)
    {
        var sums = new EpochSums(epoch);
        for (int batch = 0; batch < batches; batch++)
            sums.EndBatch(10);
        return sums;
    }

    public static TheoryData<string> Lies => [.. s_lies.Keys];

    [Theory]
    [MemberData(nameof(Lies))]
    public void A_lie_under_a_valid_checksum_is_refused(string lie)
    {
        Trainings.Stop(Kept.StoppedAfter(3));
        using var stream = new MemoryStream();
        s_lies[lie](Checkpoint.Read(Path)).Write(stream);
        Refused(stream.ToArray(), lie);
    }

    [Fact]
    public void A_lie_at_any_place_ends_in_a_plain_refusal_or_nothing_to_see()
    {
        Trainings.Stop(Kept.StoppedAfter(3));
        byte[] body = File.ReadAllBytes(Path)[HeaderLength..^ChecksumLength];
        int damaged = 0, another = 0, unseen = 0, tried = 0;
        for (int place = 0; place < body.Length - sizeof(int); place += 1 + place / 50)
        {
            byte[] lie = [.. body];
            // The largest number, which no text holds, and four letters.
            BinaryPrimitives.WriteInt32LittleEndian(lie.AsSpan(place), tried++ % 2 == 0 ? int.MaxValue : 0x7a7a7a7a);
            using (var stream = File.Create(Path))
                SealedPayload.Write(stream, CheckpointContent.Kind, CheckpointContent.Version, writer => writer.Write(lie));
            switch (Record.Exception(() => Trainer.Train(Kept with { IsCanceled = () => true })))
            {
                case InvalidDataException: damaged++; break;
                case InvalidOperationException: another++; break;
                case OperationCanceledException: unseen++; break; // in a figure of the history or a running sum
                case var other: Assert.Fail($"place {place}: {other}"); break;
            }
        }
        Assert.True(damaged > 20 && another > 20 && unseen > 5,
            $"{damaged} damaged, {another} of another training, {unseen} unseen");
    }

    [Fact]
    public void Two_trainings_at_once_do_not_share_a_path()
    {
        var refusals = new List<string>();
        TrainingResult first = Trainer.Train(Kept with
        {
            OnEpoch = _ => refusals.Add(Assert.Throws<InvalidOperationException>(() => Trainer.Train(Kept)).Message),
        });
        Assert.Equal(Trainings.Epochs, refusals.Count);
        Assert.All(refusals, message => Assert.Contains($"CheckpointPath is '{Path}'", message, StringComparison.Ordinal));
        Trainings.AssertSame(Trainer.Train(s_job), first);
        Assert.Empty(_folder.Files);
        Trainer.Train(Kept);
    }

    [Fact]
    public void What_a_killed_process_left_does_not_disturb()
    {
        TrainingResult whole = Trainer.Train(s_job);
        byte[] last = [];
        Trainer.Train(Kept with { OnEpoch = _ => last = File.ReadAllBytes(Path) });
        foreach (bool isDone in new[] { false, true })
        {
            File.WriteAllText(Path + ".lock", "");
            File.WriteAllText(Path + ".tmp", "the beginning of a checkpoint that never");
            if (isDone)
                File.WriteAllBytes(Path, last);
            Trainings.AssertSame(whole, Trainer.Train(Kept));
            Assert.Empty(_folder.Files);
        }
    }

    [Fact]
    public void The_file_is_there_after_every_epoch_and_holds_it()
    {
        TrainingResult result = Trainer.Train(Kept with
        {
            OnEpoch = epoch =>
            {
                Assert.Equal([Path, Path + ".lock"], _folder.Files.Order(StringComparer.Ordinal));
                Assert.Equal(epoch, Checkpoint.Read(Path).History[^1]);
                Assert.Equal(epoch.Epoch, Checkpoint.Read(Path).History.Count);
            },
        });
        Assert.Equal(Trainings.Epochs, result.History.Count);
    }

    [Fact]
    public void The_path_is_resolved_once_when_the_training_begins()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "links need a right there");
        string first = System.IO.Path.Combine(_folder.Name, "first"), second = System.IO.Path.Combine(_folder.Name, "second"),
            now = System.IO.Path.Combine(_folder.Name, "now");
        Directory.CreateDirectory(first);
        Directory.CreateDirectory(second);
        Directory.CreateSymbolicLink(now, "first");
        string path = System.IO.Path.Combine(now, "training.checkpoint");
        Trainings.Stop(s_job.KeptIn(path) with
        {
            OnEpoch = epoch =>
            {
                Assert.Equal(epoch.Epoch, Checkpoint.Read(System.IO.Path.Combine(first, "training.checkpoint")).History.Count);
                Directory.Delete(now);
                Directory.CreateSymbolicLink(now, "second");
                if (epoch.Epoch == 2)
                    throw new OperationCanceledException();
            },
        });
        Assert.Empty(Directory.GetFiles(second));
        Assert.Equal(["training.checkpoint"], Directory.GetFiles(first).Select(System.IO.Path.GetFileName));
    }

    [Theory]
    [InlineData(".tmp")]
    [InlineData(".lock")]
    public void A_folder_in_the_place_of_a_file_beside_it_is_noticed_before_training(string suffix)
    {
        Directory.CreateDirectory(Path + suffix);
        string message = Assert.Throws<InvalidOperationException>(() =>
            Trainer.Train(Kept with
            {
                IsCanceled = () =>
                throw new InvalidOperationException("The first batch was asked for.")
            })).Message;
        Assert.Contains($"TrainingOptions.CheckpointPath is '{Path}', but the folder '{Path}{suffix}' stands where", message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_folder_is_not_told_as_another_training()
    {
        string path = System.IO.Path.Combine(_folder.Name, "none", "training.checkpoint");
        string message = Assert.Throws<InvalidOperationException>(() => Trainer.Train(s_job.KeptIn(path))).Message;
        Assert.Contains($"CheckpointPath is '{path}', but there is no folder '{System.IO.Path.GetDirectoryName(path)}'", message,
            StringComparison.Ordinal);
        Assert.DoesNotContain("another training", message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_checkpoint_that_cannot_be_written_loses_nothing()
    {
        TrainingJob spoilt = Kept with
        {
            OnEpoch = epoch =>
            {
                if (epoch.Epoch == 3)
                    Directory.CreateDirectory(Path + ".tmp"); // stands for a disk that is full
            },
        };
        string message = Assert.ThrowsAny<IOException>(() => Trainer.Train(spoilt)).Message;
        Assert.Contains($"TrainingOptions.CheckpointPath is '{Path}', and after epoch 4 it could not be written", message,
            StringComparison.Ordinal);
        Assert.Contains("What epoch 3 left is still there", message, StringComparison.Ordinal);
        Assert.Contains("OnCancel.KeepBest", message, StringComparison.Ordinal);
        Assert.Equal(3, Checkpoint.Read(Path).History.Count);
        Directory.Delete(Path + ".tmp");
        TrainingResult whole = Trainer.Train(s_job);
        Trainings.AssertSame(whole, Trainer.Train(Kept));

        string? told = null;
        var reported = new List<int>();
        TrainingResult kept = Trainer.Train(spoilt.With(o => o with { OnCancel = OnCancel.KeepBest }) with
        {
            OnCheckpointLost = why => told = why,
            OnEpoch = epoch =>
            {
                spoilt.OnEpoch!(epoch);
                reported.Add(epoch.Epoch);
            },
        });
        Assert.Equal([1, 2, 3, 4], reported);
        Assert.Contains("after epoch 4 it could not be written", told, StringComparison.Ordinal);
        Assert.DoesNotContain("KeepBest", told, StringComparison.Ordinal);
        Assert.Equal(4, kept.History.Count);
        int best = whole.History.Take(4).MinBy(epoch => epoch.Validation!.Loss)!.Epoch;
        Assert.Equal(best, kept.History.Single(epoch => epoch.IsSelected).Epoch);
    }

    [Fact]
    public void The_rows_of_another_fold_are_told_as_such()
    {
        Trainings.Stop(Kept.StoppedAfter(2));
        TrainingJob other = Kept with { Data = Trainings.All["two classes"].Data };
        Assert.Contains("In a cross validation all folds share this path",
            Assert.Throws<InvalidOperationException>(() => Trainer.Train(other)).Message,
            StringComparison.Ordinal);
        Assert.DoesNotContain("cross validation", Assert.Throws<InvalidOperationException>(() =>
            Trainer.Train(Kept.With(o => o with { LearningRate = 0.1f }))).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("missing/training.checkpoint")]
    [InlineData("")]
    [InlineData("/")]
    public void A_path_where_no_file_can_be_is_refused_before_training(string name)
    {
        string path = _folder.Name + (name.Length > 1 ? "/" : "") + name;
        var error = Assert.Throws<InvalidOperationException>(() =>
            Trainer.Train(s_job.KeptIn(path) with
            {
                IsCanceled = () =>
                throw new InvalidOperationException("The first batch was asked for.")
            }));
        Assert.Contains($"TrainingOptions.CheckpointPath is '{path}'", error.Message, StringComparison.Ordinal);
        Assert.Empty(_folder.Files);
    }

    private void Refused(byte[] file, string what)
    {
        File.WriteAllBytes(Path, file);
        Exception? error = Record.Exception(() => Trainer.Train(Kept));
        Assert.True(error is not null, $"{what}: it was taken");
        Assert.True(error is InvalidDataException, $"{what}: {error}");
        Assert.Contains($"'{Path}'", error.Message, StringComparison.Ordinal);
        Assert.Contains("TrainingOptions.CheckpointPath", error.Message, StringComparison.Ordinal);
        Assert.Equal([Path], _folder.Files);
        Assert.Equal(file, File.ReadAllBytes(Path));
    }

    private static Network Another =>
        Trainer.Train(s_job with { Spec = (NetworkShape)s_job.Spec with { HiddenSize = 3 } }).Trained;

    private static FloatBuffer[] Sums(Network network) =>
        [new(network.Parameters.Values.Length), new(network.Parameters.Values.Length)];

    private static byte[] Rates(double best, int waited, float rate) => CheckpointContent.Bytes(writer =>
    {
        writer.Write(best);
        writer.Write(waited);
        writer.Write(rate);
    });
}
