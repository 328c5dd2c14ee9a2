namespace SequenceModels;

/// <summary>How well a language model predicts the steps of some rows, all of them together.</summary>
public sealed record LanguageModelMetrics
{
    internal LanguageModelMetrics(double nllPerStep, long numberOfTokens, long numberOfUnknownTokens) =>
        (NllPerStep, NumberOfTokens, NumberOfUnknownTokens) = (nllPerStep, numberOfTokens, numberOfUnknownTokens);

    /// <summary>
    /// The mean of -log p over all predicted steps, in nats; of frames, p is that of the whole frame, and its logarithm the sum
    /// over its numbers.
    /// </summary>
    public double NllPerStep { get; }

    /// <summary>Steps, tokens or frames, that were predicted: all but the first of each row.</summary>
    public long NumberOfTokens { get; }

    /// <summary>
    /// Predicted tokens that are not in the vocabulary, and 0 of frames. The model has one probability for all of them together:
    /// where they are many, its perplexity is low although it knows little, and cannot be compared with that of another
    /// vocabulary.
    /// </summary>
    public long NumberOfUnknownTokens { get; }

    /// <summary>e^<see cref="NllPerStep"/>: among so many equally likely tokens the model was in doubt, on average.</summary>
    public double Perplexity => Math.Exp(NllPerStep);

    /// <summary>
    /// <see cref="NllPerStep"/> / ln 2: bits that a token takes in a code made from the model. Of characters, bits per
    /// character.
    /// </summary>
    public double BitsPerToken => NllPerStep / Math.Log(2);

    /// <summary>The values, in the invariant culture.</summary>
    public override string ToString() => InvariantText.OfRecord(nameof(LanguageModelMetrics), PrintMembers);
}
