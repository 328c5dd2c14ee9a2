using SequenceModels.Interop;

namespace Microsoft.ML;

/// <summary>Sequence transforms and recurrent networks in ML.NET's catalogs.</summary>
public static partial class SequenceModelsCatalog
{
    /// <summary>
    /// Makes the loaders of saved sequence models known to this context. Not needed as a rule: <c>mlContext.Model.Load</c> finds
    /// them by itself. For hosts that switch off the discovery of loaders, call it before <c>Load</c>; more than once does no
    /// harm.
    /// </summary>
    /// <param name="mlContext">The context that will load models.</param>
    /// <returns>The same context.</returns>
    public static MLContext UseSequenceModels(this MLContext mlContext)
    {
        ArgumentNullException.ThrowIfNull(mlContext);
        LoaderRegistration.Register(mlContext.ComponentCatalog, typeof(SequenceModelsCatalog).Assembly);
        return mlContext;
    }
}
