using Microsoft.ML;
using SequenceModels.Benchmarks.Reports;

namespace SequenceModels.Benchmarks.Pipeline;

/// <summary>
/// Measures a whole ML.NET pipeline on made-up texts: how much of its time is the engine's, and how fast it scores.
/// </summary>
internal static class PipelineRun
{
    public const string Options = "[--rows N] [--short-rows N] [--rounds N] [--write FOLDER]";

    private const int ShortLength = 10, WarmUpRows = 64, PredictedRows = 100;

    /// <summary>Predictions are short: more rounds cost nothing.</summary>
    private const int PredictRoundsPerRound = 5;

    public static int Run(Arguments arguments)
    {
        int rows = arguments.Integer("--rows", 2000), shortRows = arguments.Integer("--short-rows", 100_000);
        int rounds = arguments.Integer("--rounds", 3);
        string? folder = arguments.Text("--write");
        arguments.End();

        Console.WriteLine(TextPipeline.Title);
        var texts = new MadeUpTexts(seed: 1);
        var pipeline = new TextPipeline();
        IDataView reviews = pipeline.View(texts.Reviews(rows));
        IReadOnlyList<TextRow> shortTexts = texts.OfLength(ShortLength, shortRows);
        var table = new MarkdownTable("what", "measured", "goal");
        void Tell(string what, string figure, string goal = "")
        {
            Console.WriteLine($"{what,-42} {figure}{(goal.Length > 0 ? $"  (goal: {goal})" : "")}");
            table.Add(what, figure, goal);
        }

        pipeline.Fit(pipeline.View(texts.Reviews(WarmUpRows)));
        (FitTimes fit, var model) = FitTimes.Measure(pipeline, reviews, rounds);
        Tell($"Fit, {fit.Rows:N0} texts, {fit.Tokens:N0} words", $"{fit.RowsPerSecond:N0} rows/s, {fit.Fit:F2} s");
        Tell("of it: the engine alone", $"{fit.Engine:F2} s");
        Tell("of it: texts to tokens, vocabulary known", $"{fit.Encode:F2} s");
        Tell("share of Fit outside the engine", $"{fit.ShareOutside:P1}", "less than 15 %");
        Tell("Transform, the same texts", Show(TransformTimes.Measure(model, reviews, rounds)));
        Tell($"Transform, {shortRows:N0} texts of {ShortLength} words",
            Show(TransformTimes.Measure(model, pipeline.View(shortTexts), rounds)));
        PredictTimes predict =
            PredictTimes.Measure(pipeline, model, [.. shortTexts.Take(PredictedRows)], rounds * PredictRoundsPerRound);
        Tell($"PredictionEngine, a text of {ShortLength} words",
            $"{predict.Predict:F1} us; the network alone {predict.Score:F1} us");
        Tell("difference", $"{predict.Difference:F1} us", "at most 20 us");
        IReadOnlyList<TextRow> single = [.. shortTexts.Take(PredictedRows)];
        foreach (int engines in (int[])[1, 2, 8])
            Tell($"half of the calls, and 99 of 100, {engines} at once",
                Show(LatencyTimes.Measure(pipeline, model, single, engines)));
        var rounded = pipeline.WithEightBitWeights(model);
        Tell("the same with 8-bit weights, 1 at once", Show(LatencyTimes.Measure(pipeline, rounded, single, engines: 1)));
        Tell("memory taken by a call", $"{LatencyTimes.BytesPerCall(pipeline, model, single):F0} bytes",
            $"as ML.NET alone: {LatencyTimes.BytesPerCall(pipeline, pipeline.FitNothing(reviews), single):F0} bytes");
        ForecastTimes forecast = ForecastTimes.Measure(rounds * PredictRoundsPerRound);
        Tell("ForecastEngine.Predict", $"{forecast.Predict:F1} us; the network alone {forecast.Score:F1} us");
        Tell("difference", $"{forecast.Difference:F1} us", "at most 25 us");
        Tell("ForecastEngine.Observe", $"{forecast.Observe:F1} us", "at most 3 us");
        Tell("memory taken by both", $"{forecast.Bytes:F0} bytes", "none");

        if (folder is not null)
            MachinePage.WriteSection(folder, "pipeline", $"""
                ## Pipeline

                {TextPipeline.Title}. Texts are made up. Forecasts: {ForecastTimes.Title}. Medians of {rounds} rounds; disturbed timings are not repeated.

                {table}
                """);
        return 0;
    }

    private static string Show(LatencyTimes times) => $"{times.Median:F1} us, {times.Slow:F1} us";

    private static string Show(TransformTimes times) =>
        $"{times.RowsPerSecond:N0} rows/s, {times.Cores:F2} of {Environment.ProcessorCount} cores busy";
}
