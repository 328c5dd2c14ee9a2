namespace SequenceModels.Benchmarks.Scale;

/// <summary>
/// The most memory of this process that belongs to no file, as a thread of its own sees it every few milliseconds.
/// The pages of a mapped file that happen to be in memory are counted in a process' peak although the system takes them away
/// whenever it needs them.
/// </summary>
internal sealed class AnonymousMemory : IDisposable
{
    private static readonly TimeSpan s_interval = TimeSpan.FromMilliseconds(5);

    private readonly ManualResetEventSlim _stop = new();
    private readonly Thread _thread;
    private double _peak;

    public AnonymousMemory()
    {
        _thread = new Thread(Watch) { IsBackground = true };
        _thread.Start();
    }

    /// <summary>Ends the watch.</summary>
    /// <returns>NaN where the system does not tell.</returns>
    public double PeakMegabytes()
    {
        _stop.Set();
        _thread.Join();
        return _peak;
    }

    public void Dispose()
    {
        PeakMegabytes();
        _stop.Dispose();
    }

    private void Watch()
    {
        do
            _peak = Math.Max(_peak, Megabytes());
        while (!_stop.Wait(s_interval));
    }

    /// <summary>On Linux, RssAnon of /proc/self/status.</summary>
    private static double Megabytes()
    {
        const string Name = "RssAnon:", Status = "/proc/self/status";
        string? line = File.Exists(Status)
            ? File.ReadLines(Status).FirstOrDefault(line => line.StartsWith(Name, StringComparison.Ordinal)) : null;
        return line is null ? double.NaN
            : double.Parse(line[Name.Length..].Replace("kB", "", StringComparison.Ordinal)) * 1024 / 1e6;
    }
}
