using System.Diagnostics;
using Microsoft.ML;
using Microsoft.ML.Data;
using SequenceModels.Benchmarks.Timing;
using SequenceModels.Sequences;
using SequenceModels.Training;

namespace SequenceModels.Benchmarks.Pipeline;

/// <summary>How long a whole pipeline takes to fit, and how long the engine alone takes to train the same network on the same tokens.</summary>
/// <param name="Rows">Texts.</param>
/// <param name="Tokens">Words in them that are read.</param>
/// <param name="Fit">Seconds of Fit.</param>
/// <param name="Engine">Seconds of the engine.</param>
internal sealed record FitTimes(int Rows, long Tokens, double Fit, double Engine)
{
    /// <summary>Reading the texts twice, the vocabulary, and everything else that is not training.</summary>
    public double ShareOutside => 1 - Engine / Fit;

    public double RowsPerSecond => Rows / Fit;

    /// <summary>Fits in turns with the engine; gives the last model.</summary>
    public static (FitTimes Times, TransformerChain<SequencePredictionTransformer> Model) Measure(TextPipeline pipeline, IDataView view, int rounds)
    {
        TransformerChain<SequencePredictionTransformer> model = null!;
        SequenceDataset? data = null;
        double[] fit = new double[rounds], engine = new double[rounds];
        for (int round = 0; round < rounds; round++)
        {
            long start = Stopwatch.GetTimestamp();
            model = pipeline.Fit(view);
            fit[round] = Stopwatch.GetElapsedTime(start).TotalSeconds;

            data ??= TextPipeline.Encode(model, view);
            SequenceNetwork fitted = model.LastTransformer.Model.Network;
            start = Stopwatch.GetTimestamp();
            SequenceNetwork alone = Trainer.Train(fitted.Spec, data, TextPipeline.Options, TextPipeline.Seed);
            engine[round] = Stopwatch.GetElapsedTime(start).TotalSeconds;
            if (!alone.Score(data.Tokens(0)).SequenceEqual(fitted.Score(data.Tokens(0))))
                throw new InvalidOperationException("The engine alone has trained another network than Fit: the times are of different work.");
        }
        return (new FitTimes(data!.Count, data.NumberOfSteps, Rounds.Median(fit), Rounds.Median(engine)), model);
    }
}
