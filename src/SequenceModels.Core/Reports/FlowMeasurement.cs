using SequenceModels.Kernels;
using SequenceModels.Layers;
using SequenceModels.Networks;
using SequenceModels.Parameters;
using SequenceModels.Sequences;

namespace SequenceModels.Reports;

/// <summary>
/// Runs sequences through a network and back, as training does but without dropout and without moving a weight, and looks at what goes
/// on inside. Works on a copy of the network: a network that others may be using does not get the transposes that the way back needs.
/// </summary>
internal sealed class FlowMeasurement
{
    /// <summary>Sequences that must be that long for a point of the curve: the mean of one or two says little.</summary>
    private const int FewestSequences = 5;

    /// <summary>Steps that are looked at, and those of an example.</summary>
    private const int MostStepsBack = 10_000, MostStepsOfExample = 1_000;

    private readonly EncoderNetwork _layers;
    private readonly SequenceDataset _data;

    /// <param name="network">The network to look into.</param>
    /// <param name="data">Where the rows are; with labels.</param>
    public FlowMeasurement(EncoderNetwork network, SequenceDataset data)
    {
        _data = data;
        _layers = (EncoderNetwork)network.Copy();
        foreach (Transposed transposed in _layers.PrepareTraining())
            for (int panel = 0; panel < transposed.Panels; panel++)
                transposed.Refresh(_layers.Parameters.Values, panel);
    }

    /// <summary>The gradient flow and half-lives of each layer and direction, and the mean loss of the rows.</summary>
    /// <param name="rows">Which rows.</param>
    /// <param name="threads">How many batches at a time; -1: as many as there are processors.</param>
    public (LayerInsight[] Layers, double Loss) Measure(int[] rows, int threads)
    {
        List<int[]> batches = MeasuredRows.IntoBatches(_data, rows.Where(row => _data.Length(row) > 0));
        var observers = new FlowObserver[batches.Count][];
        double[] losses = new double[batches.Count];
        Parallel.For(0, batches.Count, new ParallelOptions { MaxDegreeOfParallelism = threads }, i => Run(batches[i],
            (layer, batch) => new FlowObserver(layer, batch), out observers[i], out losses[i]));
        int sequences = batches.Sum(batch => batch.Length);
        Recurrent[] layers = [.. Directions];
        return ([.. layers.Select((layer, place) => Sum(layer, place, [.. observers.Select(batch => batch[place])], sequences))],
            sequences == 0 ? double.NaN : losses.Sum() / sequences);
    }

    /// <summary>The gates over the steps of one row, of which at most the first thousand are written down.</summary>
    /// <param name="row">Which row.</param>
    /// <param name="token">What a key is called.</param>
    public GateTrace Trace(int row, Func<uint, string> token)
    {
        int steps = Math.Min(_data.Length(row), MostStepsOfExample);
        Run([row], (layer, batch) => new TraceObserver(layer, batch.Steps), out TraceObserver[] observers, out _);
        FeatureChannel? tokens = _data.Inputs.FirstTokens is >= 0 and int place ? _data.Channels[place] : null;
        return new GateTrace
        {
            Steps = [.. Enumerable.Range(0, steps).Select(t => tokens is null ? "" : token(tokens.Keys(_data.Start(row) + t, 1)[0]))],
            Layers = [.. Directions.Select((layer, i) => new LayerTrace(LayerOf(i), layer.IsReverse,
                [.. layer.Cell.GateNames, "hidden state h"], [.. observers[i].Means.Select(gate => gate[..steps])]))],
        };
    }

    private IEnumerable<Recurrent> Directions => _layers.Stack.SelectMany(layer => layer.Directions);

    private int LayerOf(int place) => 1 + place / _layers.Stack[0].Directions.Count;

    /// <summary>One batch forward and back, each sequence by its own loss; <paramref name="loss"/> is their sum.</summary>
    private void Run<T>(int[] rows, Func<Recurrent, SequenceBatch, T> observe, out T[] observers, out double loss) where T : IBackwardObserver
    {
        EncoderPass pass = _layers.CreatePass();
        pass.Load(_data, rows, numbers: rows, StepRange.All);
        PlaceLabels(pass, rows);
        observers = [.. Directions.Select(layer => observe(layer, pass.Batch))];
        RecurrentPass[] passes = [.. pass.Stack.Directions.SelectMany(directions => directions)];
        for (int i = 0; i < passes.Length; i++)
            passes[i].Observer = observers[i];
        loss = _layers.Learn(pass, Regularization.None, new FloatBuffer(_layers.Parameters.DenseLength), _layers.CreateEmbeddingGradients());
    }

    /// <summary>Each row counts alike: the labels of a sequence's steps together as much as one label.</summary>
    private void PlaceLabels(EncoderPass pass, int[] rows)
    {
        pass.ReserveTargets();
        for (int k = 0; k < rows.Length; k++)
            _data.Targets.Place(pass.Batch, k, rows[k], firstStep: 0, 1 / _data.Targets.Count(rows[k], StepRange.All, null), null, pass.Targets);
    }

    private LayerInsight Sum(Recurrent layer, int place, FlowObserver[] batches, int sequences)
    {
        int longest = batches.Length == 0 ? 0 : batches.Max(batch => batch.Squares.Length);
        var squares = new double[longest];
        var counts = new int[longest];
        var kept = new double[layer.RecurrentWeight.Units];
        foreach (FlowObserver batch in batches)
            for (int back = 0; back < batch.Squares.Length; back++)
            {
                squares[back] += batch.Squares[back];
                counts[back] += batch.Sequences[back];
            }
        foreach (FlowObserver batch in batches)
            for (int unit = 0; unit < kept.Length; unit++)
                kept[unit] += batch.Kept[unit];
        int steps = Math.Min(MostStepsBack, counts.Count(count => count >= Math.Min(FewestSequences, sequences)));
        long observed = counts.Sum(count => (long)count);
        return new LayerInsight
        {
            Layer = LayerOf(place),
            IsReverse = layer.IsReverse,
            GradientNorms = [.. Enumerable.Range(0, steps).Select(back => Math.Sqrt(squares[back] / counts[back]))],
            Sequences = counts[..steps],
            HalfLives = layer.Cell.RetainGate is null || observed == 0 ? [] : HalfLife.Quantiles([.. kept.Select(sum => sum / observed)]),
        };
    }
}
