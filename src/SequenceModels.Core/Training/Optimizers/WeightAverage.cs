using System.Runtime.CompilerServices;
using SequenceModels.Kernels;
using SequenceModels.Networks;
using SequenceModels.Parameters;

namespace SequenceModels.Training;

/// <summary>
/// The exponential moving average of the weights over the updates: a = d a + (1 - d) w after each, with
/// d = min(decay, (1 + t) / (10 + t)) after the t-th. The average begins as the first weights, which the small d of the first
/// updates makes it forget: what is averaged is at most about the last tenth of the updates.
/// </summary>
/// <remarks>
/// Polyak and Juditsky, "Acceleration of Stochastic Approximation by Averaging", SIAM Journal on Control and Optimization 30,
/// 1992; with weights that fall off, as it is commonly done.
/// </remarks>
internal sealed unsafe class WeightAverage
{
    private readonly float _decay;
    private readonly Transposed[] _transposes;

    /// <param name="network">Whose weights are averaged; those of now are the first.</param>
    /// <param name="decay">The share of the average that an update keeps, once there were enough.</param>
    public WeightAverage(Network network, float decay)
    {
        Network = network.Copy();
        _decay = decay;
        _transposes = [.. Network.Output.PrepareTraining()];
    }

    /// <summary>Has the averages as its weights. To be refreshed before it is asked for anything.</summary>
    public Network Network { get; }

    /// <summary>Takes weights [from, from + count), which an update has just moved.</summary>
    /// <param name="values">The weights.</param>
    /// <param name="update">Its number, from 1.</param>
    /// <param name="from">A multiple of 16.</param>
    /// <param name="count">A multiple of 16.</param>
    public void Take(FloatBuffer values, long update, long from, long count) => Simd.Run<Kernel, Arguments>(new()
    {
        Values = values.Data + from,
        Averages = Network.Parameters.Values.Data + from,
        Count = count,
        Share = 1 - (float)Math.Min(_decay, (1.0 + update) / (10.0 + update)),
    });

    /// <summary>Brings what the network keeps beside its weights up to date with them.</summary>
    public void Refresh()
    {
        foreach (Transposed transposed in _transposes)
            for (int panel = 0; panel < transposed.Panels; panel++)
                transposed.Refresh(Network.Parameters.Values, panel);
    }

    private struct Arguments
    {
        public float* Values, Averages;
        public long Count;
        public float Share;
    }

    /// <summary>a + (1 - d)(w - a): a weight that never moves is its own average, to the bit.</summary>
    private readonly struct Kernel : IKernel<Arguments>
    {
        [MethodImpl(Simd.Kernel)]
        public static void Run<V>(in Arguments a) where V : struct, IVector<V>
        {
            V share = V.Create(a.Share);
            for (long i = 0; i < a.Count; i += V.Count)
            {
                V average = V.Load(a.Averages + i);
                V.Store(V.MultiplyAdd(share, V.Load(a.Values + i) - average, average), a.Averages + i);
            }
        }
    }
}
