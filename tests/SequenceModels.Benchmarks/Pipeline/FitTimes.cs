using System.Diagnostics;
using Microsoft.ML;
using Microsoft.ML.Data;
using SequenceModels.Benchmarks.Timing;
using SequenceModels.Sequences;
using SequenceModels.Training;

namespace SequenceModels.Benchmarks.Pipeline;

/// <summary>
/// How long a whole pipeline takes to fit, and how long the engine alone takes to train the same network on the same tokens.
/// </summary>
/// <param name="Rows">Texts.</param>
/// <param name="Tokens">Words in them that are read.</param>
/// <param name="Fit">Seconds of Fit.</param>
/// <param name="Encode">Seconds of turning the texts into the engine's tokens, the vocabulary being known; a part of Fit.</param>
/// <param name="Engine">Seconds of the engine; a part of Fit.</param>
internal sealed record FitTimes(int Rows, long Tokens, double Fit, double Encode, double Engine)
{
    /// <summary>Reading the texts twice, the vocabulary, and everything else that is not training.</summary>
    public double ShareOutside => 1 - Engine / Fit;

    public double RowsPerSecond => Rows / Fit;

    /// <summary>Fits in turns with the engine; gives the last model.</summary>
    public static (FitTimes Times, TransformerChain<SequencePredictionTransformer> Model) Measure(
        TextPipeline pipeline, IDataView view, int rounds)
    {
        TransformerChain<SequencePredictionTransformer> model = null!;
        SequenceDataset data = null!;
        double[] fit = new double[rounds], encode = new double[rounds], engine = new double[rounds];
        for (int round = 0; round < rounds; round++)
        {
            long start = Stopwatch.GetTimestamp();
            model = pipeline.Fit(view);
            fit[round] = Stopwatch.GetElapsedTime(start).TotalSeconds;

            start = Stopwatch.GetTimestamp();
            data = TextPipeline.Encode(model, view);
            encode[round] = Stopwatch.GetElapsedTime(start).TotalSeconds;

            SequenceNetwork fitted = model.LastTransformer.Model.Network;
            start = Stopwatch.GetTimestamp();
            SequenceNetwork alone = Trainer.Train(fitted.Spec, data, TextPipeline.Options, TextPipeline.Seed);
            engine[round] = Stopwatch.GetElapsedTime(start).TotalSeconds;
            if (!alone.Score(data.Tokens(0)).SequenceEqual(fitted.Score(data.Tokens(0))))
                throw new InvalidOperationException(
                    "The engine alone has trained another network than Fit: the times are of different work.");
        }
        var times = new FitTimes(data.Count, data.NumberOfSteps, Rounds.Median(fit), Rounds.Median(encode),
            Rounds.Median(engine));
        return (times, model);
    }
}
