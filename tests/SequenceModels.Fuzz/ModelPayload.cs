using System.IO.Compression;
using System.Reflection;
using Microsoft.ML;
using Microsoft.ML.Runtime;

namespace SequenceModels.Fuzz;

/// <summary>
/// What a transformer of the library writes into a model file, without ML.NET's file around it, which costs a hundred times more
/// to read.
/// </summary>
internal sealed class ModelPayload
{
    private readonly MLContext _ml;
    private readonly MethodInfo _create;

    public ModelPayload(MLContext ml, ITransformer model)
    {
        _ml = ml;
        // Found by its name and parameters, as ML.NET finds it.
        _create = model.GetType().GetMethod("Create", BindingFlags.Static | BindingFlags.NonPublic,
            [typeof(IHostEnvironment), typeof(object)])!;
        using var file = new MemoryStream();
        ml.Model.Save(model, null, file);
        using var zip = new ZipArchive(file);
        using Stream entry = zip.Entries.Single(each => each.Name == "Payload.bin").Open();
        using var content = new MemoryStream();
        entry.CopyTo(content);
        Payload = content.ToArray();
    }

    public byte[] Payload { get; }

    /// <summary>The transformer of another payload.</summary>
    public ITransformer Load(byte[] payload) =>
        (ITransformer)_create.Invoke(null, BindingFlags.DoNotWrapExceptions, null, [_ml, new MemoryStream(payload)], null)!;
}
