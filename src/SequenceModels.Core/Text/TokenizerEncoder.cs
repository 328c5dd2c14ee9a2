using Microsoft.ML.Tokenizers;

namespace SequenceModels.Text;

/// <summary>Encodes with a tokenizer of ML.NET's or the user's.</summary>
/// <param name="model">The tokenizer, and what its ids are.</param>
/// <param name="preparation">Brings texts into the form that it is given.</param>
/// <param name="vocabulary">The keys' tokens.</param>
internal sealed class TokenizerEncoder(TokenizerModel model, TextPreparation preparation, Vocabulary vocabulary) : TextEncoder
{
    private readonly Tokenizer _tokenizer = model.Tokenizer!;
    private readonly uint _specialTokens = (uint)(vocabulary.Tokens.Count - model.Tokens.Count);

    public override void Encode(ReadOnlySpan<char> text, int most, List<uint> keys, List<TokenOffset>? offsets)
    {
        ReadOnlySpan<char> prepared = preparation.Prepare(text);
        if (prepared.IsEmpty)
            return;
        if (offsets is null)
        {
            foreach (int id in _tokenizer.EncodeToIds(prepared).Take(most))
                keys.Add(KeyOf(id));
            return;
        }
        foreach (EncodedToken token in _tokenizer.EncodeToTokens(prepared, out _).Take(most))
        {
            (int start, int length) = token.Offset.GetOffsetAndLength(prepared.Length);
            keys.Add(KeyOf(token.Id));
            offsets.Add(preparation.SourceOf(start, length));
        }
    }

    // A piece is spelled as the vocabulary has it; a word as the text has it.
    public override uint Find(ReadOnlySpan<char> token) =>
        vocabulary.Find(token) is > 0 and var key ? key : vocabulary.Find(preparation.PrepareToken(token));

    private uint KeyOf(int id) => model.Keys.TryGetValue(id, out uint key) && key > 0 ? key + _specialTokens : 0;
}
