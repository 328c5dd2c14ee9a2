namespace SequenceModels.Benchmarks.Accuracy;

/// <summary>Series of one table, cut in time, for forecasts from the last values.</summary>
internal sealed record LagSet
{
    /// <summary>What the rows of the page are called.</summary>
    public required string Name { get; init; }

    /// <summary>[F][T] the values of each input column; NaN where one is missing.</summary>
    public required float[][] Columns { get; init; }

    /// <summary>How many of the columns, from the first, are forecast.</summary>
    public int Targets { get; init; } = 1;

    /// <summary>Steps that a forecast is made from.</summary>
    public required int WindowSize { get; init; }

    /// <summary>Steps that are forecast.</summary>
    public required int Horizon { get; init; }

    /// <summary>Also measured with a shorter horizon; 0: not.</summary>
    public int ShorterHorizon { get; init; }

    /// <summary>Steps in a season.</summary>
    public required int SeasonLength { get; init; }

    /// <summary>Steps, from the first, that are learned from.</summary>
    public required int Train { get; init; }

    /// <summary>The first step that is forecast to be measured.</summary>
    public required int Test { get; init; }

    /// <summary>The step behind the last one that is.</summary>
    public required int End { get; init; }

    /// <summary>The last part of the steps learned from, as back tests cut it: a share of all steps up to the last known.</summary>
    public LagSet CutAt(double testFraction)
    {
        int observed = Array.FindLastIndex(Columns[0], value => !float.IsNaN(value)) + 1;
        int cut = observed - Math.Max(1, (int)Math.Round(testFraction * observed));
        return this with { Train = cut, Test = cut, End = observed };
    }

    /// <summary>The same, to choose by: the last tenth of the steps learned from is forecast, the others are learned from.</summary>
    public LagSet Development => this with { Train = Train - Train / 10, Test = Train - Train / 10, End = Train };

    /// <summary>Standard deviation of a target's known values among those learned from: what standardised errors count in.</summary>
    public double Deviation(int target)
    {
        double[] known = [.. Columns[target].Take(Train).Where(value => !float.IsNaN(value)).Select(value => (double)value)];
        double mean = known.Average();
        return Math.Sqrt(known.Average(value => (value - mean) * (value - mean)));
    }
}
