using System.Diagnostics;
using System.Globalization;

namespace SequenceModels.Fuzz;

/// <summary>
/// Whether each mutation of a file is refused with InvalidDataException, or can be used: it then gives numbers, or an error of
/// its input. Memory stays within what so small a file may take.
/// </summary>
internal static class FuzzRun
{
    /// <summary>Bytes that loading and using a small file may take from memory; nearly all of it is ML.NET's.</summary>
    private const long MostBytes = 64 << 20;

    /// <param name="subject">The kind of file.</param>
    /// <param name="seed">Of the mutations.</param>
    /// <param name="first">The first mutation's number.</param>
    /// <param name="count">How many.</param>
    /// <param name="longest">What one may take; null: not measured.</param>
    /// <returns>A line for each mutation that did neither.</returns>
    public static IEnumerable<string> Failures(FuzzSubject subject, int seed, int first, int count, TimeSpan? longest = null)
    {
        subject.Load(subject.Payload)(); // must be sound, or nothing is proven
        for (int number = first; number < first + count; number++)
            if (FailureOf(subject, subject.Mutate(subject.Payload, seed, number), longest) is { } failure)
                yield return string.Create(CultureInfo.InvariantCulture,
                    $"{subject.Name}, seed {seed}, mutation {number}: {failure}");
    }

    private static string? FailureOf(FuzzSubject subject, byte[] payload, TimeSpan? longest)
    {
        long before = GC.GetAllocatedBytesForCurrentThread(), started = Stopwatch.GetTimestamp();
        string? failure = Try(subject, payload);
        long bytes = GC.GetAllocatedBytesForCurrentThread() - before;
        TimeSpan time = Stopwatch.GetElapsedTime(started);
        return failure
            ?? (bytes > MostBytes ? string.Create(CultureInfo.InvariantCulture,
                $"{bytes} bytes of memory for {payload.Length} of file")
            : time > longest ? string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:F1} s") : null);
    }

    private static string? Try(FuzzSubject subject, byte[] payload)
    {
        Action use;
        try
        {
            use = subject.Load(payload);
        }
        catch (Exception e)
        {
            return e is InvalidDataException || e.GetBaseException() is InvalidDataException ? null
                : $"loading threw {e.GetBaseException()}";
        }
        try
        {
            use();
            return null;
        }
        catch (Exception e)
        {
            Exception cause = e.GetBaseException();
            return IsClear(cause) ? null : $"use threw {cause}";
        }
    }

    /// <summary>An error that somebody has put into words, not one that the runtime met.</summary>
    private static bool IsClear(Exception e) => (e is ArgumentException or InvalidOperationException ||
        e.GetType() == typeof(ArithmeticException)) &&
        e.TargetSite?.DeclaringType?.Assembly.GetName().Name is { } where &&
        (where.StartsWith("SequenceModels", StringComparison.Ordinal) ||
            where.StartsWith("Microsoft.ML", StringComparison.Ordinal));
}
