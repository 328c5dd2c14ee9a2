using SequenceModels.Heads;
using SequenceModels.Layers;
using SequenceModels.Networks;
using SequenceModels.Parameters;
using SequenceModels.Sequences;

namespace SequenceModels.Training;

/// <summary>What a network begins its training with: drawn weights, or those of an earlier model.</summary>
internal static class FirstWeights
{
    /// <summary>A network of the job's shape.</summary>
    /// <param name="job">Says where to go on from, and with which vectors.</param>
    /// <param name="rows">
    /// Those that it will learn from: scaling, what is seen of each table, and how often each output is right are theirs.
    /// </param>
    public static Network Of(TrainingJob job, RowSelection rows)
    {
        Network network = job.Initial?.Copy() ?? NewWeights(job, rows);
        if (job.Options.TaskOptions.PretrainedVectors is { Frozen: true })
            network.Parameters.Tables.Single(table => table.Name == Embedding.TableName).IsFrozen = true;
        return network;
    }

    private static Network NewWeights(TrainingJob job, RowSelection rows)
    {
        Network network = job.Spec.CreateNetwork(job.Pretrained is { } language ? language.Forward.Frames
            : job.Options.TaskOptions.FrameScaling == FrameScaling.Standard ? FrameTransform.Standard(rows) : FrameTransform.None,
            HeadRegistry.StandardisesLabels(job.Spec.Output.Head) ? LabelTransform.Standard(rows) : LabelTransform.None);
        network.Parameters.Allocate();
        network.Initialize(job.Seed, job.Options.TaskOptions.EmbeddingDeviation);
        UnreachedRows.Clear(network, rows, dropsWords: job.Options.TaskOptions.WordDropout > 0);
        job.Pretrained?.CopyTo(network);
        if (job.Vectors is { } vectors)
        {
            // dense where the output layer has it too
            Parameter table = network.Parameters.All.Single(table => table.Name == Embedding.TableName);
            for (int token = 0; token < vectors.Count; token++)
                if (vectors.TryGet(token, out ReadOnlySpan<float> vector))
                    table.Write(network.Parameters.Values, token + 1, gate: 0, vector);
        }
        if (job.Data.Targets is NextStepTargets or SequenceTargets)
            UnigramBias.Of(rows, network).SetBias(network);
        return network;
    }
}
