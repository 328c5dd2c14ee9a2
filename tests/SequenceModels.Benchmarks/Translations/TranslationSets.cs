namespace SequenceModels.Benchmarks.Translations;

/// <summary>The translation sets by name.</summary>
internal static class TranslationSets
{
    private static readonly PublishedFigure s_scanSimple =
        new(TranslationFigure.ExactMatch, 99.7, "two LSTM of 200 without attention, Lake and Baroni 2018"),
        s_scanLength = new(TranslationFigure.ExactMatch, 20.8, "GRU with attention, Lake and Baroni 2018"),
        s_inflection = new(TranslationFigure.ExactMatch, 95.8, "an ensemble of GRU with attention, SIGMORPHON 2016"),
        s_multi30k = new(TranslationFigure.Bleu, 39.0, "GRU of 256, subwords of 10,000, LIUM at WMT 2017");

    /// <summary>How a set is read from the folder of all data sets, by its name.</summary>
    public static IReadOnlyDictionary<string, Func<string, TranslationSet>> All { get; } = Pronunciations.Languages
        .Select(language => KeyValuePair.Create($"g2p-{language}",
            (Func<string, TranslationSet>)(folder => Pronunciations.Load(folder, language))))
        .Append(new("scan-simple", folder => Scan(folder, "simple", s_scanSimple)))
        .Append(new("scan-length", folder => Scan(folder, "length", s_scanLength)))
        .Append(new("inflection-german", Inflection))
        .Append(new("multi30k-en-de", Multi30k))
        .ToDictionary(pair => pair.Key, pair => pair.Value);

    /// <summary>Commands and actions, word by word: "IN: jump twice OUT: I_JUMP I_JUMP".</summary>
    private static TranslationSet Scan(string folder, string split, PublishedFigure published)
    {
        IReadOnlyList<TranslationRow> Rows(string part) =>
            [.. TranslationFiles.Lines(Path.Combine(folder, "scan", $"tasks_{part}_{split}.txt.gz")).Select(line =>
                line.Split(" OUT: ") is [['I', 'N', ':', ' ', .. string command], string actions]
                    ? new TranslationRow(command.Split(' '), actions.Split(' '))
                    : throw new InvalidDataException($"'{line}' is no command with its actions."))];

        return TranslationSet.WithoutDev($"scan-{split}", Rows("train"), Rows("test"), published);
    }

    /// <summary>
    /// Features of the wanted form, such as "case=ACC", then the letters of the lemma; and the letters of the form.
    /// </summary>
    private static TranslationSet Inflection(string folder)
    {
        IReadOnlyList<TranslationRow> Rows(string part) =>
            [.. TranslationFiles.Lines(Path.Combine(folder, "sigmorphon2016-inflection", $"german-task1-{part}.gz"))
                .Select(line => line.Split('\t'))
                .Select(columns => new TranslationRow([.. columns[1].Split(','), .. TranslationFiles.Letters(columns[0])],
                    TranslationFiles.Letters(columns[2])))];

        return new("inflection-german", Rows("train"), Rows("dev"), Rows("test"), s_inflection);
    }

    /// <summary>Captions, lower-cased and tokenized as published, word by word.</summary>
    private static TranslationSet Multi30k(string folder)
    {
        IEnumerable<string[]> Words(string part, string language) =>
            TranslationFiles.Lines(Path.Combine(folder, "multi30k-en-de", $"{part}.lc.norm.tok.{language}.gz"))
                .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries));
        IReadOnlyList<TranslationRow> Rows(string part) =>
            [.. Words(part, "en").Zip(Words(part, "de"), (english, german) => new TranslationRow(english, german))];

        return new("multi30k-en-de", Rows("train"), Rows("val"), Rows("test_2016_flickr"), s_multi30k);
    }
}
