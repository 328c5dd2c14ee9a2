using SequenceModels.Kernels;
using SequenceModels.Parameters;
using Xunit;

namespace SequenceModels.Tests.Parameters;

public class InitializerTests
{
    [Theory]
    [InlineData(1, 1)]
    [InlineData(3, 17)]
    [InlineData(4, 64)]
    public void Each_gate_of_an_orthogonal_matrix_is_orthogonal(int gates, int units)
    {
        (Parameter parameter, FloatBuffer values) = Matrix(units, gates, units);
        var random = new RandomStream(1);
        Initializers.Orthogonal(parameter, values, ref random);
        for (int gate = 0; gate < gates; gate++)
        {
            float[][] rows = Read(parameter, values, gate);
            for (int a = 0; a < units; a++)
                for (int b = 0; b < units; b++)
                    Assert.Equal(a == b ? 1 : 0, rows[a].Zip(rows[b], (x, y) => (double)x * y).Sum(), 1e-6);
        }
    }

    /// <summary>The initializer works in arrays, which begin at other addresses in each run.</summary>
    [Theory]
    [InlineData(19), InlineData(128), InlineData(200)]
    public void Equal_seeds_give_equal_bits_wherever_the_arrays_lie(int units)
    {
        float[][] first = Drawn();
        for (int run = 1; run <= 6; run++)
        {
            object[] between = [.. Enumerable.Range(0, run).Select(i => new byte[8 * i + 1])];
            Assert.Equal(first, Drawn());
            GC.KeepAlive(between);
        }

        float[][] Drawn()
        {
            (Parameter parameter, FloatBuffer values) = Matrix(units, 1, units);
            var random = new RandomStream(3);
            Initializers.Orthogonal(parameter, values, ref random);
            return Read(parameter, values, 0);
        }
    }

    [Fact]
    public void Gates_do_not_share_one_matrix()
    {
        (Parameter parameter, FloatBuffer values) = Matrix(8, 4, 8);
        var random = new RandomStream(1);
        Initializers.Orthogonal(parameter, values, ref random);
        Assert.NotEqual(Read(parameter, values, 0)[0], Read(parameter, values, 1)[0]);
    }

    [Fact]
    public void Glorot_fills_its_range_evenly()
    {
        (Parameter parameter, FloatBuffer values) = Matrix(50, 2, 100);
        var random = new RandomStream(2);
        Initializers.Glorot(parameter, values, ref random);
        double limit = Math.Sqrt(6.0 / 150);
        float[] all = [.. Enumerable.Range(0, 2).SelectMany(gate => Read(parameter, values, gate)).SelectMany(row => row)];
        Assert.All(all, value => Assert.InRange(value, -limit, limit));
        Assert.Equal(0, all.Average(), limit / 50);
        Assert.Equal(limit * limit / 3, all.Average(value => (double)value * value), limit * limit / 50);
        Assert.True(all.Max() > 0.99 * limit && all.Min() < -0.99 * limit);
    }

    [Fact]
    public void A_gain_is_a_factor_of_the_range()
    {
        (Parameter parameter, FloatBuffer values) = Matrix(50, 1, 100);
        var random = new RandomStream(2);
        Initializers.Glorot(parameter, values, ref random, gain: 0.1);
        double limit = 0.1 * Math.Sqrt(6.0 / 150);
        float[] all = [.. Read(parameter, values, 0).SelectMany(row => row)];
        Assert.All(all, value => Assert.InRange(value, -limit, limit));
        Assert.Equal(limit * limit / 3, all.Average(value => (double)value * value), limit * limit / 50);
    }

    [Theory]
    [InlineData(10)]
    [InlineData(5_000)]
    public void The_range_of_He_does_not_know_how_many_units_there_are(int units)
    {
        (Parameter parameter, FloatBuffer values) = Matrix(50, 1, units);
        var random = new RandomStream(2);
        Initializers.He(parameter, values, ref random);
        double limit = Math.Sqrt(6.0 / 50);
        float[] all = [.. Read(parameter, values, 0).SelectMany(row => row)];
        Assert.All(all, value => Assert.InRange(value, -limit, limit));
        Assert.True(all.Max() > 0.97 * limit && all.Min() < -0.97 * limit);
    }

    [Fact]
    public void Normal_values_have_the_variance_asked_for()
    {
        (Parameter parameter, FloatBuffer values) = Matrix(200, 1, 50);
        var random = new RandomStream(3);
        Initializers.Normal(parameter, values, divisor: 4, ref random);
        float[] all = [.. Read(parameter, values, 0).SelectMany(row => row)];
        Assert.Equal(0, all.Average(), 0.01);
        Assert.Equal(1.0 / 16, all.Average(value => (double)value * value), 0.003);
        Assert.Equal(0.683, all.Count(value => Math.Abs(value) < 0.25) / 10_000.0, 0.02);
    }

    [Fact]
    public void A_constant_goes_to_one_gate_only()
    {
        (Parameter bias, FloatBuffer values) = Matrix(1, 4, 20);
        Initializers.Constant(bias, gate: 1, value: 1, values);
        for (int gate = 0; gate < 4; gate++)
            Assert.All(Read(bias, values, gate)[0], value => Assert.Equal(gate == 1 ? 1 : 0, value));
    }

    [Fact]
    public void Padding_stays_zero()
    {
        (Parameter parameter, FloatBuffer values) = Matrix(5, 3, 5);
        var random = new RandomStream(4);
        Initializers.Orthogonal(parameter, values, ref random);
        Assert.Equal(parameter.LogicalLength, values.Span.ToArray().Count(value => value != 0));
    }

    private static (Parameter, FloatBuffer) Matrix(int rows, int gates, int units)
    {
        var set = new ParameterSet();
        Parameter parameter = set.Add(new Parameter("W", rows, gates, units, 16));
        set.LayOut();
        set.Allocate();
        return (parameter, set.Values);
    }

    private static float[][] Read(Parameter parameter, FloatBuffer values, int gate)
    {
        float[][] rows = [.. Enumerable.Range(0, parameter.Rows).Select(_ => new float[parameter.Units])];
        for (int row = 0; row < rows.Length; row++)
            parameter.Read(values, row, gate, rows[row]);
        return rows;
    }
}
