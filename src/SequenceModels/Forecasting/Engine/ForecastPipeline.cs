using Microsoft.ML;

namespace SequenceModels.Forecasting;

/// <summary>A forecast with the transforms that stand before and after it in a chain.</summary>
internal sealed record ForecastPipeline(IReadOnlyList<ITransformer> Before, ForecastTransformer Forecasting,
    IReadOnlyList<ITransformer> After)
{
    /// <summary>Takes a transformer or a chain, also of chains, apart.</summary>
    /// <exception cref="ArgumentException">
    /// There is not exactly one forecast in it, or a part does not work row by row.
    /// </exception>
    public static ForecastPipeline Of(ITransformer transformer)
    {
        List<ITransformer> parts = [.. Parts(transformer)];
        string[] forecasts = [.. parts.OfType<ForecastTransformer>().Select(forecast => $"'{forecast.Columns.Output}'")];
        string found = forecasts.Length == 0 ? "none is in this one" : $"in this one are those of {string.Join(", ", forecasts)}";
        if (forecasts.Length != 1)
            throw new ArgumentException("This takes a transformer that ForecastByRnn, ForecastByLstm or ForecastByGru has " +
                $"fitted, or a chain with one such transformer; {found}.", nameof(transformer));
        int place = parts.FindIndex(part => part is ForecastTransformer);
        var pipeline = new ForecastPipeline(parts[..place], (ForecastTransformer)parts[place], parts[(place + 1)..]);
        foreach (ITransformer part in parts)
            if (part is not ForecastTransformer && !part.IsRowToRowMapper)
                throw new ArgumentException($"{pipeline.Describe(part)} does not work row by row, and steps come one at a " +
                    "time. Leave it out of the chain, and " +
                    "Transform the rows by it before they are fitted and observed.", nameof(transformer));
        return pipeline;
    }

    /// <summary>A part of the chain as an error message names it.</summary>
    public string Describe(ITransformer part)
    {
        List<ITransformer> parts = [.. Before, Forecasting, .. After];
        return string.Create(System.Globalization.CultureInfo.InvariantCulture,
            $"Part {parts.IndexOf(part) + 1} of {parts.Count} of the chain ({part.GetType().Name})");
    }

    private static IEnumerable<ITransformer> Parts(ITransformer transformer) =>
        transformer is IEnumerable<ITransformer> chain ? chain.SelectMany(Parts) : [transformer];
}
