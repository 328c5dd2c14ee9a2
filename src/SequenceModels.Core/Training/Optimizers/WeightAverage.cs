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
/// <para>
/// Where an update leaves rows of a table alone (<see cref="Parameter.UpdatesLazily"/>), their averages follow when the row is
/// moved next, or all of them are asked for: as long as w stands still, a comes closer to it by the product of all d.
/// </para>
/// <para>
/// Polyak and Juditsky, "Acceleration of Stochastic Approximation by Averaging", SIAM Journal on Control and Optimization 30,
/// 1992; with weights that fall off, as it is commonly done.
/// </para>
/// </remarks>
internal sealed unsafe class WeightAverage
{
    private readonly float _decay;
    private readonly Transposed[] _transposes;
    private readonly Parameter[] _lazy;

    /// <summary>[table][row] the update up to which the row's averages are up to date.</summary>
    private readonly long[][] _reached;

    /// <param name="network">Whose weights are averaged; those of now are the first.</param>
    /// <param name="decay">The share of the average that an update keeps, once there were enough.</param>
    public WeightAverage(Network network, float decay)
    {
        Network = network.Copy();
        _decay = decay;
        _transposes = [.. Network.Output.PrepareTraining()];
        _lazy = [.. network.Parameters.Tables.Where(table => table is { UpdatesLazily: true, IsFrozen: false })];
        _reached = Array.ConvertAll(_lazy, table => new long[table.PhysicalRows]);
    }

    /// <summary>Has the averages as its weights. To be refreshed before it is asked for anything.</summary>
    public Network Network { get; }

    /// <summary>Takes weights [from, from + count), which an update has just moved.</summary>
    /// <param name="values">The weights.</param>
    /// <param name="update">Its number, from 1.</param>
    /// <param name="from">A multiple of 16.</param>
    /// <param name="count">A multiple of 16.</param>
    public void Take(FloatBuffer values, long update, long from, long count) =>
        Approach(Network.Parameters.Values, values, 1 - (float)KeptBy(update), from, count);

    /// <summary>
    /// Lets the averages of a row follow its weights, which have stood still, up to an update. Any threads may do so for
    /// different rows.
    /// </summary>
    /// <param name="values">The weights.</param>
    /// <param name="table">One that is updated lazily.</param>
    /// <param name="row">Of the table.</param>
    /// <param name="update">The number of the update, from 0.</param>
    public void Reach(FloatBuffer values, Parameter table, long row, long update)
    {
        ref long reached = ref ReachedBy(table, row);
        if (reached >= update)
            return;
        Approach(Network.Parameters.Values, values, table, row, (float)(1 - Kept(reached, update)));
        reached = update;
    }

    /// <summary>Notes that an update has moved a row, which was then taken.</summary>
    public void HasTaken(Parameter table, long row, long update) => ReachedBy(table, row) = update;

    /// <summary>[table][row] the update up to which the averages of the rows of lazy tables are up to date.</summary>
    public IReadOnlyList<long[]> Reached => _reached;

    /// <summary>Goes on from averages.</summary>
    /// <param name="update">The last.</param>
    /// <param name="reached">What they had <see cref="Reached"/>; empty: all of them the last update.</param>
    /// <returns>Whether these are averages of such a network.</returns>
    public bool TryResume(long update, IReadOnlyList<long[]> reached)
    {
        if (reached.Count > 0 && (reached.Count != _reached.Length || reached.Zip(_reached).Any(tables =>
            tables.First.Length != tables.Second.Length || tables.First.Any(row => row < 0 || row > update))))
            return false;
        for (int table = 0; table < _reached.Length; table++)
            if (reached.Count == 0)
                _reached[table].AsSpan().Fill(update);
            else
                reached[table].CopyTo(_reached[table], 0);
        return true;
    }

    /// <summary>The averages in a network of their own, up to date; these stay as they are.</summary>
    /// <param name="values">The weights.</param>
    /// <param name="update">The number of the last update.</param>
    public Network CopyUpToDate(FloatBuffer values, long update)
    {
        Network copy = Network.Copy();
        for (int i = 0; i < _lazy.Length; i++)
            for (int row = 0; row < _lazy[i].PhysicalRows; row++)
                if (_reached[i][row] < update)
                    Approach(copy.Parameters.Values, values, _lazy[i], row, (float)(1 - Kept(_reached[i][row], update)));
        return copy;
    }

    /// <summary>Brings all averages, and what the network keeps beside them, up to date.</summary>
    /// <param name="values">The weights.</param>
    /// <param name="update">The number of the last update.</param>
    public void Refresh(FloatBuffer values, long update)
    {
        foreach (Parameter table in _lazy)
            for (int row = 0; row < table.PhysicalRows; row++)
                Reach(values, table, row, update);
        foreach (Transposed transposed in _transposes)
            for (int panel = 0; panel < transposed.Panels; panel++)
                transposed.Refresh(Network.Parameters.Values, panel);
    }

    private ref long ReachedBy(Parameter table, long row) => ref _reached[Array.IndexOf(_lazy, table)][row];

    /// <summary>The share of the average that an update keeps.</summary>
    private double KeptBy(long update) => Math.Min(_decay, (1.0 + update) / (10.0 + update));

    /// <summary>
    /// The share that is kept by all updates behind one and up to another. The product of (1 + t) / (10 + t) from a + 1 to b is
    /// that of (a + j) / (b + j) over j = 2..10, all other factors occurring above and below.
    /// </summary>
    private double Kept(long from, long to)
    {
        // Up to this update (1 + t) / (10 + t) is smaller than the decay.
        long growing = (long)Math.Clamp(Math.Floor((10.0 * _decay - 1) / (1.0 - _decay)), from, to);
        double kept = Math.Pow(_decay, to - growing);
        for (int j = 2; j <= 10; j++)
            kept *= (double)(from + j) / (growing + j);
        return kept;
    }

    private static void Approach(FloatBuffer averages, FloatBuffer values, Parameter table, long row, float share)
    {
        for (int panel = 0; panel < table.Panels; panel++)
            Approach(averages, values, share, table.Offset + table.PanelOffset(panel) + row * table.WidthOf(panel),
                table.WidthOf(panel));
    }

    private static void Approach(FloatBuffer averages, FloatBuffer values, float share, long from, long count) =>
        Simd.Run<Kernel, Arguments>(new()
        {
            Values = values.Data + from,
            Averages = averages.Data + from,
            Count = count,
            Share = share,
        });

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
