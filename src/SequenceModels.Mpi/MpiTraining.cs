namespace SequenceModels;

/// <summary>
/// Training on several processes, of one machine or many, that an MPI starts: <c>mpirun -n 4 dotnet app.dll</c>.
/// </summary>
public static class MpiTraining
{
    private static readonly Lock s_gate = new();
    private static MpiGroup? s_world;

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
}
