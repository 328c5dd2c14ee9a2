using System.Runtime.CompilerServices;
using SequenceModels.Kernels;

namespace SequenceModels.Training;

/// <summary>s = decay s + (1 - decay) g^2; v = momentum v + g / (sqrt(s) + epsilon); w -= rate v.</summary>
internal sealed unsafe class RmsPropRule(RmsPropOptimizer rmsProp, long parameters) : UpdateRule
{
    private readonly FloatBuffer _square = new(parameters);

    /// <summary>Null without momentum: v is then the step itself, and need not be kept.</summary>
    private readonly FloatBuffer? _velocity = rmsProp.Momentum > 0 ? new(parameters) : null;

    public override IReadOnlyList<FloatBuffer> State => _velocity is null ? [_square] : [_square, _velocity];

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
                Square = _square.Data + from,
                Velocity = _velocity is null ? null : _velocity.Data + from,
                Count = count,
                Scale = gradientScale,
                Decay = rmsProp.Decay,
                Epsilon = rmsProp.Epsilon,
                Momentum = rmsProp.Momentum,
            });
    }

    private struct Arguments
    {
        public float* Values, Gradients, Square, Velocity;
        public UpdatePace* Paces;
        public int Updates;
        public long Count;
        public float Scale, Decay, Epsilon, Momentum;
    }

    private readonly struct Kernel : IKernel<Arguments>
    {
        [MethodImpl(Simd.Kernel)]
        public static void Run<V>(in Arguments a) where V : struct, IVector<V>
        {
            V scale = V.Create(a.Scale), decay = V.Create(a.Decay), rest = V.Create(1 - a.Decay), epsilon = V.Create(a.Epsilon);
            V momentum = V.Create(a.Momentum), zero = V.Create(0);
            for (long i = 0; i < a.Count; i += V.Count)
            {
                V square = V.Load(a.Square + i), velocity = a.Velocity is null ? zero : V.Load(a.Velocity + i),
                    value = V.Load(a.Values + i);
                for (int update = 0; update < a.Updates; update++)
                {
                    V g = a.Gradients is null || update < a.Updates - 1 ? zero : V.Load(a.Gradients + i) * scale;
                    square = V.MultiplyAdd(decay, square, rest * g * g);
                    V step = g / (V.Sqrt(square) + epsilon);
                    square = V.FlushTiny(square);
                    if (a.Velocity is not null)
                        step = velocity = V.FlushTiny(V.MultiplyAdd(momentum, velocity, step));
                    value -= V.Create(a.Paces[update].Step) * step;
                }
                V.Store(square, a.Square + i);
                if (a.Velocity is not null)
                    V.Store(velocity, a.Velocity + i);
                V.Store(value, a.Values + i);
            }
        }
    }
}
