namespace SequenceModels.Benchmarks.Scale;

/// <summary>Trainings that differ in one size.</summary>
/// <param name="Title">What grows, and what stays.</param>
/// <param name="Heading">What grows, in a word.</param>
/// <param name="Points">The trainings, each with the size that grows.</param>
internal sealed record ScaleSeries(string Title, string Heading, IReadOnlyList<(int Size, ScalePoint Point)> Points)
{
    /// <summary>Tokens of a training whose number of rows is free: about a second of work.</summary>
    private const int FixedTokens = 204_800;

    private const long MappedMemory = 1_000_000;

    private static readonly int[] s_vocabularies = [10_000, 50_000, 200_000];

    public static IReadOnlyList<ScaleSeries> All { get; } =
    [
        Of("More sequences of 20 steps, hidden size 64", "sequences", [10_000, 30_000, 100_000], rows => new(rows, 20, 64)),
        Of($"More sequences of 50 steps, hidden size 4, with {MappedMemory / 1e6:F0} MB for the rows (MaximumMemoryBytes), " +
            "the rest in a file",
            "rows beyond memory", [30_000, 100_000, 300_000], rows => new(rows, 50, 4, Memory: MappedMemory)),
        Of($"Longer sequences, {FixedTokens:N0} tokens in all, hidden size 128", "steps", [25, 100, 400, 1600],
            steps => new(FixedTokens / steps, steps, 128)),
        Of("More hidden units, 2,048 sequences of 50 steps", "hidden size", [64, 128, 256, 512, 1024], hidden => new(2048, 50, hidden)),
        Of("More different words, 4,096 sequences of 50 steps, hidden size 128", "vocabulary", s_vocabularies,
            words => new(4096, 50, 128, Vocabulary: words)),
        Of("Language models of more words: an output for each at every step, 320 sequences of 20 steps, hidden and embedding size 200",
            "words and outputs", s_vocabularies, words => new(320, 20, 200, Vocabulary: words, IsLanguageModel: true)),
        Of("More threads, 4,096 sequences of 50 steps, hidden size 128", "threads", ThreadCounts, threads =>
            new(4096, 50, 128, threads)),
    ];

    /// <summary>1, 2, 4 and so on, and the number of processors.</summary>
    private static IReadOnlyList<int> ThreadCounts
    {
        get
        {
            int cores = Environment.ProcessorCount;
            return [.. Enumerable.Range(0, 10).Select(power => 1 << power).Where(threads => threads < cores), cores];
        }
    }

    private static ScaleSeries Of(string title, string heading, IReadOnlyList<int> sizes, Func<int, ScalePoint> point) =>
        new(title, heading, [.. sizes.Select(size => (size, point(size)))]);
}
