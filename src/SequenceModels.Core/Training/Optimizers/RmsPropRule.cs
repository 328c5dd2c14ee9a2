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

    public override void Move(FloatBuffer values, float* gradients, float gradientScale, float learningRate,
        long from, long count,
        bool ofVectors) =>
        Simd.Run<Kernel, Arguments>(new()
        {
            Values = values.Data + from,
            Gradients = gradients,
            Square = _square.Data + from,
            Velocity = _velocity is null ? null : _velocity.Data + from,
            Count = count,
            Scale = gradientScale,
            Decay = rmsProp.Decay,
            Epsilon = rmsProp.Epsilon,
            Momentum = rmsProp.Momentum,
            Rate = learningRate,
        });

    private struct Arguments
    {
        public float* Values, Gradients, Square, Velocity;
        public long Count;
        public float Scale, Decay, Epsilon, Momentum, Rate;
    }

    private readonly struct Kernel : IKernel<Arguments>
    {
        [MethodImpl(Simd.Kernel)]
        public static void Run<V>(in Arguments a) where V : struct, IVector<V>
        {
            V scale = V.Create(a.Scale), decay = V.Create(a.Decay), rest = V.Create(1 - a.Decay), epsilon = V.Create(a.Epsilon);
            V momentum = V.Create(a.Momentum), rate = V.Create(a.Rate);
            for (long i = 0; i < a.Count; i += V.Count)
            {
                V g = a.Gradients is null ? V.Create(0) : V.Load(a.Gradients + i) * scale;
                V square = V.MultiplyAdd(decay, V.Load(a.Square + i), rest * g * g);
                V.Store(V.FlushTiny(square), a.Square + i);
                V step = g / (V.Sqrt(square) + epsilon);
                if (a.Velocity is not null)
                {
                    step = V.FlushTiny(V.MultiplyAdd(momentum, V.Load(a.Velocity + i), step));
                    V.Store(step, a.Velocity + i);
                }
                V.Store(V.Load(a.Values + i) - rate * step, a.Values + i);
            }
        }
    }
}
