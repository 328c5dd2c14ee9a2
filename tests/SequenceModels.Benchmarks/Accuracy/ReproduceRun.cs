using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.ML;

namespace SequenceModels.Benchmarks.Accuracy;

/// <summary>
/// Trains on SNIPS intents with a validation set and early stopping: on one thread, on two, and cancelled within its third epoch
/// and started again from its checkpoint. All must end with the same bits.
/// </summary>
internal static class ReproduceRun
{
    public const string Options = "--data FOLDER [--write FILE]";

    private const int CancelIn = 3;

    public static int Run(Arguments arguments)
    {
        string folder = Path.Combine(arguments.Text("--data")
            ?? throw new ArgumentException("Say where the data sets are: --data FOLDER"), "snips");
        string? file = arguments.Text("--write");
        SequenceTrainerOptions options = new()
        {
            Bidirectional = true, HiddenSize = 64, EmbeddingSize = 64, Pooling = SequencePooling.Max, Dropout = 0.5f,
                RecurrentDropout = 0.1f,
            NumberOfEpochs = 20, EarlyStoppingPatience = 2, LearningRate = 2e-3f, Seed = 1, BatchSize = 32, WordDropout = 0,
            EmbeddingDeviation = 1,
            LearningRateSchedule = LearningRateSchedule.Constant,
        };
        var data = new Snips(folder);
        (string Name, Outcome Outcome)[] runs =
        [
            ("1 thread", data.Train(options with { NumberOfThreads = 1 })),
            ("2 threads", data.Train(options with { NumberOfThreads = 2 })),
            ($"2 threads, cancelled in epoch {CancelIn}; then 1 thread from the checkpoint", data.TrainInTwoParts(options)),
        ];

        var table = new StringBuilder(
            "| training | test accuracy | best epoch | epochs | SHA-256 of the network |\n|---|---|---|---|---|\n");
        foreach ((string name, Outcome run) in runs)
            table.Append(CultureInfo.InvariantCulture,
                $"| {name} | {run.Accuracy:R} | {run.Best} | {run.Epochs} | {run.Hash[..16]}... |\n");
        Console.WriteLine(table);
        bool same = runs.All(run => run.Outcome == runs[0].Outcome);
        Console.WriteLine(same ? "All the same, to the bit." : "They differ.");
        if (file is not null)
            File.WriteAllText(file, Page(table.ToString(), same));
        return same ? 0 : 1;
    }

    private static string Page(string table, bool same) => $"""
        # The same model, however it was trained

        Intents of SNIPS (split of Goo et al., 2018): trained on the training rows, measured after each epoch on the development rows, ended
        when their loss had not fallen for two epochs, and tested on the test rows. One model trained on one thread, one on two, one
        cancelled within an epoch and continued from its checkpoint on another number of threads. Written by

            dotnet run -c Release --project tests/SequenceModels.Benchmarks -- reproduce --data FOLDER --write docs/benchmarks/reproducibility.md

        {table}
        {(same ? "All figures and all weights are the same, to the bit." : "They differ, which is a defect.")}
        """.ReplaceLineEndings("\n").TrimEnd() + "\n";

    /// <summary>What a training came to. Records compare by all of it.</summary>
    private sealed record Outcome(double Accuracy, int Best, int Epochs, string Hash);

    private sealed class Snips
    {
        private readonly MLContext _ml = new(seed: 1);
        private readonly IDataView _train, _validation, _test;

        public Snips(string folder)
        {
            IDataView Load(string file) => LabelledText.Load(_ml, Path.Combine(folder, file), label: 0, text: 1);
            IDataView train = Load("snips-train.tsv.gz");
            var prepare = _ml.Transforms.Conversion.MapValueToKey("Label")
                .Append(_ml.Transforms.Text.TokenizeIntoSequence("Features", "Text",
                    SequenceTokenization.Whitespace(minimumCount: 2)))
                .Fit(train);
            (_train, _validation, _test) =
                (prepare.Transform(train), prepare.Transform(Load("snips-dev.tsv")), prepare.Transform(Load("snips-test.tsv")));
        }

        public Outcome Train(SequenceTrainerOptions options)
        {
            SequencePredictionTransformer model = _ml.MulticlassClassification.Trainers.Lstm(options: options)
                .Fit(_train, _validation);
            using var network = new MemoryStream();
            model.Model.Network.Save(network);
            return new Outcome(_ml.MulticlassClassification.Evaluate(model.Transform(_test)).MicroAccuracy,
                model.Model.History.Single(epoch => epoch.IsSelected).Epoch, model.Model.History.Count,
                Convert.ToHexStringLower(SHA256.HashData(network.ToArray())));
        }

        public Outcome TrainInTwoParts(SequenceTrainerOptions options)
        {
            string folder = Directory.CreateTempSubdirectory("sequencemodels-").FullName;
            try
            {
                options = options with { CheckpointPath = Path.Combine(folder, "snips.checkpoint") };
                using var cancel = new CancellationTokenSource();
                try
                {
                    Train(options with { NumberOfThreads = 2, CancellationToken = cancel.Token,
                        Progress = new CancelWithinEpoch(cancel) });
                    throw new InvalidOperationException("The training ended before it could be cancelled.");
                }
                catch (OperationCanceledException) { }
                return Train(options with { NumberOfThreads = 1 });
            }
            finally
            {
                Directory.Delete(folder, recursive: true);
            }
        }
    }

    private sealed class CancelWithinEpoch(CancellationTokenSource cancel) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value)
        {
            if (value.Epoch == CancelIn && value.Batch < value.NumberOfBatches)
                cancel.Cancel();
        }
    }
}
