using Microsoft.ML;

namespace SequenceModels.Forecasting;

/// <summary>A forecast with the transforms that stand before and after it in a chain.</summary>
internal sealed record ForecastPipeline(IReadOnlyList<ITransformer> Before, SequenceForecastingTransformer Forecasting, IReadOnlyList<ITransformer> After)
{
    /// <summary>Takes a transformer or a chain, also of chains, apart.</summary>
    /// <exception cref="ArgumentException">There is not exactly one forecast in it.</exception>
    public static ForecastPipeline Of(ITransformer transformer)
    {
        List<ITransformer> parts = [.. Parts(transformer)];
        if (parts.OfType<SequenceForecastingTransformer>().Count() != 1)
            throw new ArgumentException("This takes a transformer that ForecastByRnn, ForecastByLstm or ForecastByGru has fitted, or a chain with one such " +
                $"transformer; {parts.OfType<SequenceForecastingTransformer>().Count()} are in this one.", nameof(transformer));
        int place = parts.FindIndex(part => part is SequenceForecastingTransformer);
        return new ForecastPipeline(parts[..place], (SequenceForecastingTransformer)parts[place], parts[(place + 1)..]);
    }

    private static IEnumerable<ITransformer> Parts(ITransformer transformer) =>
        transformer is IEnumerable<ITransformer> chain ? chain.SelectMany(Parts) : [transformer];
}
