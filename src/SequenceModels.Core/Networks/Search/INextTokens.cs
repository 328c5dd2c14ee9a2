namespace SequenceModels.Networks;

/// <summary>
/// What may come next behind each of several hypotheses, which are sequences of tokens so far: all that a search has to know of
/// a network. Hypotheses stand side by side, those of one source together.
/// </summary>
internal interface INextTokens
{
    /// <summary>K: tokens that there are, the end among them.</summary>
    int NumberOfTokens { get; }

    /// <summary>Whether a token ends a sequence.</summary>
    bool Ends(int token);

    /// <summary>The token that stands for all unknown ones.</summary>
    int Unknown { get; }

    /// <summary>Steps of the source that a hypothesis is of; 0 where none is looked at.</summary>
    int SourceSteps(int source);

    /// <summary>Goes on: hypothesis i becomes that which was <paramref name="parents"/>[i], with a token behind it.</summary>
    /// <param name="sources">Of each, which source it is of.</param>
    /// <param name="parents">Of each, which it was; at the first call all are new, and this is not read.</param>
    /// <param name="tokens">Of each, what it goes on with; at the first call what all begin with.</param>
    /// <param name="first">Whether it is the first call.</param>
    void Continue(ReadOnlySpan<int> sources, ReadOnlySpan<int> parents, ReadOnlySpan<uint> tokens, bool first);

    /// <summary>[K] the probabilities of what comes next. Good until the next call of Continue.</summary>
    ReadOnlySpan<float> ProbabilitiesOf(int hypothesis);

    /// <summary>[S] how much of each step of the source was looked at to find them; empty where nothing was.</summary>
    ReadOnlySpan<float> AttentionOf(int hypothesis);
}
