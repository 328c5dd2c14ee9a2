using SequenceModels.Text;

namespace SequenceModels.Benchmarks.Translations;

/// <summary>
/// Words and their pronunciations (SIGMORPHON 2020, task 1): code points of the decomposed word, so that a Hangul syllable is its
/// letters, and phonemes.
/// </summary>
internal static class Pronunciations
{
    /// <summary>
    /// Share of test words that the best single LSTM of the shared task's baselines had wrong, tuned a language.
    /// </summary>
    private static readonly Dictionary<string, double> s_published = new()
    {
        ["ady"] = 28.00, ["arm"] = 14.67, ["bul"] = 31.11, ["dut"] = 16.44, ["geo"] = 26.44, ["gre"] = 18.89, ["jpn"] = 7.56,
        ["kor"] = 46.89, ["lit"] = 19.11, ["rum"] = 10.67,
    };

    /// <summary>The languages, by the files' names.</summary>
    public static IReadOnlyList<string> Languages { get; } = [.. s_published.Keys];

    public static TranslationSet Load(string folder, string language)
    {
        IReadOnlyList<TranslationRow> Rows(string part) =>
            [.. TranslationFiles.Lines(Path.Combine(folder, "sigmorphon2020-g2p", $"{language}_{part}.tsv"))
                .Select(line => line.Split('\t')).Select(columns => new TranslationRow(
                    TranslationFiles.Letters(TextNormalizer.Normalize(columns[0], TextForm.Decomposed).ToString()), columns[1].Split(' ')))];

        return new($"g2p-{language}", Rows("train"), Rows("dev"), Rows("test"),
            new(TranslationFigure.SequenceErrorRate, s_published[language], "best single LSTM baseline" +
                (language == "kor" ? ", of whole syllables" : "")));
    }
}
