using SequenceModels.Heads;
using SequenceModels.Networks;
using SequenceModels.Sequences;
using SequenceModels.Text;

namespace SequenceModels.Training;

/// <summary>A training to be done: all that decides what it ends with, and who hears of it on the way.</summary>
internal sealed record TrainingJob
{
    /// <summary>Shape of the network; must agree with the data.</summary>
    public required NetworkSpec Spec { get; init; }

    /// <summary>At least one row, with a positive sum of weights.</summary>
    public required SequenceDataset Data { get; init; }

    /// <summary>Rows to measure on. Null: those that ValidationFraction takes from <see cref="Data"/>, if any.</summary>
    public SequenceDataset? Validation { get; init; }

    /// <summary>Validated. Shape and seed are taken from the other properties.</summary>
    public required TrainingOptions Options { get; init; }

    /// <summary>Of the first weights, the order of rows, the validation rows and all that is dropped.</summary>
    public required int Seed { get; init; }

    /// <summary>Where to go on from, its scaling of frames and labels included. Null: from new weights.</summary>
    public Network? Initial { get; init; }

    /// <summary>Language models whose layers the new weights begin with. Null: none.</summary>
    public PretrainedLayers? Pretrained { get; init; }

    /// <summary>Vectors that the embedding starts from, as far as there are some for its tokens. Null: random ones.</summary>
    public TokenVectors? Vectors { get; init; }

    /// <summary>Makes what counts the spans that the classes of steps make up. Null: they make up none.</summary>
    public Func<ISpanCounter>? Spans { get; init; }

    /// <summary>What is trained, in words that tell it from other trainings.</summary>
    public string Subject { get; init; } = "a network";

    /// <summary>Asked before each batch, beside the options' token.</summary>
    public Func<bool>? IsCanceled { get; init; }

    /// <summary>
    /// Writes the whole model of which a result has the weights, for the checkpoint; asked after each epoch. Null: nothing more
    /// than the network is kept.
    /// </summary>
    public Func<TrainingResult, byte[]>? WriteModel { get; init; }

    /// <summary>Told after each epoch.</summary>
    public Action<TrainingEpoch>? OnEpoch { get; init; }

    /// <summary>Told of a checkpoint that the training goes on from: the number of epochs behind it.</summary>
    public Action<int>? OnResume { get; init; }

    /// <summary>Told of a training whose time is used up before it was done: where it stands, in words.</summary>
    public Action<string>? OnTimeUsedUp { get; init; }

    /// <summary>Told of a checkpoint that could not be written, where training then ends with the best model so far.</summary>
    public Action<string>? OnCheckpointLost { get; init; }

    /// <summary>The job with a value for each option that is left to the kind of the steps or the number of rows.</summary>
    public TrainingJob Completed() =>
        this with { Options = Options.For(Spec.Inputs).For(Data, isSplit: Validation is null) };

    /// <summary>Throws if the job was cancelled.</summary>
    /// <exception cref="OperationCanceledException">It was.</exception>
    public void ThrowIfCanceled()
    {
        Options.CancellationToken.ThrowIfCancellationRequested();
        if (IsCanceled?.Invoke() == true)
            throw new OperationCanceledException("The training was cancelled.");
    }
}

/// <summary>What a training ended with.</summary>
/// <param name="Trained">The selected weights.</param>
/// <param name="History">A row for each epoch.</param>
/// <param name="Examples">
/// Rows to look at the network with: of the validation rows, where there are some. Null where the next step is predicted.
/// </param>
internal sealed record TrainingResult(Network Trained, IReadOnlyList<TrainingEpoch> History, SampledRows? Examples)
{
    private SequenceNetwork? _network;

    /// <summary>The network that scores sequences.</summary>
    /// <exception cref="InvalidDataException">It is a network of another kind.</exception>
    public SequenceNetwork Network => _network ??= SequenceNetwork.Of(Trained);
}
