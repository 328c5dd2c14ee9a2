using SequenceModels.Benchmarks.Peers;
using SequenceModels.Networks;
using SequenceModels.Parameters;

namespace SequenceModels.Benchmarks.Scaling;

/// <summary>What a step sends, and how long that takes on a network, by arithmetic alone.</summary>
/// <param name="workload">What each host has a batch of.</param>
internal sealed class ScalingModel(Workload workload)
{
    /// <summary>Bytes of a chunk, which goes from host to host while the next is added to; seconds of a message's way.</summary>
    private const double ChunkBytes = 1 << 16, Latency = 50e-6;

    /// <summary>Messages that wait for each other in a step beside the sums: losses, and for each table counts and tokens.</summary>
    private const int Gathers = 3;

    private readonly ParameterSet _parameters = Ours.Network(workload).Parameters;

    /// <summary>Bytes of the sums of a step: all dense weights, and the rows of the tokens that occur.</summary>
    /// <param name="hosts">Each with a batch.</param>
    public double SumBytes(int hosts)
    {
        double rows = workload.Input == StepInput.Frame ? 0
            : workload.InputSize * (1 - Math.Pow(1 - 1.0 / workload.InputSize, (double)hosts * workload.Tokens));
        return sizeof(float) * (_parameters.DenseLength + rows * _parameters.Tables.Sum(table => table.PhysicalColumns));
    }

    /// <summary>Seconds of sending in a step.</summary>
    /// <param name="hosts">Each with a batch.</param>
    /// <param name="bits">A second, on each link.</param>
    public double Seconds(int hosts, double bits)
    {
        if (hosts == 1)
            return 0;
        double bytes = SumBytes(hosts), perByte = 8 / bits;
        // Of two hosts each sends the sum once, and at the same time; of more the first link carries it twice.
        double carried = hosts == 2 ? bytes : 2 * bytes;
        return (carried + Math.Min(bytes, ChunkBytes) * (2 * hosts - 3)) * perByte + (2 * (hosts - 1) + Gathers) * Latency;
    }
}
