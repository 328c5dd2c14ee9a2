using System.Text;
using SequenceModels.Interop;
using SequenceModels.Text;

namespace SequenceModels.Columns;

/// <summary>From texts to keys, as operators of ONNX Runtime: StringNormalizer, Tokenizer and LabelEncoder.</summary>
/// <param name="graph">The graph.</param>
internal sealed class OnnxTokens(PipelineGraph graph)
{
    /// <summary>Stands where a row has no more tokens, and occurs in no text: a code point that is no character.</summary>
    private const string None = "\uffff";

    /// <summary>The only locale of this kind that systems have without being given it. It lowers all of Unicode.</summary>
    private const string Locale = "C.UTF-8";

    /// <summary>The keys of texts that are cut.</summary>
    /// <param name="column">Of texts.</param>
    /// <param name="tokenizer">What cuts them.</param>
    /// <exception cref="NotSupportedException">ONNX cannot cut like this; the message says what.</exception>
    public OnnxSequences OfTexts(string column, SequenceTokenizer tokenizer)
    {
        SequenceTokenization tokenization = tokenizer.Tokenization;
        RequireSayable(tokenization);
        string texts = Lowered(graph.Reshape(graph.ValueOf(column), -1), tokenization);
        return WithSpecialTokens(Keys(Cut(texts, tokenization.Kind), KeysOf(tokenizer.Vocabulary)), tokenizer);
    }

    /// <summary>The keys of tokens that are cut already.</summary>
    /// <param name="column">Of vectors of texts.</param>
    /// <param name="tokenizer">What looks them up.</param>
    /// <exception cref="NotSupportedException">ONNX cannot prepare them like this; the message says what.</exception>
    public OnnxSequences OfTokens(string column, SequenceTokenizer tokenizer)
    {
        RequireSayable(tokenizer.Tokenization);
        string tokens = graph.ValueOf(column);
        string keys = Keys(Lowered(Flat(tokens), tokenizer.Tokenization), KeysOf(tokenizer.Vocabulary));
        return WithSpecialTokens(Rows(keys, tokens), tokenizer);
    }

    /// <summary>Words by the keys of their characters.</summary>
    /// <param name="column">Of vectors of texts.</param>
    /// <param name="characters">The characters that are known.</param>
    /// <returns>[B, T, C] keys, -1 behind a word's last character; and [B] how many words there are.</returns>
    public (string Keys, string Lengths) OfCharacters(string column, CharacterVocabulary characters)
    {
        string words = graph.ValueOf(column), flat = Flat(words);
        string keys = Keys(Cut(flat, TokenKind.Characters), characters.Characters.Select((text, i) => (text, i + 1L)));
        string isWord = Rows(Keys(flat, []), words);
        string rows = graph.Reshape(Rows(keys, words, graph.Size(graph.Shape(keys), 1)), 0, 0, 0);
        return (rows, OnnxSequences.Marked(graph, isWord).Lengths);
    }

    private static void RequireSayable(SequenceTokenization tokenization)
    {
        if (tokenization.Kind is not (TokenKind.Words or TokenKind.Whitespace or TokenKind.Characters))
            throw new NotSupportedException($"{nameof(SequenceTokenization)}.{NameOf(tokenization.Kind)} cannot be written as " +
                $"ONNX, which has operators for {nameof(SequenceTokenization.Words)}, " +
                $"{nameof(SequenceTokenization.Whitespace)} and {nameof(SequenceTokenization.Characters)} only. Take one of " +
                "these, or export the network (Network.ExportOnnx), which reads keys.");
        if (tokenization.NormalizeDigits)
            throw new NotSupportedException($"{nameof(SequenceTokenization)}.{nameof(SequenceTokenization.NormalizeDigits)} " +
                "cannot be written as ONNX, which has no operator that replaces digits. Set it to false, or export the network " +
                "(Network.ExportOnnx), which reads keys.");
    }

    private static string NameOf(TokenKind kind) =>
        kind == TokenKind.Tokenizer ? nameof(SequenceTokenization.From) : kind.ToString();

    /// <summary>All texts of a batch in one row, and one more: operators on texts want at least one.</summary>
    public string Flat(string texts) => graph.Concat(0, graph.Reshape(texts, -1), Text(None));

    /// <summary>
    /// What <see cref="Flat"/> has of texts [B, T], in rows again. There may be no step: -1 takes what is left.
    /// </summary>
    public string Rows(string flat, string texts, params string[] most) => graph.ReshapeTo(graph.Slice(flat, 0, 0, -1),
        graph.Concat(0, [graph.Size(graph.Shape(texts), 0), graph.Integers(-1), .. most]));

    /// <summary>[1] a text.</summary>
    public string Text(string text)
    {
        string name = graph.NewName("text");
        graph.Add("LabelEncoder", "ai.onnx.ml", [graph.Integers(0)], [name],
            [("keys_int64s", [0L]), ("values_strings", [text]), ("default_string", text)]);
        return name;
    }

    private string Lowered(string texts, SequenceTokenization tokenization) => tokenization.Lowercase ? Lowered(texts) : texts;

    /// <summary>Texts in lower case.</summary>
    public string Lowered(string texts) => graph.Node("StringNormalizer", [texts],
        ("case_change_action", "LOWER"), ("is_case_sensitive", 1), ("locale", Locale));

    private string Cut(string texts, TokenKind kind) => Cut(texts, TokenExpressions.Of(kind));

    /// <summary>[n, T] what of texts [n] an expression of RE2 finds.</summary>
    public string Cut(string texts, string expression)
    {
        string tokens = graph.NewName("tokens");
        graph.Add("Tokenizer", "com.microsoft", [texts], [tokens],
            [("mark", 0), ("mincharnum", 1), ("pad_value", None), ("tokenexp", expression)]);
        return tokens;
    }

    /// <summary>The keys of texts; 0 of one that is not known, -1 where there is none.</summary>
    public string Keys(string texts, IEnumerable<(string Text, long Key)> known)
    {
        var keys = new Dictionary<string, long>(StringComparer.Ordinal) { [None] = -1 };
        (string Text, long Key)[] all = [.. known];
        foreach ((string text, long key) in all)
            keys.TryAdd(text, key);
        foreach ((string text, long key) in all)
            foreach (string other in OtherForms(text))
                keys.TryAdd(other, key);
        string encoded = graph.NewName("keys");
        graph.Add("LabelEncoder", "ai.onnx.ml", [texts], [encoded],
            [("keys_strings", [.. keys.Keys]), ("values_int64s", [.. keys.Values]), ("default_int64", 0)]);
        return encoded;
    }

    /// <summary>The tokens that texts may have; a special one is none of them.</summary>
    private static IEnumerable<(string Text, long Key)> KeysOf(Vocabulary vocabulary) => vocabulary.Tokens
        .Select((text, i) => (text, i + 1L)).Where(token => token.Item2 > Math.Max(vocabulary.StartKey, vocabulary.EndKey));

    /// <summary>
    /// What stands for a token in a text that nobody has composed, or in which the operator, which does not look at neighbours,
    /// has lowered the sigma at its end.
    /// </summary>
    private static IEnumerable<string> OtherForms(string token)
    {
        var decomposed = new StringBuilder();
        foreach (RuneWithOffset rune in TextNormalizer.Decode(token, decomposes: true))
            decomposed.Append(new Rune(rune.Value));
        return [decomposed.ToString(), token.Replace('ς', 'σ'), decomposed.ToString().Replace('ς', 'σ')];
    }

    private OnnxSequences WithSpecialTokens(string keys, SequenceTokenizer tokenizer)
    {
        OnnxSequences cut = OnnxSequences.Marked(graph, keys);
        SequenceTokenization tokenization = tokenizer.Tokenization;
        string lengths = cut.Lengths;
        if (tokenization.MaximumLength > 0)
        {
            string room = graph.Integer(tokenization.MaximumLength - tokenization.NumberOfSpecialTokens);
            lengths = graph.Where(graph.Less(room, lengths), room, lengths);
            keys = graph.Where(new OnnxSequences(graph, keys, lengths).Mask, keys, graph.Integer(-1));
        }
        string one = graph.Concat(0, cut.Batch, graph.Integers(1));
        if (tokenization.EndToken)
        {
            keys = graph.Concat(1, keys, graph.Expand(graph.Integer(-1), one));
            string numbers = graph.Reshape(graph.Range(graph.Size(graph.Shape(keys), 1)), 1, -1);
            string isEnd = graph.Node("Equal", [numbers, graph.Reshape(lengths, -1, 1)]);
            keys = graph.Where(isEnd, graph.Integer(tokenizer.Vocabulary.EndKey), keys);
        }
        if (tokenization.StartToken)
            keys = graph.Concat(1, graph.Expand(graph.Integer(tokenizer.Vocabulary.StartKey), one), keys);
        return OnnxSequences.Marked(graph, keys);
    }
}
