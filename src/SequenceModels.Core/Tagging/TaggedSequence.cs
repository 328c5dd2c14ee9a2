namespace SequenceModels;

/// <summary>What a tagger says of a sequence of T steps.</summary>
/// <param name="Tags">
/// [T] names of the tags. Of a network trained by TagDecoding.Crf they are the likeliest sequence of all, else each step's
/// likeliest tag.
/// </param>
/// <param name="Spans">
/// The spans that the tags mark, in the order of the steps; without a scheme a span for each tag that is not O.
/// </param>
/// <param name="Scores">[T, K] the probabilities of the K tags at each step, step after step.</param>
public sealed record TaggedSequence(IReadOnlyList<string> Tags, IReadOnlyList<TaggedSpan> Spans, IReadOnlyList<float> Scores)
{
    /// <summary>The tags, with a space between them.</summary>
    public override string ToString() => string.Join(' ', Tags);
}
