using System.Diagnostics;
using System.Text;
using Microsoft.ML.Tokenizers;
using SequenceModels.Benchmarks.Reports;
using SequenceModels.Sequences;
using SequenceModels.Text;

namespace SequenceModels.Benchmarks.Pipeline;

/// <summary>Measures how fast merges of byte pairs are learned, and texts encoded with them, on one thread.</summary>
internal static class SubwordsRun
{
    public const string Options = "[--text FILE] [--megabytes N] [--size V] [--write FOLDER]";

    public static int Run(Arguments arguments)
    {
        string? file = arguments.Text("--text");
        int megabytes = arguments.Integer("--megabytes", 10), size = arguments.Integer("--size", 8000);
        string? folder = arguments.Text("--write");
        arguments.End();
        var lines = new List<string>();
        void Tell(string line)
        {
            Console.WriteLine(line);
            lines.Add(line);
        }

        string[] texts = file is not null ? File.ReadAllLines(file) : Reviews(megabytes);
        double read = texts.Sum(text => (double)Encoding.UTF8.GetByteCount(text)) / 1e6;

        var learning = new TokenizerLearner(SequenceTokenization.Subwords(size));
        double count = Seconds(() => Array.ForEach(texts, text => learning.Add(text)));
        SequenceTokenizer tokenizer = null!;
        double merge = Seconds(() => tokenizer = learning.Finish()!);
        Tell($"{read:F1} MB, {learning.Seen:N0} different words: counted in {count:F1} s, " +
            $"{tokenizer.Vocabulary.Tokens.Count:N0} tokens learned in {merge:F1} s");

        var keys = new List<uint>();
        TextEncoder encoder = tokenizer.CreateEncoder();
        long tokens = 0;
        double encode = Seconds(() => Array.ForEach(texts, text =>
        {
            tokenizer.Encode(text, encoder, keys);
            tokens += keys.Count;
        }));
        Tell($"encoded into {tokens:N0} tokens: {read / encode:F1} MB/s");

        BytePairMerges merges = BytePairLearner.Learn(Words(texts), size, 2);
        var library = BpeTokenizer.Create(new BpeOptions(merges.Tokens.Select((token, id) => KeyValuePair.Create(token, id)))
        {
            Merges = merges.Pairs.Select(pair => $"{merges.Tokens[pair.Left]} {merges.Tokens[pair.Right]}"),
            ByteLevel = true,
            PreTokenizer = RobertaPreTokenizer.Instance,
        });
        double theirs = Seconds(() => Array.ForEach(texts, text => library.EncodeToIds(text)));
        Tell($"encoded by Microsoft.ML.Tokenizers: {read / theirs:F1} MB/s");
        if (folder is not null)
            MachinePage.WriteSection(folder, "subwords", $"""
                ## Subwords

                Byte-pair merges learned from {(file is null ? "made-up reviews" : "the lines of a file")}, on one thread, and the same texts cut by them.

                - {string.Join("\n- ", lines)}
                """);
        return 0;
    }

    private static IEnumerable<KeyValuePair<string, long>> Words(string[] texts)
    {
        var counts = new TokenCounts();
        foreach (string text in texts)
        {
            var words = new BytePairWords(text, marksInWords: true);
            while (words.MoveNext())
                counts.Add(words.Current);
        }
        return counts.All;
    }

    private static string[] Reviews(int megabytes)
    {
        var source = new MadeUpTexts(seed: 1);
        var texts = new List<string>();
        for (long length = 0; length < megabytes * 1_000_000L; length += texts[^1].Length)
            texts.Add(source.Reviews(1)[0].Text);
        return [.. texts];
    }

    private static double Seconds(Action action)
    {
        long start = Stopwatch.GetTimestamp();
        action();
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }
}
