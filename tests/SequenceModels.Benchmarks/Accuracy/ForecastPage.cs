namespace SequenceModels.Benchmarks.Accuracy;

/// <summary>The page forecasting.md: a part for each experiment, which another run writes anew or leaves as it is.</summary>
internal static class ForecastPage
{
    private const string Heading = "\n## ";

    /// <summary>Puts a part in the place of the older one of its name, or in its own place among the others.</summary>
    /// <param name="file">Where the page is, or will be.</param>
    /// <param name="section">The part, which begins with "## " and its name.</param>
    /// <param name="seeds">How many seeds the figures are means over.</param>
    public static void Write(string file, string section, int seeds)
    {
        string[] older = File.Exists(file) ? File.ReadAllText(file).Split(Heading)[1..] : [];
        string newer = section.ReplaceLineEndings("\n")["## ".Length..];
        string[] names = [.. ForecastExperiments.All.Select(experiment => experiment.Name)];
        IEnumerable<string> parts = older.Where(part => NameOf(part) != NameOf(newer)).Append(newer)
            .OrderBy(part => Array.IndexOf(names, NameOf(part)));
        File.WriteAllText(file, Introduction(seeds) + string.Concat(parts.Select(part => $"{Heading}{part.TrimEnd()}\n")));
    }

    private static string NameOf(string part) => part[..part.IndexOf('\n')];

    private static string Introduction(int seeds) => $"""
        # Forecasts

        Each data set is cut in time: a model is trained on the rows before the cut and forecasts from every step after it. The figures are means
        over seeds 1 to {seeds}. Beside each model stand the last value and the value of one season ago, on the same values, with bounds made of their
        own errors in the training rows; all bounds are meant to hold 90% of the values. Behind them stands ML.NET's LightGbm on lags: a regression
        for each step ahead on the last values of the columns that the network reads, once as levels, once as differences from the last value,
        with options chosen on the last tenth of the training rows. Written by

            dotnet run -c Release --project tests/SequenceModels.Benchmarks -- forecast --data FOLDER --seeds {seeds} --write docs/benchmarks/forecasting.md

        where FOLDER holds the public data sets: monthly sunspots 1749 to 1983, daily minimum temperatures of Melbourne 1981 to 1990, monthly airline
        passengers 1949 to 1960 (Box and Jenkins), UCI Beijing PM2.5 2010 to 2014, and ETTh2 (Zhou et al. 2021), on its published split. Names of
        parts behind the command measure these alone, the others stay. sMAPE in per cent; MASE in units of the mean absolute change from one
        training value to the next; pinball: mean pinball loss of the bounds and the forecast; width: mean distance of the bounds.

        """.ReplaceLineEndings("\n");
}
