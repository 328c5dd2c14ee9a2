using SequenceModels.Kernels;
using SequenceModels.Layers;
using SequenceModels.Networks;
using SequenceModels.Parameters;
using SequenceModels.Sequences;

namespace SequenceModels.Training;

/// <summary>What training does with each batch: its gradient, clipped, and one update of the weights.</summary>
internal sealed class TrainingStep : IDisposable
{
    private const int UpdateBlock = 1 << 14;

    private readonly TrainingOptions _options;
    private readonly Network _network;
    private readonly int _seed;
    private readonly WorkerThreads _workers;
    private readonly ShardedGradient _gradient;
    private readonly UpdateRule _rule;
    private readonly (Transposed Matrix, int Panel)[] _transposes;
    private readonly Action<int, int> _updateTask, _refreshTask;

    /// <summary>[depth] the size of the present step of the parameters that are so deep.</summary>
    private readonly float[] _rates;

    private float _gradientScale;

    /// <param name="network">Its weights are moved by each step.</param>
    /// <param name="data">Where the batches' rows are.</param>
    /// <param name="options">Optimizer, clipping, dropout, batch size and threads.</param>
    /// <param name="seed">Of dropout.</param>
    /// <param name="classWeights">What each class counts; null: all alike.</param>
    /// <param name="largeTable">Floats of tables whose rows wait with updates in which they have no gradient.</param>
    /// <param name="ranks">The processes that train; null: only this one.</param>
    public TrainingStep(Network network, SequenceDataset data, TrainingOptions options, int seed, float[]? classWeights = null,
        long largeTable = DeferredRows.SmallestTable, TrainingRanks? ranks = null)
    {
        ranks ??= TrainingRanks.Alone;
        _options = options;
        _network = network;
        _seed = seed;
        _transposes = [.. network.PrepareTraining().SelectMany(m => Enumerable.Range(0, m.Panels).Select(p => (m, p)))];
        int batch = Math.Min(options.BatchSize, data.Count);
        int threads = options.NumberOfThreads == 0 ? Environment.ProcessorCount : options.NumberOfThreads;
        _workers = new WorkerThreads(Math.Min(threads, ranks.MostOf(ShardedGradient.ShardCount(batch))));
        _gradient = new ShardedGradient(network, data, batch, _workers, classWeights, ranks);
        _rates = new float[network.Parameters.LargestDepth + 1];
        Average = options.AverageWeights > 0 ? new WeightAverage(network, options.AverageWeights) : null;
        _rule = UpdateRule.For(options.Optimizer, network.Parameters.Length, Average);
        _gradient.Tables?.Defer(network.Spec.Inputs, _rule, largeTable);
        (_updateTask, _refreshTask) = (UpdateBlockOf, Refresh);
        _workers.Run(_transposes.Length, _refreshTask);
    }

    /// <summary>The step of a training.</summary>
    /// <param name="job">What is trained.</param>
    /// <param name="network">Its network.</param>
    /// <param name="rows">Those that it learns from.</param>
    /// <param name="ranks">The processes that train.</param>
    public static TrainingStep For(TrainingJob job, Network network, RowSelection rows, TrainingRanks ranks) => new(network,
        job.Data, job.Options, job.Seed, job.Options.TaskOptions.ClassWeights?.Resolve(rows,
            Math.Max(2, job.Spec.Output.NumberOfOutputs), job.Options.NameOf(nameof(TaskOptions.ClassWeights))), ranks: ranks);

    /// <summary>
    /// Whether all layers below the output layer stay where they are. The optimizer follows their gradients all the same, so
    /// that their first steps later on are of the right size.
    /// </summary>
    public bool HoldsLayers { get; set; }

    /// <summary>The averages of the weights; null: they are not averaged.</summary>
    public WeightAverage? Average { get; }

    /// <summary>How often the weights have been moved.</summary>
    public long Updates => _rule.Update;

    /// <summary>
    /// The optimizer's running sums, each laid out like the parameters: beside the weights and <see cref="Updates"/>,
    /// all that the next step builds on.
    /// </summary>
    public IReadOnlyList<FloatBuffer> State => _rule.State;

    /// <summary>
    /// Goes on where another step stood, once its weights have been copied into the network's parameters, its sums into
    /// <see cref="State"/>, and its averages into <see cref="Average"/>.
    /// </summary>
    /// <param name="updates">The other's <see cref="Updates"/>.</param>
    /// <param name="reached">
    /// What the other's averages had <see cref="WeightAverage.Reached"/>; empty: all the last update.
    /// </param>
    /// <returns>Whether these are averages of such a network.</returns>
    public bool TryResume(long updates, IReadOnlyList<long[]> reached)
    {
        _rule.Update = updates;
        _gradient.Tables?.Begin();
        if (!(Average?.TryResume(updates, reached) ?? reached.Count == 0))
            return false;
        _workers.Run(_transposes.Length, _refreshTask);
        return true;
    }

    /// <summary>Brings <see cref="Average"/> up to the last update, where there is one.</summary>
    public void RefreshAverage() => Average?.Refresh(_network.Parameters.Values, Updates);

    /// <summary>
    /// Brings all weights, and <see cref="State"/>, up to the last update: rows of large tables may wait with theirs. To be
    /// called before anybody but the next step reads them.
    /// </summary>
    public void CatchUp() => _gradient.Tables?.CatchUp(_workers);

    /// <summary>The averages up to the last update, or the weights, in a network of their own.</summary>
    public Network CopyMeasured()
    {
        CatchUp();
        return Average?.CopyUpToDate(_network.Parameters.Values, Updates) ?? _network.Copy();
    }

    /// <summary>As <see cref="CopyMeasured"/>, but of the weights themselves: nothing is learned any more.</summary>
    public Network TakeMeasured()
    {
        CatchUp();
        RefreshAverage();
        return (Average?.Network ?? _network).WithoutTraining();
    }

    /// <summary>
    /// Whether batches are learned from so many steps at a time: an update, and on with the next steps from the states so far,
    /// which learn no more.
    /// </summary>
    public bool LearnsInPieces => _options.TruncatedBackpropagationSteps > 0 && _gradient.CarriesStates;

    /// <summary>The steps of a batch's rows that the next update learns from.</summary>
    /// <param name="first">How many are done.</param>
    /// <param name="longest">Steps of the longest row.</param>
    public StepRange StepsFrom(int first, int longest) => LearnsInPieces
        ? new StepRange(first, Math.Max(1, Math.Min(_options.TruncatedBackpropagationSteps, longest))) : StepRange.All;

    /// <summary>Copies of the states that the next piece of a batch goes on with.</summary>
    public float[][] CopyCarried() => _gradient.CopyCarriedStates();

    /// <summary>Takes what <see cref="CopyCarried"/> gave; none: a batch begins next.</summary>
    /// <returns>Whether they are those of such a network.</returns>
    public bool TryRestoreCarried(IReadOnlyList<float[]> states)
    {
        FloatBuffer[] own = [.. _gradient.CarriedStates];
        if (states.Count > 0 && states.Count != own.Length)
            return false;
        for (int i = 0; i < states.Count; i++)
        {
            own[i].Reserve(states[i].Length);
            states[i].CopyTo(own[i].Span);
        }
        return true;
    }

    /// <summary>Learns from one batch, or from some of its steps: an update.</summary>
    /// <param name="rows">The batch's rows, longest first.</param>
    /// <param name="steps">As <see cref="StepsFrom"/> has them, one range behind the other.</param>
    /// <param name="rate">Size of the step.</param>
    /// <returns>
    /// The sum of weighted losses, the sum of weights and the gradient's norm. Where loss or norm is not finite, its gradient has
    /// moved no weight.
    /// </returns>
    public (double Loss, double Weight, double Norm) Run(ReadOnlySpan<int> rows, StepRange steps, float rate)
    {
        (double loss, double weight, double norm) = _gradient.Compute(rows, OfNextUpdate(), steps);
        if (weight > 0 && double.IsFinite(loss) && double.IsFinite(norm))
            Update(norm, rate);
        return (loss, weight, norm);
    }

    private Regularization OfNextUpdate()
    {
        Dropout Of(float share) => new(share, _seed, Updates + 1);
        return new Regularization
        {
            Values = Of(_options.Dropout) with { EachStep = !_options.VariationalDropout },
            Recurrent = Of(_options.RecurrentDropout),
            Words = Of(_options.TaskOptions.WordDropout),
            Frames = new FrameMasking(_options.TaskOptions.FrameMasks, _seed, Updates + 1),
            LabelSmoothing = _options.TaskOptions.LabelSmoothing,
            AuxiliaryLossWeight = _options.TaskOptions.AuxiliaryLossWeight,
            TruncatedSteps = _options.TruncatedBackpropagationSteps,
        };
    }

    public void Dispose() => _workers.Dispose();

    private void Update(double norm, float rate)
    {
        for (int depth = 0; depth < _rates.Length; depth++)
            _rates[depth] = HoldsLayers && depth > 0 ? 0
                : (float)(rate * Math.Pow(_options.TaskOptions.LayerRateDecay, depth));
        _gradientScale = norm > _options.GradientClipNorm ? (float)(_options.GradientClipNorm / norm) : 1;
        _rule.Advance(_rates);
        _workers.Run(DenseTasks + (_gradient.Tables?.UpdateTasks ?? 0), _updateTask);
        _workers.Run(_transposes.Length, _refreshTask);
    }

    private int DenseTasks => (int)((_network.Parameters.DenseLength + UpdateBlock - 1) / UpdateBlock);

    private unsafe void UpdateBlockOf(int task, int thread)
    {
        if (task >= DenseTasks)
        {
            WorkClock.Begin(WorkKind.Update, "tables");
            _gradient.Tables!.Update(task - DenseTasks, _rule, _gradientScale);
            WorkClock.End();
            return;
        }
        WorkClock.Begin(WorkKind.Update, "dense");
        ParameterSet parameters = _network.Parameters;
        long blockEnd = Math.Min((task + 1L) * UpdateBlock, parameters.DenseLength);
        for (long from = (long)task * UpdateBlock, end; from < blockEnd; from = end)
        {
            ParameterRun run = parameters.RunAt(from);
            end = Math.Min(run.End, blockEnd);
            _rule.Apply(parameters.Values, _gradient.Gradients.Data + from, _gradientScale, run.Depth, from, end - from,
                run.OfVectors);
        }
        WorkClock.End();
    }

    private void Refresh(int task, int thread)
    {
        WorkClock.Begin(WorkKind.Transpose);
        _transposes[task].Matrix.Refresh(_network.Parameters.Values, _transposes[task].Panel);
        WorkClock.End();
    }
}
