using SequenceModels.Files;

namespace SequenceModels.Text;

/// <summary>
/// What a network reads of a text: a sequence of tokens, and beside it the n-grams of the whole text. Learned from texts; safe to
/// share between threads.
/// </summary>
/// <param name="Tokenizer">From texts to tokens.</param>
/// <param name="NGrams">The n-grams that are known; none where the network reads tokens alone.</param>
internal sealed record TextFeatures(SequenceTokenizer Tokenizer, NGramVocabulary NGrams)
{
    /// <summary>V: how many tokens are known.</summary>
    public int VocabularySize => Tokenizer.Vocabulary.Tokens.Count;

    public void Write(PayloadWriter writer)
    {
        Tokenizer.Write(writer);
        NGrams.Write(writer);
    }

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    public static TextFeatures Read(PayloadReader reader) => new(SequenceTokenizer.Read(reader), NGramVocabulary.Read(reader));
}
