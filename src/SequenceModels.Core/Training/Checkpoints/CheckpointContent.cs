using SequenceModels.Files;
using SequenceModels.Kernels;
using SequenceModels.Networks;

namespace SequenceModels.Training;

/// <summary>All that a training needs to go on after an epoch as if it had never stopped.</summary>
internal sealed record CheckpointContent
{
    public const string Kind = "SEQCHECK";
    public const int Version = 1;

    /// <summary>More than any optimizer has.</summary>
    private const int MostSums = 4;

    public required TrainingFingerprint Identity { get; init; }

    public required int Seed { get; init; }

    /// <summary>How often the weights have been moved.</summary>
    public required long Updates { get; init; }

    /// <summary>What the learning rate schedule has written.</summary>
    public required byte[] Rates { get; init; }

    /// <summary>The epochs that have ended.</summary>
    public required IReadOnlyList<TrainingEpoch> History { get; init; }

    /// <summary>The epoch that has begun, where the training was stopped within one; null: none.</summary>
    public EpochSums? Begun { get; init; }

    /// <summary>Time that this run took for it; to be written only.</summary>
    public TimeSpan SinceBegun { get; init; }

    /// <summary>The states that the next piece of a batch goes on with; none: a batch begins next.</summary>
    public IReadOnlyList<float[]> CarriedStates { get; init; } = [];

    /// <summary>
    /// A whole model with the weights of <see cref="Best"/>, as whoever asked for the training writes it; empty: none.
    /// </summary>
    public byte[] Model { get; init; } = [];

    /// <summary>The present weights.</summary>
    public required Network Network { get; init; }

    /// <summary>The averages of the weights, where these are averaged.</summary>
    public Network? Average { get; init; }

    /// <summary>
    /// Where an epoch has begun: what the averages of lazy tables have <see cref="WeightAverage.Reached"/>. Else empty: all
    /// averages are up to date.
    /// </summary>
    public IReadOnlyList<long[]> AverageReached { get; init; } = [];

    /// <summary>The epoch with the best figure of the validation rows, from 1; 0: there is none.</summary>
    public required int BestEpoch { get; init; }

    /// <summary>Its weights; the present ones, or their averages, where there is none.</summary>
    public required Network Best { get; init; }

    /// <summary>The optimizer's running sums, each laid out like the parameters.</summary>
    public required IReadOnlyList<FloatBuffer> OptimizerState { get; init; }

    /// <summary>Batches that have been learned from.</summary>
    /// <param name="perEpoch">In an epoch.</param>
    public double BatchesDone(int perEpoch) => (double)History.Count * perEpoch + (Begun?.Batch ?? 0);

    /// <summary>Gives the schedule back what it has written.</summary>
    public void ReadRates(ScheduledRate rates)
    {
        var reader = new PayloadReader(Rates, Kind, Version);
        rates.Read(reader);
        reader.RequireEnd();
    }

    public void Write(Stream stream) => SealedPayload.Write(stream, Kind, Version, writer =>
    {
        Identity.Write(writer);
        writer.Write(Seed);
        writer.Write(Updates);
        writer.WriteBlock(Rates);
        TrainingHistoryFile.Write(writer, History);
        writer.WriteOptional(Begun, (to, begun) => begun.Write(to, SinceBegun));
        writer.WriteArray(CarriedStates, (to, state) => to.WriteArray(state));
        writer.WriteBlock(Model);
        writer.Write(BestEpoch);
        writer.WriteBlock(Bytes(Network));
        writer.Write(Average is not null);
        if (Average is not null)
            writer.WriteBlock(Bytes(Average));
        writer.WriteArray(AverageReached, (to, table) => to.WriteArray(table, (each, update) => each.Write(update)));
        if (IsBestAnother(BestEpoch, History.Count, Begun, Average))
            writer.WriteBlock(Bytes(Best));
        writer.Write(OptimizerState.Count);
        foreach (FloatBuffer sums in OptimizerState)
            NetworkFile.WriteValues(writer, Network.Parameters, sums);
    });

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    /// <exception cref="InvalidDataException">The stream holds something else, was cut short or altered.</exception>
    public static CheckpointContent Read(Stream stream) => SealedPayload.Read(stream, Kind, Version, Read);

    /// <summary>What <paramref name="write"/> writes.</summary>
    public static byte[] Bytes(Action<PayloadWriter> write)
    {
        using var stream = new MemoryStream();
        using (var writer = new PayloadWriter(stream))
            write(writer);
        return stream.ToArray();
    }

    /// <summary>Whether the best weights are neither the present ones nor their averages as these are kept.</summary>
    private static bool IsBestAnother(int bestEpoch, int epochs, EpochSums? begun, Network? average) =>
        bestEpoch > 0 ? bestEpoch < epochs || begun is not null : begun is not null && average is not null;

    private static CheckpointContent Read(PayloadReader reader)
    {
        TrainingFingerprint identity = TrainingFingerprint.Read(reader);
        int seed = reader.ReadInt32();
        long updates = reader.ReadInt64();
        byte[] rates = reader.ReadBlock("the learning rate").ToArray();
        IReadOnlyList<TrainingEpoch> history = TrainingHistoryFile.Read(reader);
        EpochSums? begun = reader.ReadOptional(EpochSums.Read);
        float[][] carried = reader.ReadArray("the number of carried states", sizeof(int),
            from => from.ReadFiniteArray("a carried state", "a state"));
        byte[] model = reader.ReadBlock("the model").ToArray();
        int bestEpoch = reader.ReadInt32("the best epoch", 0, history.Count);
        if (updates < 0 || (history.Count == 0 && begun is null) || (begun is not null && begun.Epoch != history.Count + 1) ||
            history.Where((epoch, i) => epoch.Epoch != i + 1).Any() ||
            (bestEpoch > 0 && history[bestEpoch - 1].Validation is not { Loss: not double.NaN }))
            throw reader.Invalid("its epochs do not fit together");
        Network network = NetworkFile.Read(reader.ReadBlock("the network"));
        Network? average = reader.ReadBoolean() ? NetworkFile.Read(reader.ReadBlock("the averages")) : null;
        long[][] reached = reader.ReadArray("the number of averaged tables", sizeof(int),
            from => from.ReadArray("the number of averaged rows", sizeof(long), row => row.ReadInt64()));
        Network best = IsBestAnother(bestEpoch, history.Count, begun, average)
            ? NetworkFile.Read(reader.ReadBlock("the best network")) : average ?? network;
        if (best.Spec != network.Spec || (average is not null && average.Spec != network.Spec))
            throw reader.Invalid("its networks have different shapes");
        var state = new FloatBuffer[reader.ReadInt32("the number of running sums", 0, MostSums)];
        for (int i = 0; i < state.Length; i++)
        {
            if (network.Parameters.LogicalLength * sizeof(float) > reader.Remaining)
                throw reader.Invalid("it ends within the optimizer's sums");
            state[i] = new FloatBuffer(network.Parameters.Values.Length);
            NetworkFile.ReadValues(reader, network.Parameters, state[i]);
        }
        return new CheckpointContent
        {
            Identity = identity,
            Seed = seed,
            Updates = updates,
            Rates = rates,
            History = history,
            Begun = begun,
            CarriedStates = carried,
            Model = model,
            Network = network,
            Average = average,
            AverageReached = reached,
            BestEpoch = bestEpoch,
            Best = best,
            OptimizerState = state,
        };
    }

    private static byte[] Bytes(Network network)
    {
        using var stream = new MemoryStream();
        NetworkFile.Write(network, stream);
        return stream.ToArray();
    }
}
