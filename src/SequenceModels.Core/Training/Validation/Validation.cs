using SequenceModels.Files;
using SequenceModels.Heads;
using SequenceModels.Layers;
using SequenceModels.Networks;
using SequenceModels.Sequences;

namespace SequenceModels.Training;

/// <summary>
/// Measures a network on all validation rows. Batches do not depend on the number of threads and their sums are added in order,
/// so that the figures do not either.
/// </summary>
internal sealed class Validation : IDisposable
{
    /// <summary>
    /// Rows of a batch at most, and steps where it has more than one row: what is computed for them stays near the core.
    /// </summary>
    private const int MostRows = 64, MostSteps = 1 << 13;

    /// <summary>Batches between two looks at whether the training was cancelled, for each thread.</summary>
    private const int BatchesPerThread = 4;

    private readonly Network _network;
    private readonly SequenceDataset _data;
    private readonly SpillList<int> _rows;
    private readonly SpillList<int> _ends;
    private readonly SpillList<MeasuredOutputs> _sums;
    private readonly SpillList<float> _logits;
    private readonly WorkerThreads _workers;
    private readonly NetworkPass[] _passes;
    private readonly CarriedStates[] _carried;
    private readonly LabelMoments _labels;
    private readonly SpanMeasurement? _spans;
    private readonly SequenceMeasurement? _sequences;
    private readonly Action<int, int> _measureTask;
    private int _firstBatch;

    /// <param name="network">Its weights of the moment are measured.</param>
    /// <param name="rows">What on.</param>
    /// <param name="threads">The option: 0: as many as there are processors.</param>
    /// <param name="spans">Makes what counts the spans of steps; null: steps have none.</param>
    public Validation(Network network, RowSelection rows, int threads, Func<ISpanCounter>? spans = null)
    {
        _network = network;
        _data = rows.Data;
        (_rows, _ends, _sums, _logits) =
            (_data.NewList<int>(), _data.NewList<int>(), _data.NewList<MeasuredOutputs>(), _data.NewList<float>());
        Sort(rows);
        CutIntoBatches();
        _sums.Resize(_ends.Count);
        if (RanksRows)
            _logits.Resize(_rows.Count);
        _labels = network.Output.StandardisesLabels ? LabelMoments.Of(rows) : default;
        _workers = new WorkerThreads((int)Math.Min(threads == 0 ? Environment.ProcessorCount
            : threads, Math.Max(1, _ends.Count)));
        _passes = [.. Enumerable.Range(0, _workers.Threads).Select(_ => network.CreatePass())];
        _spans = spans is null ? null : new SpanMeasurement(spans, _passes.Length);
        _sequences = SequenceMeasurement.For(network, _data);
        _carried = [.. _passes.Select(_ => network.CreateCarriedStates())];
        _measureTask = MeasureBatch;
    }

    /// <summary>The figures of the network's present weights.</summary>
    /// <param name="throwIfCanceled">Asked now and then.</param>
    public ValidationMetrics Measure(Action throwIfCanceled)
    {
        int step = BatchesPerThread * _workers.Threads;
        for (_firstBatch = 0; _firstBatch < _ends.Count; _firstBatch += step)
        {
            throwIfCanceled();
            _workers.Run((int)Math.Min(step, _ends.Count - _firstBatch), _measureTask);
        }
        MeasuredOutputs all = default;
        foreach (MeasuredOutputs batch in _sums.Span(0, (int)_ends.Count))
            all = all.Plus(batch);
        ValidationMetrics metrics = _network.Output.Metrics(all with
        {
            SquaredDeviation = _labels.SquaredDeviation,
            AreaUnderRocCurve = RanksRows ? RocCurve.AreaUnder(_data, _rows, _logits) : null,
        }) with
        {
            SpanF1Score = _spans is null ? null : all.Spans.F1Score,
        };
        return _sequences?.Complete(metrics, place => _rows[place]) ?? metrics;
    }

    public void Dispose()
    {
        _workers.Dispose();
        _rows.Dispose();
        _ends.Dispose();
        _sums.Dispose();
        _logits.Dispose();
    }

    /// <summary>Whether each row comes down to one logit, by which rows can be ranked.</summary>
    private bool RanksRows => _network.Output.HasLogit && !_network.Spec.Output.EveryStep;

    /// <summary>Longest first, rows of one length in the data's order.</summary>
    private void Sort(RowSelection rows)
    {
        using SpillList<long> keys = _data.NewList<long>();
        _rows.Resize(rows.Count);
        keys.Resize(rows.Count);
        Span<int> numbers = _rows.Span(0, rows.Count);
        Span<long> order = keys.Span(0, rows.Count);
        for (int i = 0; i < numbers.Length; i++)
            (numbers[i], order[i]) = (rows[i], (long)-_data.Length(rows[i]) << 32 | (uint)i);
        order.Sort(numbers);
    }

    private void CutIntoBatches()
    {
        int start = 0;
        long steps = 0;
        for (int i = 0; i < _rows.Count; i++)
        {
            int length = _data.Length(_rows[i]);
            if (i > start && (i - start == MostRows || steps + length > MostSteps))
            {
                _ends.Add(i);
                (start, steps) = (i, 0);
            }
            steps += length;
        }
        _ends.Add((int)_rows.Count);
    }

    private void MeasureBatch(int task, int thread)
    {
        int batch = _firstBatch + task, start = batch == 0 ? 0 : _ends[batch - 1];
        ReadOnlySpan<int> rows = _rows.Span(start, _ends[batch] - start);
        int longest = _data.Length(rows[0]);
        // A long row is alone in its batch, and read in pieces where none depends on a later one: it may be a whole book.
        int steps = rows.Length == 1 && _network.Spec.ReadsInPieces ? MostSteps : Math.Max(1, longest);
        _spans?.Begin(thread, _data, rows);
        MeasuredOutputs sums = default;
        for (int first = 0; first == 0 || first < longest; first += steps)
            sums = sums.Plus(MeasurePiece(rows, start, steps < longest ? new StepRange(first, steps) : StepRange.All, thread));
        _sequences?.Take(_passes[thread], rows, start);
        if (_spans is not null)
            sums = sums with { Spans = _spans.Count(thread, _data, rows) };
        _sums.Span(batch, 1)[0] = sums;
    }

    private MeasuredOutputs MeasurePiece(ReadOnlySpan<int> rows, int start, StepRange steps, int thread)
    {
        NetworkPass pass = _passes[thread];
        pass.Load(_data, rows, numbers: rows, steps);
        pass.LoadTargets(_data, rows, total: 1, classWeights: null, steps.First);
        if (steps != StepRange.All)
            pass.RestoreStates(_carried[thread], begins: steps.First == 0);
        Span<float> decisions = pass.ReserveDecisions();
        double loss = _network.Evaluate(pass, decisions);
        if (steps != StepRange.All)
            pass.SaveStates();
        if (RanksRows)
            decisions.CopyTo(_logits.Span(start, rows.Length));
        _spans?.Add(thread, pass.Batch, decisions, steps.First);
        return Measure(loss, decisions, pass.Targets);
    }

    /// <summary>What a batch adds to the figures, each row of outputs by its weight.</summary>
    private MeasuredOutputs Measure(double loss, ReadOnlySpan<float> decisions, TargetBatch targets)
    {
        double weight = 0, correct = 0, squares = 0, compared = 0;
        ReadOnlySpan<float> labels = targets.Labels, weights = targets.Weights;
        int size = _network.Output.DecisionSize == _network.Output.LabelSize ? _network.Output.LabelSize
            : 0; // no single decision is right or wrong about several labels
        for (int i = 0; i < weights.Length; i++)
        {
            weight += weights[i];
            for (int j = i * size; j < (i + 1) * size; j++)
            {
                if (float.IsNaN(labels[j]))
                    continue;
                double error = (double)_network.Output.ClassOf(decisions[j]) - labels[j];
                correct += error == 0 ? weights[i] : 0;
                squares += weights[i] * error * error;
                compared += weights[i];
            }
        }
        return new MeasuredOutputs(loss, weight, correct, squares, compared);
    }
}
