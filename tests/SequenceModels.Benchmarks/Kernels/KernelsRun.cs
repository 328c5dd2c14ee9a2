using SequenceModels.Benchmarks.Reports;
using SequenceModels.Benchmarks.Timing;
using SequenceModels.Kernels;

namespace SequenceModels.Benchmarks.Kernels;

/// <summary>Measures the engine's arithmetic alone: its matrix products beside the processor's peak, and its gates.</summary>
internal static class KernelsRun
{
    public const string Options = "[--filter NAME] [--rounds N] [--write FOLDER]";

    public static int Run(Arguments arguments)
    {
        int rounds = arguments.Integer("--rounds", 15);
        string? folder = arguments.Text("--write"), filter = arguments.Text("--filter");
        arguments.End();
        if (filter is not null && folder is not null)
            throw new ArgumentException("The page holds all kernels: --write and --filter exclude each other.");

        bool IsWanted(Kernel kernel) => filter is null || kernel.Name.Contains(filter, StringComparison.Ordinal);
        Kernel[] products = [.. ProductKernels.All.Where(IsWanted)], gates = [.. GateKernels.All.Where(IsWanted)];
        using var clock = new KernelClock(rounds);
        KernelClock.WarmUp([.. products, .. gates]);
        List<KernelTimes> productTimes = Measure(clock, products, ProductColumns, ProductCells);
        List<KernelTimes> gateTimes = Measure(clock, gates, GateColumns, GateCells);
        if (folder is not null)
            MachinePage.WriteSection(folder, "kernels", Show(productTimes, gateTimes, rounds));
        return 0;
    }

    private static List<KernelTimes> Measure(KernelClock clock, Kernel[] kernels, IEnumerable<string> columns,
        Func<KernelTimes, IEnumerable<string>> cells)
    {
        List<KernelTimes> all = [];
        foreach (Kernel kernel in kernels)
        {
            KernelTimes times = clock.Measure(kernel);
            all.Add(times);
            IEnumerable<string> figures = cells(times).Zip(columns, (cell, column) => $"{column} {cell,6}");
            Console.WriteLine($"{kernel.Name,-15} {kernel.Shape,-24} {string.Join("  ", figures)}");
        }
        return all;
    }

    private static string Show(List<KernelTimes> products, List<KernelTimes> gates, int rounds)
    {
        double peak = Rounds.Median(products.Select(times => times.Peak)) / 1e9;
        return $"""
            ## Kernels

            On one thread, operands in the caches. Matrix products of an LSTM layer, in GFLOP/s; the share is that of the FMA peak at
            {Simd.Widths[0]} bits, which was measured in turns with them and is {peak:F0} GFLOP/s. Medians of {rounds} rounds; disturbed
            timings are not repeated.

            {Table(products, ProductColumns, ProductCells)}
            Gates as training computes them, in nanoseconds for each unit of each row.

            {Table(gates, GateColumns, GateCells)}
            """;
    }

    private static MarkdownTable Table(
        List<KernelTimes> rows, IEnumerable<string> columns, Func<KernelTimes, IEnumerable<string>> cells)
    {
        var table = new MarkdownTable(["kernel", "shape", .. columns]);
        foreach (KernelTimes times in rows)
            table.Add([times.Kernel.Name, times.Kernel.Shape, .. cells(times)]);
        return table;
    }

    private static IEnumerable<string> GateColumns => Simd.Widths.Select(width => $"{width} bits");

    private static IEnumerable<string> ProductColumns => [GateColumns.First(), "of peak", .. GateColumns.Skip(1)];

    private static IEnumerable<string> ProductCells(KernelTimes times)
    {
        double[] flops = [.. times.Seconds.Select(seconds => times.Kernel.Work / seconds)];
        IEnumerable<string> figures = flops.Select(each => $"{each / 1e9:F1}");
        return [figures.First(), $"{flops[0] / times.Peak:P0}", .. figures.Skip(1)];
    }

    private static IEnumerable<string> GateCells(KernelTimes times) =>
        times.Seconds.Select(seconds => $"{seconds / times.Kernel.Work * 1e9:F2}");
}
