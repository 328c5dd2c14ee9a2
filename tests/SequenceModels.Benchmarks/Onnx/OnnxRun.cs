using System.Diagnostics;
using System.Globalization;
using System.Text;
using Microsoft.ML;
using SequenceModels.Benchmarks.Accuracy;
using SequenceModels.Benchmarks.Peers;
using SequenceModels.Benchmarks.Timing;
using SequenceModels.Columns;
using SequenceModels.Networks;
using SequenceModels.Sequences;

namespace SequenceModels.Benchmarks.Onnx;

/// <summary>
/// Exports networks as ONNX models: those trained on real data must give every test row the label that the network gives it, and a
/// large one must be written quickly and small.
/// </summary>
internal static class OnnxRun
{
    public const string Options = "--data FOLDER [--write FILE]";

    private const int Rounds = 9;

    public static int Run(Arguments arguments)
    {
        string folder = arguments.Text("--data")
            ?? throw new ArgumentException("Say where the data sets are: --data FOLDER");
        string? file = arguments.Text("--write");
        arguments.End();
        var networks = new StringBuilder("| data | test rows | labels | other labels in ONNX Runtime | largest difference of a score |\n" +
            "|---|---|---|---|---|\n");
        var pipelines = new StringBuilder(networks.ToString());
        int others = 0;
        void Add(StringBuilder table, OnnxSubject subject, long rows, OnnxDifference difference)
        {
            others += difference.Others;
            table.Append(CultureInfo.InvariantCulture,
                $"| {subject.Name} | {rows:N0} | {difference.Labels:N0} | {difference.Others} | {difference.Score:E1} |\n");
            Console.WriteLine($"{subject.Name}: {difference}");
        }
        foreach (Func<string, OnnxSubject> train in OnnxSubject.All)
        {
            OnnxSubject subject = train(folder);
            Add(pipelines, subject, subject.Test.GetRowCount()!.Value, OnnxPipelines.Compare(subject));
            if (subject.Network is null)
                continue;
            using SequenceDataset data = subject.Read();
            Add(networks, subject, data.Count, OnnxRows.Compare(subject.Network, data));
        }
        string export = Export();
        Console.WriteLine($"{networks}\n{pipelines}\n{export}");
        if (file is not null)
            File.WriteAllText(file, Page(networks.ToString(), pipelines.ToString(), export));
        return others == 0 ? 0 : 1;
    }

    private static string Page(string networks, string pipelines, string export) => $"""
        # Exported models

        Networks trained by the recipes of [accuracy.md](accuracy.md), exported by `ExportOnnx` and run in ONNX Runtime, in batches of
        32 rows as they come, beside the network itself. A tagger has a label for each word, by Viterbi's algorithm in the graph. Written by

            dotnet run -c Release --project tests/SequenceModels.Benchmarks -- onnx --data FOLDER --write docs/benchmarks/onnx.md

        {networks}
        ## Pipelines

        Whole pipelines, from texts, words or frames to labels and scores, by ML.NET's `ConvertToOnnx`; each row by itself in ONNX Runtime. TextLstm()
        has no option set: its n-grams are found in the graph.

        {pipelines}
        ## Size and time

        {export}
        """.ReplaceLineEndings("\n").TrimEnd() + "\n";

    /// <summary>C3's network, written to a file: the median of several times.</summary>
    private static string Export()
    {
        var network = new SequenceNetwork(Ours.Network(Workloads.Find("C3")));
        long weights = (long)network.NumberOfParameters * sizeof(float);
        string path = Path.Combine(Path.GetTempPath(), $"export-{Environment.ProcessId}.onnx");
        var seconds = new List<double>();
        long bytes, allocated = 0;
        try
        {
            for (int round = 0; round < Rounds; round++)
            {
                long started = Stopwatch.GetTimestamp(), before = GC.GetAllocatedBytesForCurrentThread();
                network.ExportOnnx(path);
                seconds.Add(Stopwatch.GetElapsedTime(started).TotalSeconds);
                allocated = GC.GetAllocatedBytesForCurrentThread() - before;
            }
            bytes = new FileInfo(path).Length;
        }
        finally
        {
            File.Delete(path);
        }
        return string.Create(CultureInfo.InvariantCulture, $"""
            | network | weights, bytes | file, bytes | memory taken, bytes | time, ms |
            |---|---|---|---|---|
            | C3: 20,000 words, embedding 100, LSTM 128 | {weights:N0} | {bytes:N0} | {allocated:N0} | {1000 * seconds.Order().ElementAt(Rounds / 2):F0} |

            Median of {Rounds}, on {Machine.This().Cpu}, {Machine.This().Cores} cores.
            """);
    }
}
