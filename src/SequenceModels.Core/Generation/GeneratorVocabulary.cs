using System.Globalization;
using SequenceModels.Text;

namespace SequenceModels.Generation;

/// <summary>
/// Between texts and the keys that a language model reads and writes: by the tokenizer of its pipeline, or without one by what
/// its tokens are called, and how they are joined.
/// </summary>
internal sealed class GeneratorVocabulary
{
    private readonly IReadOnlyList<string> _names;
    private readonly SequenceTokenizer? _tokenizer;
    private readonly Detokenization _rule;
    private readonly Lazy<Dictionary<string, List<uint>>> _byReading;

    /// <param name="names">The texts of keys 1, 2, ...; none where they have no names.</param>
    /// <param name="tokenizer">Null: there is none.</param>
    /// <param name="rule">
    /// How tokens are joined where there is no tokenizer. Null: with spaces, unless all of them are single characters.
    /// </param>
    /// <param name="size">V, the number of keys.</param>
    public GeneratorVocabulary(IReadOnlyList<string> names, SequenceTokenizer? tokenizer, Detokenization? rule, int size)
    {
        _names = names.Count > 0 ? names
            : [.. Enumerable.Range(1, size).Select(key => string.Create(CultureInfo.InvariantCulture, $"#{key}"))];
        _tokenizer = tokenizer;
        _rule = tokenizer?.Detokenization ?? rule
            ?? new Detokenization(_names.All(name => new StringInfo(name).LengthInTextElements == 1)
                ? DetokenizationKind.Characters : DetokenizationKind.Words, 0);
        _byReading = new(Readings);
    }

    /// <summary>Begins every text, and is never written; 0: there is none.</summary>
    public uint StartKey => _tokenizer?.Vocabulary.StartKey ?? 0;

    /// <summary>Ends a text; 0: there is none.</summary>
    public uint EndKey => _tokenizer?.Vocabulary.EndKey ?? 0;

    /// <summary>The keys of a text, without the end token: the text is to be continued.</summary>
    /// <exception cref="InvalidOperationException">There is no tokenizer.</exception>
    public uint[] Encode(string text) => _tokenizer is not null
        ? [.. _tokenizer.EncodePrompt(text)]
        : throw new InvalidOperationException(
            "The model has no tokenizer that could cut a text. Give CreateGenerator the whole chain of " +
                "transformers, TokenizeIntoSequence included, or give token keys in place of the text.");

    /// <summary>Makes texts of keys, one at a time.</summary>
    public Detokenizer CreateDetokenizer() => new(_rule, _names);

    /// <summary>Where a text stands after a prompt.</summary>
    public DetokenizerState StateAfter(ReadOnlySpan<uint> prompt)
    {
        Detokenizer detokenizer = CreateDetokenizer();
        foreach (uint key in prompt)
            detokenizer.Append(key);
        return detokenizer.State;
    }

    public string NameOf(uint key) => key == 0 || key > _names.Count ? Detokenizer.Unknown : _names[(int)key - 1];

    /// <summary>What ends a text: the end token, and tokens that read so, with or without a space before them.</summary>
    /// <param name="texts">The tokens as a reader sees them.</param>
    /// <exception cref="ArgumentException">No token reads so.</exception>
    public StopTokens Stops(IReadOnlyList<string> texts)
    {
        var keys = new HashSet<uint>();
        if (EndKey > 0)
            keys.Add(EndKey);
        foreach (string text in texts)
        {
            if (_byReading.Value.TryGetValue(text ?? "", out List<uint>? found))
                keys.UnionWith(found);
            else if (!IsOneCharacterOfBytes(text ?? ""))
                throw new ArgumentException(
                    $"{nameof(GenerationOptions)}.{nameof(GenerationOptions.StopTokens)} has '{text}', which is no token of " +
                    "the model's vocabulary: it would " +
                    "never be met. Give single tokens, each as a text that was generated shows it.", nameof(texts));
        }
        return new StopTokens(keys, texts.ToHashSet(StringComparer.Ordinal));
    }

    /// <summary>As <see cref="Stops"/>, where only single tokens can end a text.</summary>
    /// <exception cref="ArgumentException">No token reads so, or it takes several.</exception>
    public StopTokens StopsOfOneToken(IReadOnlyList<string> texts)
    {
        StopTokens stops = Stops(texts);
        return texts.FirstOrDefault(text => !_byReading.Value.ContainsKey(text)) is not { } several ? stops
            : throw new ArgumentException(
                $"{nameof(GenerationOptions)}.{nameof(GenerationOptions.StopTokens)} has '{several}', " +
                "which takes several tokens of the model's vocabulary; where BeamSize is more than 1 a single one must end " +
                "the text.",
                nameof(texts));
    }

    /// <summary>
    /// Keys by the text that a reader sees, with and without a space before it. Special tokens are found by their names.
    /// </summary>
    private Dictionary<string, List<uint>> Readings()
    {
        var readings = new Dictionary<string, List<uint>>(StringComparer.Ordinal);
        for (uint key = 1; key <= _names.Count; key++)
        {
            string text = key <= _rule.SpecialTokens ? NameOf(key) : Detokenizer.ReadingOf(_rule, _names, key);
            Add(text, key);
            if (text.Length > 1 && text[0] == ' ')
                Add(text[1..], key);
        }
        return readings;

        void Add(string text, uint key)
        {
            if (text.Length == 0)
                return;
            if (!readings.TryGetValue(text, out List<uint>? keys))
                readings[text] = keys = [];
            keys.Add(key);
        }
    }

    /// <summary>Whether several tokens, each some bytes, make this character.</summary>
    private bool IsOneCharacterOfBytes(string text) =>
        text.Length > 0 && text[0] >= 0x80 && text.EnumerateRunes().Take(2).Count() == 1 &&
        Detokenizer.HasBytes(_rule, _names);
}
