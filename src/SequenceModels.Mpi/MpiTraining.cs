using Microsoft.ML.Data;

namespace SequenceModels;

/// <summary>
/// Training on several processes, of one machine or many, that an MPI starts: <c>mpirun -n 4 dotnet app.dll</c>.
/// </summary>
public static class MpiTraining
{
    private static readonly Lock s_gate = new();
    private static MpiGroup? s_world;
    private static ByteServer? s_server;

    /// <summary>
    /// All processes that mpirun, or srun, has started together: <c>options with { Distribution = MpiTraining.World() }</c>. The
    /// first call starts MPI in this process, which then ends with it; so each process must make it, or none. A process
    /// that nothing has started together with others is alone in its world.
    /// </summary>
    /// <returns>The same group at each call.</returns>
    /// <remarks>
    /// <para>
    /// Needs Open MPI 4 or 5, or MPICH 4 or another MPI of its binary interface, on each machine; of several the one whose mpirun
    /// has started the process, else the first that is found. The environment variable SEQUENCEMODELS_MPI names a library to take
    /// instead, such as /opt/mpi/lib/libmpi.so.40.
    /// </para>
    /// <para>
    /// Where a process fails or is killed, the job ends on all of them. A process that ends with another exit code than 0 ends
    /// the others too.
    /// </para>
    /// </remarks>
    /// <exception cref="InvalidOperationException">
    /// There is no MPI, or not the one that has started the process; the message says what to install.
    /// </exception>
    public static IProcessGroup World()
    {
        lock (s_gate)
            return s_world ??= MpiGroup.Start(MpiLibrary.Load());
    }

    /// <summary>
    /// Files that lie on several machines, which all processes of <see cref="World"/> read as one view:
    /// <c>ml.Data.CreateTextLoader&lt;Row&gt;(hasHeader: true).Load(MpiTraining.ShardedFiles("/data/part-*.tsv"))</c>. Each
    /// process names its own files, and reads those of others from their processes, over TCP. So each has all rows, in one
    /// order; transforms learn the same from them, and the model has the same bits as that of one process that reads all files
    /// in this order: that of the files' names without folders, by the values of their characters.
    /// </summary>
    /// <param name="paths">
    /// Of files on this process's machine; their names may have * and ?, which do not find hidden files. None: this process has
    /// no file of its own. A file that several paths lead to is read once.
    /// </param>
    /// <returns>What ML.NET's loaders read, at any time and as often as they do, until all processes have ended.</returns>
    /// <remarks>
    /// <para>
    /// Each process must call it, in the same order as what else they do together. Two files of one name are an error, but
    /// processes that see the very same file (one path, length and time of change), on one machine or in a shared folder, may
    /// all name it, and each of them reads it itself. Where there is only one process, the files are read as any others are.
    /// </para>
    /// <para>
    /// Each process listens at a free port, or one of those in the environment variable SEQUENCEMODELS_PORTS (such as
    /// 40000-40100). SEQUENCEMODELS_NETWORK (such as 10.0.0.0/24) names the network to use where machines have several. Who
    /// asks for a file must know a random secret that the processes have told each other by MPI; like MPI's own messages it is
    /// not encrypted.
    /// </para>
    /// <para>
    /// Where four times the bytes of all files are more than one of the machines has room for, in memory and in the folder of
    /// temporary files, trainings of this process then hold the values of their steps together: each process a part, which it
    /// sends to others when they need it. The environment variable SEQUENCEMODELS_DEAL_ROWS says so always (1) or never (0).
    /// The model has the same bits; training waits for the network more often.
    /// </para>
    /// <para>
    /// A file that changes, vanishes or cannot be read, and a process that is gone, end the reading with an
    /// <see cref="IOException"/> that names file and rank, wherever it stands.
    /// </para>
    /// </remarks>
    /// <exception cref="IOException">
    /// On all processes: one of them has a path that leads to no file, two files have one name, there is no file at all, or a
    /// process cannot be reached by another.
    /// </exception>
    /// <exception cref="InvalidOperationException">There is no MPI: see <see cref="World"/>.</exception>
    public static IMultiStreamSource ShardedFiles(params string[] paths)
    {
        ArgumentNullException.ThrowIfNull(paths);
        var world = (MpiGroup)World();
        var files = ShardedFileSource.Agree(world, Server, paths);
        if (files.IsTooMuch)
            world.Blocks ??= new RankBlocks(Server(), files.Peers);
        return files;
    }

    private static ByteServer Server()
    {
        lock (s_gate)
            return s_server ??= ByteServer.Start(NetworkSettings.FromEnvironment());
    }
}
