using SequenceModels.Heads;
using SequenceModels.Networks;
using SequenceModels.Sequences;
using SequenceModels.Training;

namespace SequenceModels.Reports;

/// <summary>Scores rows and sets what comes out beside their labels.</summary>
internal static class PredictionMeasurement
{
    private const int MostNumbers = 500;

    /// <param name="network">Scores the rows.</param>
    /// <param name="data">The rows.</param>
    /// <param name="className">What the class of an index is called.</param>
    /// <param name="threads">How many score at a time; -1: as many as there are processors.</param>
    public static Predictions Measure(SequenceNetwork network, SequenceDataset data, Func<int, string> className, int threads)
    {
        if (HeadRegistry.LearnsWholeSequences(network.Spec.Output.Head) && network.Layers.Output.NumberOfClasses == 0)
            return OfNumbers([]); // no label belongs to a step
        List<int[]> batches = MeasuredRows.IntoBatches(data, Enumerable.Range(0, data.Count));
        var results = new List<PredictedNumber>[data.Count];
        Parallel.For(0, batches.Count, new ParallelOptions { MaxDegreeOfParallelism = threads }, network.CreatePass,
            (batch, _, pass) => Score(network, data, batches[batch], pass, results), _ => { });
        // In the order of the rows, whatever batches they were in.
        List<PredictedNumber> all = [.. results.SelectMany(row => row)];
        return network.Layers.Output.NumberOfClasses is > 0 and int classes ? OfClasses(classes, all, className) : OfNumbers(all);
    }

    private static EncoderPass Score(SequenceNetwork network, SequenceDataset data, int[] rows, EncoderPass pass,
        List<PredictedNumber>[] results)
    {
        pass.Load(data, rows, numbers: rows, StepRange.All);
        Span<float> decisions = pass.ReserveDecisions();
        int each = network.Layers.Output.DecisionSize;
        network.Layers.Predict(pass, decisions);
        int size = network.Layers.Output.LabelSize;
        pass.ReserveTargets();
        for (int k = 0; k < rows.Length; k++)
        {
            results[rows[k]] = [];
            data.Targets.Place(pass.Batch, k, rows[k], firstStep: 0, share: 1, null, pass.Targets);
            for (int t = 0; t < (network.Spec.Output.EveryStep ? data.Length(rows[k]) : 1); t++)
            {
                int row = network.Spec.Output.EveryStep ? pass.Batch.Offset(t) + k : k;
                float label = pass.Targets.Labels[row * size];
                // Sums of finite numbers may be too large to be one: such a prediction is none.
                if (pass.Targets.Weights[row] > 0 && !float.IsNaN(label) && float.IsFinite(decisions[row * each]))
                    results[rows[k]].Add(new PredictedNumber(label, network.Layers.Output.ClassOf(decisions[row * each])));
            }
        }
        return pass;
    }

    private static Predictions OfNumbers(List<PredictedNumber> all) => new()
    {
        Classes = 0,
        ClassNames = [],
        Confusion = [],
        Numbers = [.. SampledRows.Spread([.. Enumerable.Range(0, all.Count)], MostNumbers).Select(i => all[i])],
        RootMeanSquaredError = all.Count == 0 ? double.NaN
            : Math.Sqrt(all.Average(pair => Math.Pow((double)pair.Predicted - pair.Actual, 2))),
        Count = all.Count,
    };

    private static Predictions OfClasses(int classes, List<PredictedNumber> all, Func<int, string> className)
    {
        int[] occurring = [.. all.SelectMany(pair => new[] { (int)pair.Actual, (int)pair.Predicted }).Distinct().Order()];
        Dictionary<int, int> places = occurring.Select((index, place) => (index, place)).ToDictionary(p => p.index, p => p.place);
        return new()
        {
            Classes = classes,
            ClassNames = [.. occurring.Select(className)],
            Confusion = [.. all.GroupBy(pair => (Actual: (int)pair.Actual, Predicted: (int)pair.Predicted))
                .OrderBy(pair => pair.Key)
                .Select(pair => new ConfusionCount(places[pair.Key.Actual], places[pair.Key.Predicted], pair.Count()))],
            Numbers = [],
            RootMeanSquaredError = double.NaN,
            Count = all.Count,
        };
    }
}
