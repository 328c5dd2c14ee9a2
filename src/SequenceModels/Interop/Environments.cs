using System.Reflection;
using Microsoft.ML;
using Microsoft.ML.Runtime;

namespace SequenceModels.Interop;

/// <summary>
/// From a catalog such as <c>mlContext.Transforms.Text</c> to the environment behind it, and what a host knows but does not show.
/// </summary>
internal static class Environments
{
    private static readonly Lazy<PropertyInfo> InternalCatalog =
        new(() => MlNetMembers.Property(MlNetMembers.Type(MlNetMembers.Data, "Microsoft.ML.Data.IInternalCatalog"),
            "Environment"));

    private static readonly Lazy<PropertyInfo> TrainCatalog =
        new(() => MlNetMembers.Property(typeof(TrainCatalogBase), "Environment"));

    // Not needed: without them a training cannot be stopped from MLContext, and its seed is drawn from the host's generator.
    private static readonly PropertyInfo? Canceled =
        MlNetMembers.Core.GetType("Microsoft.ML.Runtime.ICancelable")?.GetProperty("IsCanceled");
    private static readonly PropertyInfo? HostSeed =
        MlNetMembers.Core.GetType("Microsoft.ML.Runtime.IHostEnvironmentInternal")?.GetProperty("Seed");

    /// <summary>The environment that a catalog of ML.NET's works in.</summary>
    public static IHostEnvironment Of(object catalog)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        if (catalog is IHostEnvironment environment)
            return environment;
        PropertyInfo property = catalog is TrainCatalogBase ? TrainCatalog.Value : InternalCatalog.Value;
        return property.DeclaringType!.IsInstanceOfType(catalog)
            ? (IHostEnvironment)property.GetMethod!.Call(catalog)!
            : throw new ArgumentException($"{catalog.GetType()} is no catalog of ML.NET's.", nameof(catalog));
    }

    /// <summary>Whether the MLContext was asked to stop what it does.</summary>
    public static bool IsCanceled(this IHostEnvironment host) => Read(Canceled, host) is true;

    /// <summary>The MLContext's seed; null if it has none or does not tell.</summary>
    public static int? Seed(this IHostEnvironment host) => Read(HostSeed, host) as int?;

    private static object? Read(PropertyInfo? property, object host) =>
        property is not null && property.DeclaringType!.IsInstanceOfType(host) ? property.GetValue(host) : null;
}
