using SequenceModels.Interop;
using SequenceModels.Onnx;
using SequenceModels.Text;

namespace SequenceModels.Columns;

/// <summary>The n-grams of texts as operators of ONNX Runtime: what <see cref="NGramEncoder"/> does.</summary>
/// <remarks>
/// Words and characters are looked up by their texts; the numbers of n-grams are sums and products of theirs, modulo 2^64, as in
/// <see cref="NGramHashes"/>. An n-gram with a part that is not known has the number 0, and is not known itself.
/// </remarks>
/// <param name="graph">The graph.</param>
/// <param name="vocabulary">The n-grams that are known.</param>
internal sealed class OnnxNGrams(PipelineGraph graph, NGramVocabulary vocabulary)
{
    private const long Unknown = 0, None = -1;

    private readonly OnnxTokens _tokens = new(graph);

    /// <summary>Which n-grams texts have, and what these count.</summary>
    /// <param name="column">Of texts.</param>
    /// <returns>[B, N] slots, -1 of what counts nothing; and [B, N] numbers.</returns>
    public (string Slots, string Values) Of(string column)
    {
        string texts = _tokens.Lowered(graph.Reshape(graph.ValueOf(column), -1));
        (string Numbers, string There)[] words = [.. Words(texts)], all = [.. words, .. Characters(texts)];
        string numbers = graph.Concat(1, [.. all.Select(part => part.Numbers)]);                            // [B, N]
        string there = graph.Concat(1, [.. all.Select(part => part.There)]);
        string isOfWords = graph.Less(graph.Range(Width(numbers)),
            Width(graph.Concat(1, [.. words.Select(part => part.Numbers)])));                                // [N]
        string slots = graph.Where(there, SlotsOf(numbers), graph.Integer(None));
        string isKnown = graph.Less(graph.Integer(None), slots), isFirst = Firsts(slots, isKnown);
        string counts = And(there, graph.Node("Or", [Not(isKnown), isFirst]));
        isKnown = And(isKnown, isFirst);
        slots = graph.Where(isKnown, slots, graph.Integer(None));
        string table = graph.Weights("ngram_weights", OnnxTensor.Of(vocabulary.Weights.ToArray(), vocabulary.Count));
        string weights = graph.Where(isKnown,
            graph.Gather(table, graph.Where(isKnown, slots, graph.Integer(0))), graph.Number(0));
        string Scale(string isOfPart)
        {
            string part = graph.Reshape(graph.Cast(isOfPart, OnnxElement.Float), -1, 1);                     // [N, 1]
            string SumOf(string values) => graph.MatMul(values, part);                                        // [B, 1]
            string known = SumOf(graph.Cast(isKnown, OnnxElement.Float));
            string share = graph.Quotient(known, SumOf(graph.Cast(counts, OnnxElement.Float)));
            string scale = graph.Node("Sqrt", [graph.Quotient(share, SumOf(graph.Product(weights, weights)))]);
            return graph.Where(graph.Less(graph.Number(0), known), graph.Product(scale, graph.Number(NGramEncoder.Norm)),
                graph.Number(0));
        }
        return (slots, graph.Product(weights, graph.Where(isOfWords, Scale(isOfWords), Scale(Not(isOfWords)))));
    }

    /// <summary>Single words and pairs, each [B, n].</summary>
    private IEnumerable<(string Numbers, string There)> Words(string texts)
    {
        string words = _tokens.Keys(_tokens.Cut(texts, TokenExpressions.Of(TokenKind.Words)),
            vocabulary.Words.Select(word => (word, (long)NGramHashes.ValueOf(word))));
        (string there, string length) = Lengths(words);
        yield return (graph.Product(words, graph.Integer(2)), there);

        string all = Between(words, length, unchecked((long)NGramHashes.TextEnd)); // [B, W + 2]
        string first = graph.Slice(all, 1, 0, -1), second = graph.Slice(all, 1, 1, long.MaxValue);
        string pair = Joined(first, second);
        string isUnknown = graph.Node("Or", [IsUnknown(first), IsUnknown(second)]);
        string isPair = And(graph.Less(Places(pair), graph.Sum(length, graph.Integer(1))), graph.Less(graph.Integer(0), length));
        yield return (graph.Where(isUnknown, graph.Integer(Unknown), graph.Product(pair, graph.Integer(2))), isPair);
    }

    /// <summary>Runs of one character, of two and so on, each [B, n].</summary>
    private IEnumerable<(string Numbers, string There)> Characters(string texts)
    {
        const int Most = NGramHashes.LongestOfCharacters;
        long space = (long)NGramHashes.ValueOf(' ');
        string cut = _tokens.Cut(texts, TokenExpressions.SpacesOrOne), isSpace = IsSpace(cut);               // [B, C]
        string found = _tokens.Keys(cut, vocabulary.Characters.Select(character =>
            (char.ConvertFromUtf32(character), (long)NGramHashes.ValueOf(character))));
        (_, string length) = Lengths(found);
        string all = Between(graph.Where(isSpace, graph.Integer(space), found), length, space);              // [B, C + 2]
        string places = Places(all);

        // A text has one space at each end: that which is added, or its own.
        string spaces = graph.Concat(1, graph.Cast(isSpace, OnnxElement.Int64), Column(found, 0));
        string begin = graph.Slice(spaces, 1, 0, 1);
        string isLast = graph.Node("Equal", [Places(spaces), graph.Difference(length, graph.Integer(1))]);
        string end = graph.Difference(graph.Sum(length, graph.Integer(2)),
            graph.ReduceMax(graph.Where(isLast, spaces, graph.Integer(0)), 1, keeps: true));
        string hasAny = graph.Less(graph.Integer(2), graph.Difference(end, begin));
        string isBegun = And(hasAny, Not(graph.Less(places, begin)));

        string padded = graph.Concat(1, [all, .. Enumerable.Repeat(Column(found, None), Most - 1)]);
        string? run = null, isUnknown = null;
        for (int n = 1; n <= Most; n++)
        {
            string next = graph.Slice(padded, 1, n - 1, n == Most ? long.MaxValue : n - Most);
            run = run is null ? next : Joined(run, next);
            isUnknown = isUnknown is null ? IsUnknown(next) : graph.Node("Or", [isUnknown, IsUnknown(next)]);
            string number = graph.Sum(graph.Product(run, graph.Integer(2)), graph.Integer(1));
            yield return (graph.Where(isUnknown, graph.Integer(Unknown), number),
                And(isBegun, graph.Less(places, graph.Difference(end, graph.Integer(n - 1)))));
        }
    }

    /// <summary>[B, C] whether what was cut is white space.</summary>
    private string IsSpace(string cut)
    {
        // Behind all one more: an operator gives nothing where no text has what it looks for.
        string flat = graph.Concat(0, graph.Reshape(cut, -1), _tokens.Text(" "));
        string found = graph.Slice(_tokens.Keys(_tokens.Cut(flat, TokenExpressions.WhiteSpace), []), 1, 0, 1);
        string isSpace = graph.Slice(graph.Reshape(graph.Less(graph.Integer(None), found), -1), 0, 0, -1);
        return graph.ReshapeTo(isSpace, graph.Concat(0, graph.Size(graph.Shape(cut), 0), graph.Integers(-1))); // C may be 0
    }

    /// <summary>[B, n] whether a row has the part, and [B, 1] how many it has.</summary>
    private (string There, string Length) Lengths(string parts)
    {
        string there = Not(graph.Node("Equal", [parts, graph.Integer(None)]));
        return (there, graph.Reshape(OnnxSequences.CountSteps(graph, there), -1, 1));
    }

    /// <summary>[B, n + 2] parts with one more at each end of a row.</summary>
    private string Between(string parts, string length, long end)
    {
        string all = graph.Concat(1, Column(parts, end), parts, Column(parts, None));
        string isEnd = graph.Node("Equal", [Places(all), graph.Sum(length, graph.Integer(1))]);
        return graph.Where(isEnd, graph.Integer(end), all);
    }

    /// <summary>[B, N] the slots of n-grams; -1 of one that is not known.</summary>
    private string SlotsOf(string numbers)
    {
        var slots = new Dictionary<long, long>();
        for (int slot = 0; slot < vocabulary.Count; slot++)
            slots.TryAdd((long)vocabulary.Hashes[slot], slot);
        slots.Remove(Unknown);
        string found = graph.NewName("slots");
        graph.Add("LabelEncoder", "ai.onnx.ml", [numbers], [found],
            [("keys_int64s", [.. slots.Keys]), ("values_int64s", [.. slots.Values]), ("default_int64", None)]);
        return graph.Reshape(found, 0, -1); // which says what the operator does not: how many dimensions there are
    }

    /// <summary>[B, N] whether a slot stands for the first time in its row.</summary>
    private string Firsts(string slots, string isKnown)
    {
        string rows = graph.Reshape(graph.Range(graph.Size(graph.Shape(slots), 0)), -1, 1);
        string numbers = graph.Where(isKnown, graph.Sum(slots, graph.Product(rows, graph.Integer(vocabulary.Count))),
            graph.Integer(None));
        string flat = graph.Reshape(numbers, -1);
        string firsts = graph.Nodes("Unique", 2, [flat], ("sorted", 1))[1];
        string marked = graph.Node("ScatterElements", [graph.Expand(graph.Integer(0), graph.Shape(flat)), firsts,
            graph.Expand(graph.Integer(1), graph.Shape(firsts))], ("axis", 0));
        return graph.ReshapeTo(graph.Less(graph.Integer(0), marked), graph.Shape(slots));
    }

    private string Joined(string parts, string next) =>
        graph.Sum(graph.Product(parts, graph.Integer(unchecked((long)NGramHashes.Multiplier))), next);

    private string IsUnknown(string part) => graph.Node("Equal", [part, graph.Integer(Unknown)]);

    /// <summary>[B, 1] one number for each row.</summary>
    private string Column(string rows, long value) =>
        graph.Expand(graph.Integer(value), graph.Concat(0, graph.Size(graph.Shape(rows), 0), graph.Integers(1)));

    /// <summary>[1, n] 0, 1, ... for the places of a row.</summary>
    private string Places(string rows) => graph.Reshape(graph.Range(Width(rows)), 1, -1);

    private string Width(string rows) => graph.Size(graph.Shape(rows), 1);

    private string And(string a, string b) => graph.Node("And", [a, b]);

    private string Not(string a) => graph.Node("Not", [a]);
}
