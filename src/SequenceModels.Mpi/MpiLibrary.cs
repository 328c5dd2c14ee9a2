using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace SequenceModels;

/// <summary>
/// The functions of an MPI library that a training needs, found by their names: the package has no native part. Open MPI and the
/// libraries with MPICH's binary interface differ in what a handle is, and in some constants.
/// </summary>
internal sealed unsafe class MpiLibrary
{
    /// <summary>The environment variable that names a library.</summary>
    private const string Variable = "SEQUENCEMODELS_MPI";

    /// <summary>MPICH's binary interface, which Intel MPI, MVAPICH and Cray MPI share: handles are numbers.</summary>
    private const nint MpichWorld = 0x44000000, MpichByte = 0x4c00010d;

    private static readonly string[] s_openMpi = ["libmpi.so.40", "libmpi.40.dylib"],
        s_mpich = ["libmpich.so.12", "libmpi.so.12", "libmpi.12.dylib"];

    private readonly nint _library;

    private MpiLibrary(nint library, string name)
    {
        (_library, Name) = (library, name);
        bool isOpenMpi = NativeLibrary.TryGetExport(library, "ompi_mpi_comm_world", out nint world);
        World = isOpenMpi ? world : MpichWorld;
        Bytes = isOpenMpi ? Symbol("ompi_mpi_byte") : MpichByte;
        NoStatus = isOpenMpi ? 0 : 1;
        AnySource = isOpenMpi ? -1 : -2;
        InitThread = (delegate* unmanaged<nint, nint, int, int*, int>)Symbol("MPI_Init_thread");
        Initialized = (delegate* unmanaged<int*, int>)Symbol("MPI_Initialized");
        Finalize = (delegate* unmanaged<int>)Symbol("MPI_Finalize");
        Abort = (delegate* unmanaged<nint, int, int>)Symbol("MPI_Abort");
        CommRank = (delegate* unmanaged<nint, int*, int>)Symbol("MPI_Comm_rank");
        CommSize = (delegate* unmanaged<nint, int*, int>)Symbol("MPI_Comm_size");
        CommDup = (delegate* unmanaged<nint, nint*, int>)Symbol("MPI_Comm_dup");
        Isend = (delegate* unmanaged<void*, int, nint, int, int, nint, nint*, int>)Symbol("MPI_Isend");
        Irecv = (delegate* unmanaged<void*, int, nint, int, int, nint, nint*, int>)Symbol("MPI_Irecv");
        Test = (delegate* unmanaged<nint*, int*, nint, int>)Symbol("MPI_Test");
        Iprobe = (delegate* unmanaged<int, int, nint, int*, nint, int>)Symbol("MPI_Iprobe");
    }

    /// <summary>The file's.</summary>
    public string Name { get; }

    /// <summary>The communicator of all processes.</summary>
    public nint World { get; }

    /// <summary>The data type of bytes.</summary>
    public nint Bytes { get; }

    /// <summary>MPI_STATUS_IGNORE.</summary>
    public nint NoStatus { get; }

    /// <summary>MPI_ANY_SOURCE.</summary>
    public int AnySource { get; }

    // The parameters are MPI's own, in its order. A handle that is a 32-bit number fits where an address does.

    /// <summary>(argc, argv, required level of threads, provided level).</summary>
    public delegate* unmanaged<nint, nint, int, int*, int> InitThread { get; }

    public delegate* unmanaged<int*, int> Initialized { get; }

    public delegate* unmanaged<int> Finalize { get; }

    public delegate* unmanaged<nint, int, int> Abort { get; }

    public delegate* unmanaged<nint, int*, int> CommRank { get; }

    public delegate* unmanaged<nint, int*, int> CommSize { get; }

    public delegate* unmanaged<nint, nint*, int> CommDup { get; }

    /// <summary>(buffer, count, type, destination, tag, communicator, request).</summary>
    public delegate* unmanaged<void*, int, nint, int, int, nint, nint*, int> Isend { get; }

    /// <summary>(buffer, count, type, source, tag, communicator, request).</summary>
    public delegate* unmanaged<void*, int, nint, int, int, nint, nint*, int> Irecv { get; }

    /// <summary>(request, whether it is done, status).</summary>
    public delegate* unmanaged<nint*, int*, nint, int> Test { get; }

    /// <summary>(source, tag, communicator, whether a message is there, status).</summary>
    public delegate* unmanaged<int, int, nint, int*, nint, int> Iprobe { get; }

    /// <summary>The library of the MPI that has started this process, or another one that is installed.</summary>
    /// <exception cref="InvalidOperationException">There is none.</exception>
    public static MpiLibrary Load()
    {
        if (Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } path)
            return Open(path) ?? throw new InvalidOperationException(
                $"The environment variable {Variable} is '{path}', and that is no MPI library that could be loaded. Give the " +
                "path of one, such as /usr/lib/x86_64-linux-gnu/libmpi.so.40, or unset it.");
        // Both may be installed side by side. Open MPI tells its processes by variables of its own, others by PMI's.
        bool isMpich = Environment.GetEnvironmentVariable("OMPI_COMM_WORLD_SIZE") is null &&
            Environment.GetEnvironmentVariable("PMI_SIZE") is not null;
        string[] names = isMpich ? [.. s_mpich, .. s_openMpi] : [.. s_openMpi, .. s_mpich];
        return Find(names);
    }

    /// <summary>The first of some libraries that is there.</summary>
    /// <exception cref="InvalidOperationException">None is.</exception>
    internal static MpiLibrary Find(IReadOnlyList<string> names)
    {
        foreach (string name in names)
            if (Open(name) is { } library)
                return library;
        throw new InvalidOperationException(
            $"{nameof(MpiTraining)}.{nameof(MpiTraining.World)} found no MPI on this machine: none of " +
            $"{string.Join(", ", names)} could be loaded. " +
            "Install Open MPI (Debian and Ubuntu: apt-get install openmpi-bin; macOS: brew install open-mpi) or " +
            $"MPICH (apt-get install mpich) on each machine, or name a library by the environment variable {Variable}.");
    }

    /// <summary>How many processes mpirun says that it has started; null: it says nothing, or there is none.</summary>
    public static int? Started
    {
        get
        {
            string? size = Environment.GetEnvironmentVariable("OMPI_COMM_WORLD_SIZE") ??
                Environment.GetEnvironmentVariable("PMI_SIZE");
            return int.TryParse(size, CultureInfo.InvariantCulture, out int started) ? started : null;
        }
    }

    /// <summary>What the library calls itself, in one line.</summary>
    public string Version
    {
        get
        {
            const int MostBytes = 8192; // MPI_MAX_LIBRARY_VERSION_STRING is at most that
            var version = (delegate* unmanaged<byte*, int*, int>)Symbol("MPI_Get_library_version");
            byte* text = stackalloc byte[MostBytes];
            int length;
            version(text, &length);
            string whole = Encoding.UTF8.GetString(text, Math.Clamp(length, 0, MostBytes));
            return whole.Split('\n', '\0')[0].Trim();
        }
    }

    private static MpiLibrary? Open(string name) =>
        NativeLibrary.TryLoad(name, out nint library) && NativeLibrary.TryGetExport(library, "MPI_Init_thread", out _)
            ? new MpiLibrary(library, name) : null;

    private nint Symbol(string name) => NativeLibrary.TryGetExport(_library, name, out nint address) ? address
        : throw new InvalidOperationException($"The MPI library '{Name}' has no {name}. Install Open MPI 4 or 5, or MPICH 4.");
}
