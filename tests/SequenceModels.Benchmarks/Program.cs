using System.Globalization;
using SequenceModels.Benchmarks;
using SequenceModels.Benchmarks.Accuracy;
using SequenceModels.Benchmarks.Comparisons;
using SequenceModels.Benchmarks.FirstTry;
using SequenceModels.Benchmarks.Kernels;
using SequenceModels.Benchmarks.Onnx;
using SequenceModels.Benchmarks.Peers;
using SequenceModels.Benchmarks.Pipeline;
using SequenceModels.Benchmarks.Profile;
using SequenceModels.Benchmarks.Reports;
using SequenceModels.Benchmarks.Scale;
using SequenceModels.Benchmarks.Scaling;
using SequenceModels.Benchmarks.Transcriptions;
using SequenceModels.Benchmarks.Translations;
using SequenceModels.Benchmarks.Weights;

// dotnet run -c Release --project tests/SequenceModels.Benchmarks -- COMMAND OPTIONS
Command[] commands =
[
    new("accuracy", "--data FOLDER [--seeds N] [--write FILE] [NAME...]",
        "trains on real data; share of test rows predicted right", AccuracyRun.Run),
    new("firsttry", FirstTryRun.Options, "our trainers and ML.NET's own with no option set, on real data", FirstTryRun.Run),
    new("language", LanguageRun.Options, "trains language models on real data; loss a step", LanguageRun.Run),
    new("eightbit", EightBitRun.Options, "what 8-bit weights cost in accuracy on real data, and what they save", EightBitRun.Run),
    new("transcription", TranscriptionRun.Options, "trains transcribers on real data; characters, words and rows wrong",
        TranscriptionRun.Run),
    new("translation", TranslationRun.Options, "trains translators on real data; rows wholly right, or BLEU", TranslationRun.Run),
    new("reproduce", ReproduceRun.Options, "a training with early stopping on 1 and 2 threads and after a resume: the same bits",
        ReproduceRun.Run),
    new("onnx", OnnxRun.Options, "exported models in ONNX Runtime: the same labels on real data, size and time of an export", OnnxRun.Run),
    new("weights", WeightsRun.Options, "weights of libtorch in our networks and the other way: scores of ragged batches", WeightsRun.Run),
    new("forecast", ForecastRun.Options, "back tests of forecasts beside the last value and the value of a season ago",
        ForecastRun.Run),
    new("lags", LagRun.Options, "the baseline of that page alone: LightGbm on the last values", LagRun.Run),
    new("peers", PeersRun.Options, "speed beside TorchSharp and ONNX Runtime", PeersRun.Run),
    new("ctc", CtcRun.Options, "the loss of transcription beside libtorch's: values, gradients, time", CtcRun.Run),
    new("memory", "[--only ours|theirs] [--write FOLDER]", "peak memory of a training process beside TorchSharp's",
        MemoryRun.Run),
    new("busy", "[--only ours|theirs] [--rounds N] [--seconds S] [--write FOLDER]",
        "training while another process keeps one core busy", BusyRun.Run),
    new("kernels", KernelsRun.Options, "matrix products beside the processor's peak, and gates, at every vector width",
        KernelsRun.Run),
    new("profile", ProfileRun.Options, "what a training step spends its time on, kind by kind (built with -c Profile)",
        ProfileRun.Run),
    new("pipeline", PipelineRun.Options,
        "a whole ML.NET pipeline: time outside the engine, speed of Transform and of a prediction engine", PipelineRun.Run),
    new("subwords", SubwordsRun.Options, "learning byte-pair merges, and encoding with them beside Microsoft.ML.Tokenizers",
        SubwordsRun.Run),
    new("scale", ScaleRun.Options, "time and memory of training against rows, steps, hidden size and threads", ScaleRun.Run),
    new("scaling", ScalingRun.Options, "steps of several processes, what they send, and a model of 2 to 64 hosts",
        ScalingRun.Run),
    new("readme", "--from FILE.json", "writes the table of README.md from a file that peers wrote", ReadmeRun.Run),

    new(MeasureRun.Name, "", null, MeasureRun.Run),
    new(MemoryRun.Child, "", null, MemoryRun.RunChild),
    new(ScaleChild.Name, "", null, ScaleChild.Run),
    new(ScalingRank.Name, "", null, ScalingRank.Run),
    new(BusyRun.Child, "", null, BusyRun.RunChild),
];

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
try
{
    if (args is [string name, .. string[] rest] && commands.FirstOrDefault(c => c.Name == name) is { } command)
        return command.Run(new Arguments(rest));
}
catch (ArgumentException error) // what was asked for makes no sense
{
    Console.Error.WriteLine(error.Message);
}
catch (NotSupportedException error) // it does, but cannot be done here
{
    Console.Error.WriteLine(error.Message);
    return 1;
}

Console.Error.WriteLine("Commands:");
foreach (Command command in commands.Where(c => c.Does is not null))
    Console.Error.WriteLine($"  {command.Name} {command.Options}\n      {command.Does}");
return 2;
