namespace SequenceModels.Tests.Mpi;

/// <summary>A folder of one test.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    public string Name { get; } = Directory.CreateTempSubdirectory("sequence-models-mpi-").FullName;

    public string PathOf(string file) => Path.Combine(Name, file);

    public void Dispose() => Directory.Delete(Name, recursive: true);
}
