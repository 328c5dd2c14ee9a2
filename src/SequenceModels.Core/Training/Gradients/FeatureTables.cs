using SequenceModels.Layers;
using SequenceModels.Parameters;
using SequenceModels.Sequences;

namespace SequenceModels.Training;

/// <summary>
/// The gradients of all tables, those that the tokens of one feature pick rows of together, one feature after the other.
/// </summary>
internal sealed class FeatureTables
{
    private readonly TableGradients[] _features;

    /// <summary>What waits with updates, and the number of the feature whose tokens pick it.</summary>
    private readonly List<(DeferredRows Rows, int Channel)> _deferred = [];
    private readonly Action<int, int> _catchUpTask;
    private DeferredRows? _catchingUp;

    /// <param name="parameters">Have at least one table.</param>
    /// <param name="shards">What each shard of this process leaves, for each feature that has tables.</param>
    /// <param name="ranks">The processes that have the other shards.</param>
    public FeatureTables(ParameterSet parameters, EmbeddingGradients[][] shards, TrainingRanks ranks)
    {
        _features = [.. Enumerable.Range(0, shards[0].Length)
            .Select(feature => new TableGradients(parameters, Array.ConvertAll(shards, shard => shard[feature]), ranks))];
        _catchUpTask = CatchUp;
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
    public void Update(int task, UpdateRule rule, float gradientScale)
    {
        int feature = 0;
        for (; task >= _features[feature].UpdateTasks; feature++)
            task -= _features[feature].UpdateTasks;
        _features[feature].Update(task, rule, gradientScale);
    }

    /// <summary>Lets rows of large tables wait with their updates until they are read.</summary>
    /// <param name="inputs">What the steps are: those that are tokens have the first tables.</param>
    /// <param name="rule">The optimizer.</param>
    /// <param name="smallest">Floats of tables that are large.</param>
    public void Defer(StepFeatures inputs, UpdateRule rule, long smallest)
    {
        for (int channel = 0, table = 0; channel < inputs.Count && table < _features.Length; channel++)
        {
            if (inputs[channel].Kind == StepFeatureKind.Frames)
                continue; // has no table
            if (inputs[channel].Kind == StepFeatureKind.Tokens && _features[table].Defer(rule, smallest) is { } rows)
                _deferred.Add((rows, channel));
            table++;
        }
        Begin();
    }

    /// <summary>Begins where all weights have made all updates so far.</summary>
    public void Begin()
    {
        foreach ((DeferredRows rows, _) in _deferred)
            rows.Begin();
    }

    /// <summary>Brings the rows that a batch is about to read up to the last update.</summary>
    /// <param name="data">Where its rows are.</param>
    /// <param name="batch">Its rows.</param>
    /// <param name="steps">Which of their steps.</param>
    /// <param name="workers">The threads.</param>
    public void CatchUp(SequenceDataset data, ReadOnlySpan<int> batch, StepRange steps, WorkerThreads workers)
    {
        foreach ((DeferredRows rows, int channel) in _deferred)
        {
            foreach (int row in batch)
                rows.Find(data.Channels[channel].Keys(data.Start(row) + steps.First, steps.StepsOf(data.Length(row))));
            rows.Find([0]); // what tokens become that are hidden
            rows.FindAll(always: false);
            CatchUp(rows, workers);
        }
    }

    /// <summary>Brings all rows up to the last update.</summary>
    public void CatchUp(WorkerThreads workers)
    {
        foreach ((DeferredRows rows, _) in _deferred)
        {
            rows.FindAll(always: true);
            CatchUp(rows, workers);
        }
    }

    private void CatchUp(int task, int thread)
    {
        WorkClock.Begin(WorkKind.Update, "waiting rows");
        _catchingUp!.CatchUp(task);
        WorkClock.End();
    }

    private void CatchUp(DeferredRows rows, WorkerThreads workers)
    {
        _catchingUp = rows;
        workers.Run(rows.Tasks, _catchUpTask);
        rows.EndCatchUp();
    }
}
