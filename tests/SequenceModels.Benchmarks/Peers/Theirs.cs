namespace SequenceModels.Benchmarks.Peers;

/// <summary>The other libraries on a workload, each in every form that could be its best.</summary>
internal static class Theirs
{
    public static IReadOnlyList<IPeer> Training(Workload workload, int threads) => workload.Translation is not null
        ? [new TorchTranslationTraining(workload, threads)]
        : [.. TorchForms(workload).Select(form => new TorchTraining(form.Workload, form.Name, threads))];

    public static IReadOnlyList<IPeer> Scoring(Workload workload, int threads) => workload.Translation is not null
    ? [new TorchTranslating(workload, 64, threads), new TorchTranslating(workload, 250, threads)]
    :
    [
        .. TorchForms(workload).Select(form => new TorchScoring(form.Workload, form.Name, threads)),
        new OnnxScoring(workload, threads),
    ];

    /// <summary>
    /// libtorch can read the tokens of a small vocabulary as one-hot vectors or through an embedding of that size.
    /// </summary>
    private static IEnumerable<(Workload Workload, string Name)> TorchForms(Workload workload) =>
        workload.Input == StepInput.OneHot
        ?
        [
            (workload, "TorchSharp, one-hot"),
            (workload with { Input = StepInput.Embedding, EmbeddingSize = workload.InputSize }, "TorchSharp, embedding"),
        ]
        : [(workload, "TorchSharp")];
}
