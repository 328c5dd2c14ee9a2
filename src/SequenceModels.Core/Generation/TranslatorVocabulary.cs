using System.Collections;
using SequenceModels.Text;

namespace SequenceModels.Generation;

/// <summary>Between texts and the keys that a translator reads and writes.</summary>
internal sealed class TranslatorVocabulary
{
    private readonly SequenceTokenizer? _source;
    private readonly IReadOnlyList<string> _sourceTexts, _targetTexts;
    private readonly Detokenization _rule;

    /// <param name="source">Cuts texts into the source's keys; null: there is none.</param>
    /// <param name="targetTexts">The texts of the target's keys 1, 2, ...; none where they have no names.</param>
    /// <param name="targetSize">V of the target.</param>
    /// <param name="rule">How the target's tokens are joined; null: with spaces.</param>
    public TranslatorVocabulary(SequenceTokenizer? source, IReadOnlyList<string> targetTexts, int targetSize,
        Detokenization? rule)
    {
        _source = source;
        _sourceTexts = source?.Vocabulary.Tokens ?? [];
        _targetTexts = targetTexts.Count > 0 ? targetTexts : [.. Enumerable.Range(1, targetSize).Select(NameOf)];
        _rule = rule ?? new Detokenization(DetokenizationKind.Words, 0);
    }

    /// <summary>A text as the model reads it: keys, and what each of them was in the text.</summary>
    /// <exception cref="InvalidOperationException">There is no tokenizer.</exception>
    public (uint[] Keys, string[] Texts) Encode(string text)
    {
        if (_source is null)
            throw new InvalidOperationException("The model has no tokenizer that could cut a text. Give CreateTranslator the " +
                "whole chain of transformers, TokenizeIntoSequence included, or give token keys in place of the text.");
        var keys = new List<uint>();
        var offsets = new List<TokenOffset>();
        _source.Encode(text, _source.CreateEncoder(), keys, offsets);
        return ([.. keys], [.. keys.Select((key, i) =>
            key > 0 || offsets[i].Length == 0 ? SourceText(key) : text.Substring(offsets[i].Start, offsets[i].Length))]);
    }

    /// <summary>The texts of keys, where there is no text that they came from.</summary>
    public string[] SourceTexts(ReadOnlySpan<uint> keys)
    {
        var texts = new string[keys.Length];
        for (int i = 0; i < keys.Length; i++)
            texts[i] = SourceText(keys[i]);
        return texts;
    }

    /// <summary>What a translation is to a reader.</summary>
    /// <param name="found">The translation.</param>
    /// <param name="source">The texts of the source's tokens.</param>
    public TranslationAnswer AnswerOf(TranslatedSequence found, string[] source)
    {
        var tokens = new string[found.Tokens.Count];
        uint[] keys = new uint[tokens.Length];
        // What is copied from the source stands behind the target's own tokens.
        var texts = new JoinedTexts(_targetTexts, source);
        for (int t = 0; t < tokens.Length; t++)
        {
            uint key = found.Tokens[t];
            keys[t] = key > 0 || found.Attention.Count == 0 || source.Length == 0 ? key
                : (uint)(_targetTexts.Count + LargestOf(found.Attention[t]) + 1);
            tokens[t] = keys[t] == 0 ? Detokenizer.Unknown : texts[(int)keys[t] - 1];
        }
        return new TranslationAnswer(new Detokenizer(_rule, texts).TextOf(keys), tokens, found.Tokens, found.LogProbability,
            found.Score, found.IsComplete, source, found.Attention);
    }

    private static int LargestOf(IReadOnlyList<float> weights)
    {
        int largest = 0;
        for (int i = 1; i < weights.Count; i++)
            if (weights[i] > weights[largest])
                largest = i;
        return largest;
    }

    private string SourceText(uint key) => key > 0 && key <= _sourceTexts.Count ? _sourceTexts[(int)key - 1]
        : key == 0 ? Detokenizer.Unknown : NameOf((int)key);

    private static string NameOf(int key) => Invariant($"#{key}");

    /// <summary>One list behind another, without a copy of either.</summary>
    private sealed class JoinedTexts(IReadOnlyList<string> first, IReadOnlyList<string> second) : IReadOnlyList<string>
    {
        public int Count => first.Count + second.Count;

        public string this[int index] => index < first.Count ? first[index] : second[index - first.Count];

        public IEnumerator<string> GetEnumerator() => first.Concat(second).GetEnumerator();

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
    }
}
