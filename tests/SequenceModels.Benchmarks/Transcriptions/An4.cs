using System.Globalization;
using System.IO.Compression;
using Microsoft.ML;

namespace SequenceModels.Benchmarks.Transcriptions;

/// <summary>
/// AN4 of Carnegie Mellon: spelled names, addresses and numbers, 16 kHz, as log-mels of 40 filters, 100 frames a second.
/// </summary>
internal static class An4
{
    private const int Filters = 40;

    public static TranscriptionSet Load(string folder) => new("an4-speech", Rows(folder, "train"), Rows(folder, "dev"),
        Rows(folder, "test"), ml => ml.Transforms.ReshapeSequence("Frames", Filters, nameof(TranscriptionRow.LogMels))
            .Append(ml.Transforms.StackFrames("Features", 3, "Frames")),
        "ESPnet, CTC alone: 12.6 / -; libtorch, two bidirectional LSTM of 160 too: 7.4 / 14.7");

    private static TranscriptionRow[] Rows(string folder, string part)
    {
        string path = Path.Combine(folder, "an4-speech", $"an4-{part}");
        using var bytes = new GZipStream(File.OpenRead($"{path}.logmel.gz"), CompressionMode.Decompress);
        return [.. File.ReadLines($"{path}.tsv").Skip(1).Select(line => line.Split('\t')).Select(columns =>
        {
            byte[] row = new byte[int.Parse(columns[1], CultureInfo.InvariantCulture) * Filters];
            bytes.ReadExactly(row);
            return new TranscriptionRow { LogMels = Normalized(row), Said = columns[2] };
        })];
    }

    /// <summary>Sevenths of logarithms, as LogMelFrames makes them alike in all recordings.</summary>
    private static float[] Normalized(byte[] row)
    {
        float[] frames = Array.ConvertAll(row, number => number / 7f);
        for (int f = 0; f < Filters; f++)
        {
            double sum = 0, squares = 0;
            int count = frames.Length / Filters;
            for (int i = f; i < frames.Length; i += Filters)
                sum += frames[i];
            double mean = sum / count;
            for (int i = f; i < frames.Length; i += Filters)
                squares += (frames[i] - mean) * (frames[i] - mean);
            double deviation = Math.Sqrt(squares / count) + 1e-3;
            for (int i = f; i < frames.Length; i += Filters)
                frames[i] = (float)((frames[i] - mean) / deviation);
        }
        return frames;
    }
}
