using System.Globalization;
using SequenceModels.Files;
using SequenceModels.Networks;
using SequenceModels.Sequences;
using SequenceModels.Text;

namespace SequenceModels.Training;

/// <summary>
/// What two trainings must have in common for one to go on where the other stood: names and values as text, so that a difference
/// can be shown. Threads, progress, cancellation, time, memory and the checkpoint's path decide no weight and are left out.
/// </summary>
/// <param name="Subject">What is trained, in words.</param>
/// <param name="NumberOfEpochs">Of the whole training.</param>
/// <param name="Traits">In a fixed order.</param>
internal sealed record TrainingFingerprint(string Subject, int NumberOfEpochs, IReadOnlyList<TrainingSetting> Traits)
{
    /// <summary>The trait in which folds of one cross validation differ.</summary>
    public const string TrainingRows = "training rows";

    /// <summary>Of all of the job's rows, options and shape; reads through the rows.</summary>
    public static TrainingFingerprint Of(TrainingJob job)
    {
        TrainingOptions options = job.Options;
        return new TrainingFingerprint(job.Subject, options.NumberOfEpochs,
        [
            new("what is trained", job.Subject),
            .. OfShape(job.Spec),
            .. OfOptions(options),
            new(nameof(TaskOptions.PretrainedVectors), Fingerprint(job.Vectors, options.TaskOptions.PretrainedVectors)),
            new(TrainingRows, Fingerprint(job.Data)),
            new("validation rows", job.Validation is null ? "of the training rows" : Fingerprint(job.Validation)),
            new("initial model", Fingerprint(job.Initial)),
            new("initial language models", job.Pretrained is not { } pretrained ? "none"
                : string.Join(", ", new[] { pretrained.Forward, pretrained.Backward }.OfType<Network>().Select(Fingerprint))),
        ]);
    }

    /// <summary>Each option that decides a weight.</summary>
    public static IEnumerable<TrainingSetting> OfOptions(TrainingOptions options)
    {
        TaskOptions task = options.TaskOptions;
        yield return new(nameof(options.Dropout), Text(options.Dropout));
        yield return new(nameof(options.VariationalDropout), Text(options.VariationalDropout));
        yield return new(nameof(options.RecurrentDropout), Text(options.RecurrentDropout));
        yield return new(nameof(task.EmbeddingDeviation), Text(task.EmbeddingDeviation));
        yield return new(nameof(task.WordDropout), Text(task.WordDropout));
        yield return new(nameof(task.FrameScaling), Text(task.FrameScaling));
        yield return new(nameof(task.FrameMasks), Text(task.FrameMasks));
        yield return new(nameof(options.BatchSize), Text(options.BatchSize));
        yield return new(nameof(options.Optimizer), Text(options.Optimizer));
        yield return new(nameof(options.LearningRate), Text(options.LearningRate));
        yield return new(nameof(options.LearningRateSchedule), Text(options.LearningRateSchedule));
        if (options.LearningRateSchedule.DependsOnNumberOfEpochs)
            yield return new(nameof(options.NumberOfEpochs), Text(options.NumberOfEpochs));
        yield return new(nameof(options.GradientClipNorm), Text(options.GradientClipNorm));
        yield return new(nameof(options.AverageWeights), Text(options.AverageWeights));
        yield return new(nameof(options.TruncatedBackpropagationSteps), Text(options.TruncatedBackpropagationSteps));
        yield return new(nameof(task.LabelSmoothing), Text(task.LabelSmoothing));
        yield return new(nameof(task.AuxiliaryLossWeight), Text(task.AuxiliaryLossWeight));
        yield return new(nameof(task.ClassWeights), task.ClassWeights is null ? "none" : Text(task.ClassWeights));
        yield return new(nameof(task.FrozenEpochs), Text(task.FrozenEpochs));
        yield return new(nameof(task.LayerRateDecay), Text(task.LayerRateDecay));
        yield return new(nameof(task.WindowsPerEpoch), Text(task.WindowsPerEpoch));
        yield return new(nameof(options.ValidationFraction), Text(options.ValidationFraction));
        yield return new(nameof(options.EarlyStoppingPatience), Text(options.EarlyStoppingPatience));
        yield return new(nameof(options.SelectBy), Text(options.SelectBy));
        yield return new(nameof(options.Seed), options.Seed is null ? "of the MLContext" : Text(options.Seed));
    }

    /// <summary>The network's shape, which comes of options and data.</summary>
    public static IEnumerable<TrainingSetting> OfShape(NetworkSpec spec) =>
        spec.Settings().Select(setting => new TrainingSetting(setting.Name, setting.Value));

    /// <summary>Each trait that is not the same on both sides, as "HiddenSize (64, here 32)".</summary>
    public static string Differences(IEnumerable<TrainingSetting> there, IEnumerable<TrainingSetting> here)
    {
        Dictionary<string, string> theirs = there.ToDictionary(trait => trait.Name, trait => trait.Value);
        Dictionary<string, string> ours = here.ToDictionary(trait => trait.Name, trait => trait.Value);
        return string.Join(", ", ours.Keys.Union(theirs.Keys)
            .Select(name =>
                (Name: name, Theirs: theirs.GetValueOrDefault(name, "none"), Ours: ours.GetValueOrDefault(name, "none")))
            .Where(trait => trait.Theirs != trait.Ours)
            .Select(trait => $"{trait.Name} ({trait.Theirs}, here {trait.Ours})"));
    }

    public void Write(PayloadWriter writer)
    {
        writer.Write(Subject);
        writer.Write(NumberOfEpochs);
        writer.Write(Traits.Count);
        foreach (TrainingSetting trait in Traits)
        {
            writer.Write(trait.Name);
            writer.Write(trait.Value);
        }
    }

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    public static TrainingFingerprint Read(PayloadReader reader)
    {
        string subject = reader.ReadString();
        int epochs = reader.ReadInt32("the number of epochs", 1, int.MaxValue);
        var traits = new TrainingSetting[reader.ReadCount("the number of traits", 2)];
        for (int i = 0; i < traits.Length; i++)
            traits[i] = new TrainingSetting(reader.ReadString(), reader.ReadString());
        return traits.DistinctBy(trait => trait.Name).Count() == traits.Length
            ? new TrainingFingerprint(subject, epochs, traits)
            : throw reader.Invalid("it names a trait twice");
    }

    private static string Text<T>(T value) => InvariantText.Of(value) ?? "";

    private static string Fingerprint(TokenVectors? vectors, WordVectors? option) => option is null ? "none"
        : (vectors is null ? "of the initial model" : $"SHA-256 {Convert.ToHexStringLower(vectors.Fingerprint())}") +
          (option.Frozen ? ", frozen" : "");

    private static string Fingerprint(Network? network) =>
        network is null ? "none" : $"SHA-256 {NetworkFile.Fingerprint(network)}";

    private static string Fingerprint(SequenceDataset data) => string.Create(CultureInfo.InvariantCulture,
        $"{data.Count} of {Counted.Of(data.NumberOfSteps, "step")}, SHA-256 {Convert.ToHexStringLower(data.Fingerprint())}");
}

/// <summary>One thing that decides what a training ends with.</summary>
/// <param name="Name">Of an option where it is one.</param>
/// <param name="Value">As text that does not depend on the machine's culture.</param>
internal readonly record struct TrainingSetting(string Name, string Value);
