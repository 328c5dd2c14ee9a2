using SequenceModels.Layers;
using SequenceModels.Parameters;

namespace SequenceModels.Training;

/// <summary>
/// The gradients of all tables, those that the tokens of one feature pick rows of together, one feature after the other.
/// </summary>
internal sealed class FeatureTables
{
    private readonly TableGradients[] _features;

    /// <param name="parameters">Have at least one table.</param>
    /// <param name="shards">What each shard of this process leaves, for each feature that has tables.</param>
    /// <param name="ranks">The processes that have the other shards.</param>
    public FeatureTables(ParameterSet parameters, EmbeddingGradients[][] shards, TrainingRanks ranks)
    {
        _features = [.. Enumerable.Range(0, shards[0].Length)
            .Select(feature => new TableGradients(parameters, Array.ConvertAll(shards, shard => shard[feature]), ranks))];
    }

    /// <summary>Pieces in which the tables are updated, of the present batch.</summary>
    public int UpdateTasks
    {
        get
        {
            int tasks = 0;
            foreach (TableGradients feature in _features)
                tasks += feature.UpdateTasks;
            return tasks;
        }
    }

    /// <summary>
    /// Adds up what the first shards of this process have found of the present batch, and what the others have; returns the sum
    /// of squares.
    /// </summary>
    public double Compute(int shards, WorkerThreads workers)
    {
        double squares = 0;
        foreach (TableGradients feature in _features)
            squares += feature.Compute(shards, workers);
        return squares;
    }

    /// <summary>Moves the weights of one piece.</summary>
    /// <param name="task">Which piece.</param>
    /// <param name="rule">The optimizer.</param>
    /// <param name="gradientScale">What gradients are multiplied with first.</param>
    /// <param name="rates">[depth] the size of the step.</param>
    public void Update(int task, UpdateRule rule, float gradientScale, float[] rates)
    {
        int feature = 0;
        for (; task >= _features[feature].UpdateTasks; feature++)
            task -= _features[feature].UpdateTasks;
        _features[feature].Update(task, rule, gradientScale, rates);
    }
}
