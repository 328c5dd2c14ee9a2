using System.Globalization;
using SequenceModels.Sequences;

namespace SequenceModels.Generation;

/// <summary>
/// Between texts and the keys that a language model reads and writes: by the tokenizer of its pipeline, or without one by what its tokens
/// are called.
/// </summary>
internal sealed class GeneratorVocabulary
{
    private readonly IReadOnlyList<string> _names;
    private readonly SequenceTokenizer? _tokenizer;
    private readonly string _between;

    /// <param name="names">The texts of keys 1, 2, ...; none where they have no names.</param>
    /// <param name="tokenizer">Null: there is none.</param>
    public GeneratorVocabulary(IReadOnlyList<string> names, SequenceTokenizer? tokenizer)
    {
        _names = names;
        _tokenizer = tokenizer;
        _between = names.All(name => new StringInfo(name).LengthInTextElements == 1) ? "" : " ";
    }

    /// <summary>Begins every text, and is never written; 0: there is none.</summary>
    public uint StartKey => _tokenizer?.Vocabulary.StartKey ?? 0;

    /// <summary>Ends a text; 0: there is none.</summary>
    public uint EndKey => _tokenizer?.Vocabulary.EndKey ?? 0;

    /// <summary>The keys of a text, without the end token: it is to go on.</summary>
    /// <exception cref="InvalidOperationException">There is no tokenizer.</exception>
    public uint[] Encode(string text) => _tokenizer is not null
        ? [.. _tokenizer.EncodePrompt(text)]
        : throw new InvalidOperationException("The model has no tokenizer that could cut a text. Give CreateGenerator the whole chain of " +
                "transformers, TokenizeIntoSequence included, or give token keys in place of the text.");

    /// <summary>The text of keys; a part of a character at either end is U+FFFD.</summary>
    public string Decode(IReadOnlyList<uint> keys) => _tokenizer is not null
        ? _tokenizer.CreateDetokenizer().TextOf([.. keys])
        : string.Join(_between, keys.Select(NameOf));

    public string NameOf(uint key) =>
        key == 0 || (_names.Count > 0 && key > _names.Count) ? "\ufffd" : _names.Count > 0 ? _names[(int)key - 1] : string.Create(CultureInfo.InvariantCulture, $"#{key}");

    /// <summary>The keys that end a text.</summary>
    /// <exception cref="ArgumentException">A token is not in the vocabulary.</exception>
    public HashSet<uint> KeysOf(IReadOnlyList<string> stopTokens)
    {
        var keys = new HashSet<uint>();
        if (EndKey > 0)
            keys.Add(EndKey);
        foreach (string token in stopTokens)
        {
            int place = Enumerable.Range(0, _names.Count).FirstOrDefault(i => _names[i] == token, -1);
            keys.Add(place >= 0 ? (uint)place + 1 : throw new ArgumentException(
                $"{nameof(GenerationOptions)}.{nameof(GenerationOptions.StopTokens)} has '{token}', which is no token of the model's vocabulary: it would " +
                "never be met. Give tokens as the vocabulary has them.", nameof(stopTokens)));
        }
        return keys;
    }
}
