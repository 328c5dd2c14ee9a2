namespace SequenceModels.Tests.Reference;

/// <summary>
/// One textbook cell in double, loops only, sharing no code with the engine. Columns of W [I, G·H] and R [H, G·H] are gate-major:
/// column g·H + j belongs to unit j of gate g.
/// </summary>
internal abstract class ReferenceCell(double[,] w, double[,] r, double[,] b)
{
    /// <summary>H.</summary>
    public int Hidden { get; } = r.GetLength(0);

    /// <summary>How many vectors the cell remembers; the first is h, its output.</summary>
    public abstract int States { get; }

    /// <summary>
    /// What is added to a unit of h behind a step, counted from 0 in the order of reading: the loss' answer to it is dLoss/dh.
    /// </summary>
    public Func<int, int, double>? Nudge { get; set; }

    /// <summary>The state after a step with input x [I]; state is [States][H] and stays as it is.</summary>
    public abstract double[][] Step(double[] x, double[][] state);

    /// <summary>[H] what h is multiplied with before it meets R.</summary>
    public double[] Mask { get; set; } = [.. Enumerable.Repeat(1.0, r.GetLength(0))];

    /// <summary>What the state becomes on its way into step t of T, counted as the cell walks; T: behind the last.</summary>
    public Func<int, int, double[][], double[][]> Into { get; set; } = (_, _, state) => state;

    /// <summary>h after each step [T][H], from a zero state.</summary>
    public double[][] Run(double[][] steps)
    {
        double[][] state = Into(0, steps.Length, ZeroState());
        var hidden = new double[steps.Length][];
        for (int t = 0; t < steps.Length; t++)
        {
            double[][] after = Nudged(Step(steps[t], state), t);
            hidden[t] = after[0];
            state = Into(t + 1, steps.Length, after);
        }
        return hidden;
    }

    /// <summary>As <see cref="Run"/>, but time runs from the last step to the first; h stands beside the step it read.</summary>
    public double[][] RunFromEnd(double[][] steps) => [.. Run([.. steps.Reverse()]).Reverse()];

    private double[][] Nudged(double[][] state, int step) =>
        Nudge is null ? state : [[.. state[0].Select((h, unit) => h + Nudge(step, unit))], .. state[1..]];

    private double[][] ZeroState() => [.. Enumerable.Range(0, States).Select(_ => new double[Hidden])];

    /// <summary>The name is the engine's, so that a cell added to the registry without a textbook twin is noticed.</summary>
    /// <param name="name">Which cell.</param>
    /// <param name="part">W, R and what else it has: b, bR, and P for parameters of its own.</param>
    public static ReferenceCell Create(string name, Func<string, double[,]> part) => name switch
    {
        "RNN" => new RnnReference(part("W"), part("R"), part("b")),
        "GRU" => new GruReference(part("W"), part("R"), part("b"), part("bR")),
        "LSTM" => new LstmReference(part("W"), part("R"), part("b")),
        "PeepholeLSTM" => new PeepholeLstmReference(part("W"), part("R"), part("b"), part("P")),
        "LayerNormLSTM" => new LayerNormLstmReference(part("W"), part("R"), part("P")),
        _ => throw new ArgumentException($"There is no textbook cell '{name}'. Add one beside the others.", nameof(name)),
    };

    /// <summary>x·W + b for unit <paramref name="unit"/> of gate <paramref name="gate"/>.</summary>
    protected double FromInput(double[] x, int gate, int unit)
    {
        int column = gate * Hidden + unit;
        double sum = b[0, column];
        for (int i = 0; i < x.Length; i++)
            sum += x[i] * w[i, column];
        return sum;
    }

    /// <summary>h·R for unit <paramref name="unit"/> of gate <paramref name="gate"/>.</summary>
    protected double FromState(double[] h, int gate, int unit)
    {
        int column = gate * Hidden + unit;
        double sum = 0;
        for (int i = 0; i < h.Length; i++)
            sum += Mask[i] * h[i] * r[i, column];
        return sum;
    }

    protected static double Sigmoid(double a) => 1 / (1 + Math.Exp(-a));
}
