namespace SequenceModels.Interop;

/// <summary>How one kind of transformer is marked in a model file.</summary>
/// <param name="Kind">Eight ASCII letters.</param>
/// <param name="Version">The newest version of the payload, from 1.</param>
/// <param name="LoaderSignature">
/// The name by which ML.NET finds the loader, at most 24 ASCII letters. Never renamed: saved models hold it.
/// </param>
internal sealed record ModelFormat(string Kind, int Version, string LoaderSignature)
{
    /// <summary>
    /// The simple name of the assembly that has the loader, which ML.NET looks for: a model does not hang on one version of
    /// the package.
    /// </summary>
    public string AssemblyName { get; init; } = "SequenceModels";
}
