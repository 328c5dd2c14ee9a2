using SequenceModels.Generation;
using SequenceModels.Networks;

namespace SequenceModels;

/// <summary>
/// Translates texts with a trained model: text in, answers out. Had from
/// <c>mlContext.Sequences().Translation.CreateTranslator</c>. Safe to share between threads.
/// </summary>
public sealed class Translator
{
    private readonly SequenceTranslator _network;
    private readonly TranslatorVocabulary _vocabulary;

    /// <param name="network">Translates keys.</param>
    /// <param name="vocabulary">Its tokens.</param>
    internal Translator(SequenceTranslator network, TranslatorVocabulary vocabulary) =>
        (_network, _vocabulary) = (network, vocabulary);

    /// <summary>Translates a text.</summary>
    /// <param name="text">Cut into tokens as the training texts were. May be empty: what comes of that is the model's.</param>
    /// <param name="options">How to look for translations. Null: as the model was trained to.</param>
    /// <returns>The translations that were found, best first: as many as were asked for, or fewer.</returns>
    /// <exception cref="InvalidOperationException">The model has no tokenizer, or reads frames.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range; the message names it.</exception>
    /// <exception cref="OperationCanceledException">The options' token asked to stop.</exception>
    public IReadOnlyList<TranslationAnswer> Translate(string text, TranslatingOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(text);
        (uint[] keys, string[] source) = _vocabulary.Encode(text);
        return Answers(keys, source, options);
    }

    /// <summary>Translates a sequence of keys.</summary>
    /// <param name="source">Keys of the source's vocabulary from 1; 0 is unknown. May be empty.</param>
    /// <param name="options">How to look for translations. Null: as the model was trained to.</param>
    /// <inheritdoc cref="Translate(string, TranslatingOptions?)" path="/returns|/exception"/>
    public IReadOnlyList<TranslationAnswer> Translate(IReadOnlyList<uint> source, TranslatingOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(source);
        uint[] keys = [.. source];
        return Answers(keys, _vocabulary.SourceTexts(keys), options);
    }

    /// <summary>
    /// Translates a text and gives each token as soon as it is decided: with a beam of 1 one after the other, with a wider one
    /// once all hypotheses agree on it. What was given together is the best translation of <see cref="Translate(string,
    /// TranslatingOptions?)"/>.
    /// </summary>
    /// <param name="text">As in <see cref="Translate(string, TranslatingOptions?)"/>.</param>
    /// <param name="options">How to look for the translation. Null: as the model was trained to.</param>
    /// <returns>What each decided token adds to the text, worked out as it is asked for.</returns>
    /// <inheritdoc cref="Translate(string, TranslatingOptions?)" path="/exception"/>
    public IEnumerable<string> Stream(string text, TranslatingOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(text);
        options ??= new TranslatingOptions();
        _network.Search.With(options, _network.Network.Spec); // refused before the first token is asked for
        NetworkInput.RequireTokens(_network.Network.Spec.Inputs);
        (uint[] keys, string[] source) = _vocabulary.Encode(text);
        return Stream(keys, source, options);
    }

    private IEnumerable<string> Stream(uint[] keys, string[] source, TranslatingOptions options)
    {
        TranslatorPass pass = _network.Rent();
        BeamSearch search = pass.Begin(keys, options);
        int given = 0;
        string before = "";
        for (bool goesOn = true; goesOn;)
        {
            goesOn = search.Advance();
            FoundSequence found = goesOn ? search[0].Settled() : search[0].Best(1)[0];
            for (; given < found.Tokens.Length; given++)
            {
                string whole = _vocabulary.AnswerOf(new TranslatedSequence(found.Tokens[..(given + 1)], 0, 0, false,
                    found.Attention), source).Text;
                // An incomplete character of several tokens is given with the last of them.
                if (whole.Length <= before.Length || (goesOn && whole.EndsWith('\ufffd')))
                    continue;
                yield return whole[before.Length..];
                before = whole;
            }
        }
        _network.Return(pass);
    }

    private TranslationAnswer[] Answers(uint[] keys, string[] source, TranslatingOptions? options) =>
        [.. _network.Translate(keys, options).Select(found => _vocabulary.AnswerOf(found, source))];
}
