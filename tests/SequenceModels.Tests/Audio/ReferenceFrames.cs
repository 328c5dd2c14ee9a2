namespace SequenceModels.Tests.Audio;

/// <summary>Log-mels and cepstral coefficients in double, as their definitions have them, sum by sum.</summary>
internal static class ReferenceFrames
{
    public static double[][] LogMel(float[] samples, LogMelOptions options, int rate)
    {
        int window = (int)Math.Round(options.WindowMilliseconds * rate / 1000);
        int hop = (int)Math.Round(options.HopMilliseconds * rate / 1000);
        int n = options.FftLength;
        for (int power = 4; n == 0; power *= 2)
            n = power >= window ? power : 0;
        double[] emphasized = [.. samples.Select((x, i) => 32_768 * (x - options.PreEmphasis * (i == 0 ? 0 : samples[i - 1])))];
        double highest = options.HighestFrequency == 0 ? rate / 2.0 : options.HighestFrequency;
        double low = Mel(options.LowestFrequency), high = Mel(highest);
        double[] corners = [.. Enumerable.Range(0, options.NumberOfFilters + 2)
            .Select(k => 700 * (Math.Exp((low + (high - low) * k / (options.NumberOfFilters + 1)) / 1127) - 1))];
        double Triangle(int m, double frequency) => Math.Max(0, Math.Min((frequency - corners[m]) / (corners[m + 1] - corners[m]),
            (corners[m + 2] - frequency) / (corners[m + 2] - corners[m + 1])));
        var frames = new List<double[]>();
        for (int start = 0; start + window <= samples.Length; start += hop)
        {
            double[] power = [.. Enumerable.Range(0, n / 2 + 1)
                .Select(k => Power(emphasized, start, window, options.Window, k, n))];
            frames.Add([.. Enumerable.Range(0, options.NumberOfFilters)
                .Select(m => Math.Log(1 + power.Select((energy, k) => energy * Triangle(m, k * (double)rate / n)).Sum()))]);
        }
        return [.. frames];
    }

    public static double[] Cepstrum(double[] logMel, int count, double liftering)
    {
        double Lift(int k) => liftering == 0 ? 1 : 1 + liftering / 2 * Math.Sin(Math.PI * k / liftering);
        double Cosines(int k) => logMel.Select((x, m) => x * Math.Cos(Math.PI * k * (m + 0.5) / logMel.Length)).Sum();
        return [.. Enumerable.Range(0, count).Select(k => Math.Sqrt((k == 0 ? 1.0 : 2) / logMel.Length) * Lift(k) * Cosines(k))];
    }

    private static double Power(double[] samples, int start, int window, WindowFunction function, int k, int n)
    {
        double re = 0, im = 0;
        for (int i = 0; i < window; i++)
        {
            double cos = Math.Cos(2 * Math.PI * i / (window - 1));
            double x = samples[start + i] * function switch
            {
                WindowFunction.Hamming => 0.54 - 0.46 * cos,
                WindowFunction.Hann => 0.5 - 0.5 * cos,
                _ => 1,
            };
            re += x * Math.Cos(2 * Math.PI * i * k / n);
            im -= x * Math.Sin(2 * Math.PI * i * k / n);
        }
        return re * re + im * im;
    }

    private static double Mel(double frequency) => 1127 * Math.Log(1 + frequency / 700);
}
