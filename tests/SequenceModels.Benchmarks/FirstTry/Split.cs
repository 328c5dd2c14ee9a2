using System.Diagnostics;
using Microsoft.ML;
using Microsoft.ML.Data;
using SequenceModels.Benchmarks.Timing;

namespace SequenceModels.Benchmarks.FirstTry;

/// <summary>Training and test rows.</summary>
/// <param name="featuresPerStep">How many numbers a frame has; 0 for texts.</param>
internal abstract class Split(int featuresPerStep)
{
    public int FeaturesPerStep => featuresPerStep;

    public abstract int TrainCount { get; }

    public abstract int TestCount { get; }

    public abstract int ClassCount { get; }

    public abstract IDataView Train(MLContext ml);

    public abstract IDataView Test(MLContext ml);

    /// <summary>Microseconds of predicting one test row by a prediction engine: the median of some rounds.</summary>
    public abstract double PredictMicroseconds(MLContext ml, ITransformer model);
}

/// <param name="train">Training rows.</param>
/// <param name="test">Test rows, of classes that training rows have.</param>
/// <param name="schema">Types of columns, where they do not follow from the type of the row.</param>
/// <param name="featuresPerStep">How many numbers a frame has; 0 for texts.</param>
internal sealed class Split<T>(IReadOnlyList<T> train, IReadOnlyList<T> test, SchemaDefinition? schema = null,
    int featuresPerStep = 0) : Split(featuresPerStep) where T : ClassRow
{
    private const int Calls = 200, WarmUps = 5, Rounds = 5;

    public override int TrainCount => train.Count;

    public override int TestCount => test.Count;

    public override int ClassCount => train.DistinctBy(row => row.Label).Count();

    public override IDataView Train(MLContext ml) => ml.Data.LoadFromEnumerable(train, schema);

    public override IDataView Test(MLContext ml) => ml.Data.LoadFromEnumerable(test, schema);

    public override double PredictMicroseconds(MLContext ml, ITransformer model)
    {
        using PredictionEngine<T, RowScore> engine =
            ml.Model.CreatePredictionEngine<T, RowScore>(model, inputSchemaDefinition: schema);
        var answer = new RowScore();
        var times = new double[WarmUps + Rounds];
        for (int round = 0; round < times.Length; round++)
        {
            long start = Stopwatch.GetTimestamp();
            for (int i = 0; i < Calls; i++)
                engine.Predict(test[i % test.Count], ref answer);
            times[round] = Stopwatch.GetElapsedTime(start).TotalMicroseconds / Calls;
        }
        return Timing.Rounds.Median(times[WarmUps..]);
    }
}
