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
        var table = new StringBuilder("| data | test rows | labels | other labels in ONNX Runtime | largest difference of a score |\n" +
            "|---|---|---|---|---|\n");
        int others = 0;
        foreach ((string name, Func<string, (SequenceNetwork, SequenceDataset)> train) in new[]
        {
            ("SNIPS intents", Intents), ("SNIPS slots", (Func<string, (SequenceNetwork, SequenceDataset)>)Slots),
            ("Japanese Vowels", Vowels),
        })
        {
            (SequenceNetwork network, SequenceDataset data) = train(folder);
            using (data)
            {
                OnnxDifference difference = OnnxRows.Compare(network, data);
                others += difference.Others;
                table.Append(CultureInfo.InvariantCulture,
                    $"| {name} | {data.Count:N0} | {difference.Labels:N0} | {difference.Others} | {difference.Score:E1} |\n");
            }
        }
        string export = Export();
        Console.WriteLine($"{table}\n{export}");
        if (file is not null)
            File.WriteAllText(file, Page(table.ToString(), export));
        return others == 0 ? 0 : 1;
    }

    private static string Page(string table, string export) => $"""
        # Exported models

        Networks trained by the recipes of [accuracy.md](accuracy.md) (slots: 10 epochs), exported by `ExportOnnx` and run in ONNX Runtime, in batches of
        32 rows as they come, beside the network itself. A tagger has a label for each word, by Viterbi's algorithm in the graph. Written by

            dotnet run -c Release --project tests/SequenceModels.Benchmarks -- onnx --data FOLDER --write docs/benchmarks/onnx.md

        {table}
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

    private static (SequenceNetwork, SequenceDataset) Intents(string folder)
    {
        var ml = new MLContext(seed: 1);
        IDataView Load(string file) => LabelledText.Load(ml, Path.Combine(folder, "snips", file), label: 0, text: 1);
        IDataView train = Load("snips-train.tsv.gz");
        var prepare = ml.Transforms.Conversion.MapValueToKey("Label").Append(ml.Transforms.Text
            .TokenizeIntoSequence("Features", "Text", SequenceTokenization.Whitespace(minimumCount: 2))).Fit(train);
        var model = ml.MulticlassClassification.Trainers.Lstm(options: Experiments.SnipsOptions).Fit(prepare.Transform(train));
        IDataView test = prepare.Transform(Load("snips-test.tsv"));
        return (model.Model.Network, Read(test, model.BindColumns(test.Schema)));
    }

    private static (SequenceNetwork, SequenceDataset) Slots(string folder)
    {
        var ml = new MLContext(seed: 1);
        IDataView Load(string file) => TaggedText.Load(ml, Path.Combine(folder, "snips", file), words: 1, tags: 2);
        IDataView train = Load("snips-train.tsv.gz");
        var prepare = ml.Transforms.Conversion.MapValueToKey("Label", "Tags").Append(ml.Transforms.Text
            .TokenizeIntoSequence("Tokens", "Words", SequenceTokenization.Whitespace(minimumCount: 2, lowercase: true))).Fit(train);
        var model = ml.Sequences().Tagging.Trainers.Lstm("Label", ["Tokens", "Words"],
            TaggingExperiments.Spans with { NumberOfEpochs = 10 }).Fit(prepare.Transform(train));
        IDataView test = prepare.Transform(Load("snips-test.tsv"));
        return (model.Model.Network, Read(test, model.BindColumns(test.Schema)));
    }

    private static (SequenceNetwork, SequenceDataset) Vowels(string folder)
    {
        var ml = new MLContext(seed: 1);
        IDataView Load(string part) => Experiments.LoadVowels(ml, Path.Combine(folder, "japanese-vowels"), part);
        var model = ml.MulticlassClassification.Trainers.Lstm(options: Experiments.VowelsOptions).Fit(Load("train"));
        IDataView test = Load("test");
        return (model.Model.Network, Read(test, model.BindColumns(test.Schema)));
    }

    /// <summary>Rows as a network reads them.</summary>
    private static SequenceDataset Read(IDataView rows, InputColumns columns)
    {
        SequenceDataset data = columns.NewDataset();
        using DataViewRowCursor cursor = rows.GetRowCursor(rows.Schema);
        InputReader reader = columns.CreateReader(cursor);
        while (cursor.MoveNext())
        {
            reader.Read();
            reader.AddTo(data, [float.NaN]);
        }
        return data;
    }
}
