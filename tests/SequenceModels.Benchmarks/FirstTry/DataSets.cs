namespace SequenceModels.Benchmarks.FirstTry;

/// <summary>The sets in the folder of data: where each lies, and how it is split.</summary>
internal static class DataSets
{
    private const int FoldCount = 5;

    public static IReadOnlyList<DataSet> In(string folder)
    {
        string At(string set, string file) => Path.Combine(folder, set, file);
        DataSet Sentences(string name, string file) => new(name, RowKind.Texts, $"sentences of reviews, {FoldCount} folds",
            () => TextSets.Folds(FoldCount, TextSets.Read(At("sentiment-labelled-sentences", file), label: 0, text: 1)));
        return
        [
            new("snips", RowKind.Texts, "spoken requests, their intent; published split", () => TextSets.Split(
                TextSets.Read(At("snips", "snips-train.tsv.gz"), label: 0, text: 1),
                TextSets.Read(At("snips", "snips-test.tsv"), label: 0, text: 1))),
            new("nsmc", RowKind.Texts, "Korean reviews of films, good or bad; published split", () => TextSets.Split(
                TextSets.Read(At("nsmc-korean-sentiment", "nsmc-train-20k.tsv"), label: 2, text: 1),
                TextSets.Read(At("nsmc-korean-sentiment", "nsmc-test-5k.tsv"), label: 2, text: 1))),
            Sentences("amazon", "amazon_cells.tsv"),
            Sentences("imdb", "imdb.tsv"),
            Sentences("yelp", "yelp.tsv"),
            new("wikipedia-detox", RowKind.Texts, $"comments, rude or not; both files, {FoldCount} folds", () =>
                TextSets.Folds(FoldCount,
                [
                    .. TextSets.Read(At("wikipedia-detox", "wikipedia-detox-250-line-data.tsv"), label: 0, text: 1),
                    .. TextSets.Read(At("wikipedia-detox", "wikipedia-detox-250-line-test.tsv"), label: 0, text: 1),
                ])),
            new("names", RowKind.Texts, "surnames, their language; the file's split", () =>
                TextSets.OwnSplit(At("names-by-language", "names.tsv"), label: 1, text: 2)),
            new("korean-chatbot", RowKind.Texts, "Korean questions, their subject; the file's training and test rows", () =>
                TextSets.OwnSplit(At("korean-chatbot", "chatbot.tsv"), label: 3, text: 1)),
            new("dna-promoters", RowKind.Texts, "57 bases, promoter or not; the file's 10 folds", () =>
                TextSets.OwnFolds(At("dna-promoters", "promoters.tsv"), label: 1, text: 3)),

            new("japanese-vowels", RowKind.Frames, "12 values a step, the speaker; published split", () => FramesSets.Split(
                FramesSets.ReadSteps(At("japanese-vowels", "japanese-vowels-train.tsv")),
                FramesSets.ReadSteps(At("japanese-vowels", "japanese-vowels-test.tsv")), 12)),
            new("basic-motions", RowKind.Frames, "6 values a step, the activity; published split", () => FramesSets.Split(
                FramesSets.ReadSteps(At("basic-motions", "basic-motions-train.tsv")),
                FramesSets.ReadSteps(At("basic-motions", "basic-motions-test.tsv")), 6)),
            new("gunpoint", RowKind.Frames, "150 numbers, gun or finger; published split", () => FramesSets.Split(
                FramesSets.ReadNumbers(At("gunpoint", "gunpoint-train.tsv")),
                FramesSets.ReadNumbers(At("gunpoint", "gunpoint-test.tsv")), 1)),
            new("optdigits", RowKind.Frames, "digits, a row of 8 pixels a step; published split", () => FramesSets.Split(
                FramesSets.ReadPixels(At("optdigits-8x8", "optdigits-train.csv")),
                FramesSets.ReadPixels(At("optdigits-8x8", "optdigits-test.csv")), 8)),
            new("indoor-movement", RowKind.Frames, $"4 signal strengths a step, another room or not; {FoldCount} folds", () =>
                FramesSets.Folds(FoldCount, FramesSets.ReadSteps(At("indoor-movement", "steps.tsv")), 4)),
        ];
    }
}
