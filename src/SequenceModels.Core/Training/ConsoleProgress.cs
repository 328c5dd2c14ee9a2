using System.Diagnostics;
using System.Globalization;
using SequenceModels.Training;

namespace SequenceModels;

/// <summary>
/// Prints the progress of a training: a line for each epoch, with loss and figures of the validation rows, and in epochs that
/// take long a line every ten seconds. <c>Progress = new ConsoleProgress()</c> is all it takes.
/// </summary>
/// <remarks>Numbers and times are those of the invariant culture. Several trainings at once may share one.</remarks>
public sealed class ConsoleProgress : IProgress<TrainingProgress>
{
    private static readonly TimeSpan s_betweenLines = TimeSpan.FromSeconds(10);

    private readonly TextWriter? _writer;
    private readonly Lock _lock = new();
    private long _printed = Stopwatch.GetTimestamp();

    /// <summary>Prints to the console.</summary>
    public ConsoleProgress() { }

    /// <summary>Prints to a writer.</summary>
    /// <param name="writer">Where to print; stays open.</param>
    public ConsoleProgress(TextWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        _writer = writer;
    }

    /// <summary>Prints a line, where one is due.</summary>
    /// <param name="value">How far the training has come.</param>
    public void Report(TrainingProgress value)
    {
        ArgumentNullException.ThrowIfNull(value);
        lock (_lock)
        {
            if (value.Ended is null && Stopwatch.GetElapsedTime(_printed) < s_betweenLines)
                return;
            _printed = Stopwatch.GetTimestamp();
            (_writer ?? Console.Out).WriteLine(LineOf(value)); // whatever the console is at this time
        }
    }

    /// <summary>The line of a report.</summary>
    internal static string LineOf(TrainingProgress value)
    {
        string times = Invariant($"{Rounded(value.Elapsed)}, {Rounded(value.Remaining)} left");
        return value.Ended is { } epoch ? $"{EpochLine.Format(epoch, value.NumberOfEpochs)} ({times})"
            : Invariant($"epoch {value.Epoch}/{value.NumberOfEpochs} batch {value.Batch}/{value.NumberOfBatches} loss ") +
                Invariant($"{value.Loss:F4} ({value.StepsPerSecond:N0} steps/s, {times})");
    }

    private static string Rounded(TimeSpan time) => TimeSpan.FromSeconds(Math.Round(time.TotalSeconds)).ToString("c",
        CultureInfo.InvariantCulture);
}
