using System.Runtime.CompilerServices;

namespace SequenceModels.Kernels;

/// <summary>One query q and the keys k_i that it meets, A numbers each, padded to a multiple of 16.</summary>
/// <param name="query">[A].</param>
/// <param name="keys">[S, A].</param>
/// <param name="vector">v [A].</param>
/// <param name="steps">S.</param>
/// <param name="count">A, padded.</param>
internal readonly unsafe struct AdditiveRow(float* query, float* keys, float* vector, int steps, int count)
{
    public readonly float* Query = query, Keys = keys, Vector = vector;
    public readonly int Steps = steps, Count = count;
}

/// <summary>score_i = v · tanh(q + k_i), and the way back through it.</summary>
internal static unsafe class AdditiveScores
{
    /// <summary>scores [S] written.</summary>
    public static void Score(in AdditiveRow row, float* scores) =>
        Simd.Run<ScoreKernel, Operands>(new() { Row = row, Scores = scores });

    /// <summary>From dLoss/dscores [S] to the gradients of q, of all k_i and of v, which are added to.</summary>
    public static void Backward(in AdditiveRow row, float* dScores, float* dQuery, float* dKeys, float* dVector) =>
        Simd.Run<BackwardKernel, Operands>(
            new() { Row = row, Scores = dScores, DQuery = dQuery, DKeys = dKeys, DVector = dVector });

    private struct Operands
    {
        public AdditiveRow Row;
        public float* Scores, DQuery, DKeys, DVector;
    }

    private readonly struct ScoreKernel : IKernel<Operands>
    {
        [MethodImpl(Simd.Kernel)]
        public static void Run<V>(in Operands o) where V : struct, IVector<V>
        {
            AdditiveRow r = o.Row;
            for (int i = 0; i < r.Steps; i++)
            {
                float* key = r.Keys + (long)i * r.Count;
                V sum = V.Create(0);
                for (int a = 0; a < r.Count; a += V.Count)
                    sum = V.MultiplyAdd(V.Load(r.Vector + a), Activations.Tanh(V.Load(r.Query + a) + V.Load(key + a)), sum);
                o.Scores[i] = V.Sum(sum);
            }
        }
    }

    private readonly struct BackwardKernel : IKernel<Operands>
    {
        [MethodImpl(Simd.Kernel)]
        public static void Run<V>(in Operands o) where V : struct, IVector<V>
        {
            AdditiveRow r = o.Row;
            for (int a = 0; a < r.Count; a += V.Count)
            {
                V query = V.Load(r.Query + a), vector = V.Load(r.Vector + a);
                V dQuery = V.Load(o.DQuery + a), dVector = V.Load(o.DVector + a);
                for (int i = 0; i < r.Steps; i++)
                {
                    long at = (long)i * r.Count + a;
                    V score = V.Create(o.Scores[i]), tanh = Activations.Tanh(query + V.Load(r.Keys + at));
                    dVector = V.MultiplyAdd(score, tanh, dVector);
                    V d = score * vector * Activations.TanhSlope(tanh);
                    dQuery += d;
                    V.Store(V.Load(o.DKeys + at) + d, o.DKeys + at);
                }
                V.Store(dQuery, o.DQuery + a);
                V.Store(dVector, o.DVector + a);
            }
        }
    }
}
