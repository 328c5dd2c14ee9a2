using SequenceModels.Tests.Training;

namespace SequenceModels.Tests.Mpi.Files;

/// <summary>Ranks that are threads of this process, each with files of its own, which the others read over TCP.</summary>
internal sealed class FileRanks : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly List<ByteServer> _servers = [];

    public string Folder => _folder.Name;

    /// <summary>Those of the ranks that others ask.</summary>
    public IReadOnlyList<ByteServer> Servers => _servers;

    /// <summary>Writes a file of a rank.</summary>
    /// <returns>Its path.</returns>
    public string Write(int rank, string name, string content)
    {
        string path = Path.Combine(Directory.CreateDirectory(Path.Combine(Folder, $"rank{rank}")).FullName, name);
        File.WriteAllText(path, content);
        File.SetLastWriteTimeUtc(path, DateTime.UtcNow.AddHours(-1)); // clocks of files are coarse
        return path;
    }

    /// <summary>What each rank makes of the files that all have named.</summary>
    public T[] Run<T>(string[][] paths, Func<ShardedFileSource, ThreadGroup, T> body) =>
        ThreadGroup.Run(paths.Length, group => body(Agree(group, paths), group));

    /// <summary>The files, as each rank sees them.</summary>
    public ShardedFileSource[] Agree(params string[][] paths) => Run(paths, (source, _) => source);

    /// <summary>With what each rank ends where the files cannot be agreed on.</summary>
    public string[] Failures(params string[][] paths) =>
        [.. ThreadGroup.RunAll(paths.Length, group => Agree(group, paths), out _).Select(failure => failure is IOException
            ? failure.Message : $"no IOException but {failure}")];

    /// <summary>The content of a file of the source.</summary>
    public static string Read(ShardedFileSource source, int index)
    {
        using TextReader reader = source.OpenTextReader(index);
        return reader.ReadToEnd();
    }

    /// <summary>The content of all files.</summary>
    public static string[] ReadAll(ShardedFileSource source) =>
        [.. Enumerable.Range(0, source.Count).Select(index => Read(source, index))];

    public void Dispose()
    {
        foreach (ByteServer server in _servers)
            server.Dispose();
        _folder.Dispose();
    }

    private ShardedFileSource Agree(ThreadGroup group, string[][] paths) =>
        ShardedFileSource.Agree(group, StartServer, paths[group.Rank]);

    private ByteServer StartServer()
    {
        ByteServer server = ByteServer.Start(NetworkSettings.Any);
        lock (_servers)
            _servers.Add(server);
        return server;
    }
}
