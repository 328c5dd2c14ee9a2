using System.Diagnostics;
using Microsoft.ML;
using Microsoft.ML.Data;
using SequenceModels.Benchmarks.Timing;
using SequenceModels.Sequences;

namespace SequenceModels.Benchmarks.Pipeline;

/// <summary>What a prediction engine takes for one short text, and the network alone for the same tokens.</summary>
/// <param name="Predict">Microseconds of PredictionEngine.Predict.</param>
/// <param name="Score">Microseconds of SequenceNetwork.Score.</param>
internal sealed record PredictTimes(double Predict, double Score)
{
    private const int Calls = 2000;

    /// <summary>So many calls, and then a pause, before .NET has compiled everything for good.</summary>
    private const int WarmUps = 3, PauseMilliseconds = 200;

    /// <summary>Cutting the text, looking its words up and ML.NET's own part.</summary>
    public double Difference => Predict - Score;

    public static PredictTimes Measure(TextPipeline pipeline, TransformerChain<SequencePredictionTransformer> model,
        IReadOnlyList<TextRow> rows, int rounds)
    {
        SequenceNetwork network = model.LastTransformer.Model.Network;
        SequenceDataset data = TextPipeline.Encode(model, pipeline.View(rows));
        using PredictionEngine<TextRow, TextScore> engine = pipeline.Engine(model);
        var answer = new TextScore();
        void Predict(int row) => engine.Predict(rows[row], ref answer);
        void Score(int row) => network.Score(data.Tokens(row));

        for (int i = 0; i < WarmUps; i++)
        {
            Microseconds(Predict, rows.Count);
            Microseconds(Score, rows.Count);
            Thread.Sleep(PauseMilliseconds);
        }
        double[] predict = new double[rounds], score = new double[rounds];
        for (int round = 0; round < rounds; round++)
        {
            predict[round] = Microseconds(Predict, rows.Count);
            score[round] = Microseconds(Score, rows.Count);
        }
        return new PredictTimes(Rounds.Median(predict), Rounds.Median(score));
    }

    /// <summary>Of one call, the rows in turns.</summary>
    private static double Microseconds(Action<int> call, int rows)
    {
        long start = Stopwatch.GetTimestamp();
        for (int i = 0; i < Calls; i++)
            call(i % rows);
        return Stopwatch.GetElapsedTime(start).TotalMicroseconds / Calls;
    }
}
