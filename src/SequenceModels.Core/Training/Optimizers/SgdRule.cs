using System.Runtime.CompilerServices;
using SequenceModels.Kernels;

namespace SequenceModels.Training;

/// <summary>v = momentum v + g; w -= rate v, or with Nesterov's momentum w -= rate (g + momentum v).</summary>
internal sealed unsafe class SgdRule(SgdOptimizer sgd, long parameters) : UpdateRule
{
    private readonly FloatBuffer _velocity = new(parameters);

    public override IReadOnlyList<FloatBuffer> State => [_velocity];

    public override bool LeavesZeroSums => true;

    protected override UpdatePace PaceOf(float rate) => new(rate, 0, 0);

    protected override void Move(FloatBuffer values, float* gradients, float gradientScale, ReadOnlySpan<UpdatePace> paces,
        long from, long count, bool ofVectors)
    {
        fixed (UpdatePace* pace = paces)
            Simd.Run<Kernel, Arguments>(new()
            {
                Paces = pace,
                Updates = paces.Length,
                Values = values.Data + from,
                Gradients = gradients,
                Velocity = _velocity.Data + from,
                Count = count,
                Scale = gradientScale,
                Momentum = sgd.Momentum,
                Nesterov = sgd.Nesterov,
            });
    }

    private struct Arguments
    {
        public float* Values, Gradients, Velocity;
        public UpdatePace* Paces;
        public int Updates;
        public long Count;
        public float Scale, Momentum;
        public bool Nesterov;
    }

    private readonly struct Kernel : IKernel<Arguments>
    {
        [MethodImpl(Simd.Kernel)]
        public static void Run<V>(in Arguments a) where V : struct, IVector<V>
        {
            V scale = V.Create(a.Scale), momentum = V.Create(a.Momentum), zero = V.Create(0);
            for (long i = 0; i < a.Count; i += V.Count)
            {
                V velocity = V.Load(a.Velocity + i), value = V.Load(a.Values + i);
                for (int update = 0; update < a.Updates; update++)
                {
                    V g = a.Gradients is null || update < a.Updates - 1 ? zero : V.Load(a.Gradients + i) * scale;
                    velocity = V.FlushTiny(V.MultiplyAdd(momentum, velocity, g));
                    value -= V.Create(a.Paces[update].Step) * (a.Nesterov ? V.MultiplyAdd(momentum, velocity, g) : velocity);
                }
                V.Store(velocity, a.Velocity + i);
                V.Store(value, a.Values + i);
            }
        }
    }
}
