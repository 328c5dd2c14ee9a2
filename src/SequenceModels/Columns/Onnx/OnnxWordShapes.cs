using SequenceModels.Interop;
using SequenceModels.Onnx;
using SequenceModels.Text;

namespace SequenceModels.Columns;

/// <summary>The shapes of words (<see cref="WordShape"/>) as operators of ONNX Runtime.</summary>
/// <param name="graph">The graph.</param>
internal sealed class OnnxWordShapes(PipelineGraph graph)
{
    /// <summary>Kinds of characters, those after these are the last one.</summary>
    private static readonly string[] s_kinds = [@"\p{Lu}", @"\p{L}", @"\p{Nd}"];

    private readonly OnnxTokens _tokens = new(graph);

    /// <summary>Words by the keys of their shapes.</summary>
    /// <param name="column">Of vectors of texts.</param>
    /// <returns>[B, T] keys, 0 of a word without characters; and [B] how many words there are.</returns>
    public (string Keys, string Lengths) Of(string column)
    {
        string words = graph.ValueOf(column), flat = _tokens.Flat(words);
        string characters = _tokens.Cut(flat, "(?s:.)");                                                     // [n, C]
        string kinds = Kinds(characters);
        string keys = _tokens.Rows(Keys(kinds), words);
        string isWord = _tokens.Rows(_tokens.Keys(flat, []), words);
        return (graph.Reshape(keys, 0, 0), OnnxSequences.Marked(graph, isWord).Lengths);
    }

    /// <summary>[n, C] what each character is; -1: there is none.</summary>
    private string Kinds(string characters)
    {
        // Behind all characters one of each kind: an operator gives nothing where no text has what it looks for.
        string[] known = ["A", "a", "0"];
        string flat = graph.Concat(0, [graph.Reshape(characters, -1), .. known.Select(_tokens.Text)]);
        string kind = graph.Integer(s_kinds.Length);
        for (int i = s_kinds.Length - 1; i >= 0; i--)
        {
            string found = graph.Reshape(_tokens.Keys(_tokens.Cut(flat, s_kinds[i]), []), -1);
            kind = graph.Where(graph.Less(graph.Integer(-1), found), graph.Integer(i), kind);
        }
        kind = graph.Where(graph.Less(graph.Integer(-1), _tokens.Keys(flat, [])), kind, graph.Integer(-1));
        return graph.ReshapeTo(graph.Slice(kind, 0, 0, -known.Length), graph.Shape(characters));
    }

    /// <summary>[n] the keys of words by the kinds [n, C] of their characters.</summary>
    private string Keys(string kinds)
    {
        string none = graph.Integer(-1), zero = graph.Integer(0), one = graph.Integer(1);
        string before = graph.Concat(1, graph.Expand(none, graph.Concat(0, graph.Size(graph.Shape(kinds), 0), graph.Integers(1))),
            graph.Slice(kinds, 1, 0, -1));
        string isThere = graph.Less(none, kinds);
        string begins = graph.Node("And", [isThere, graph.Node("Not", [graph.Node("Equal", [kinds, before])])]);
        string run = graph.Node("CumSum", [graph.Cast(begins, OnnxElement.Int64), one]);               // [n, C] from 1
        string runs = graph.ReduceMax(run, 1);                                                              // [n]
        string code = zero;
        for (int number = 1; number <= WordShape.MostRuns; number++)
        {
            string isOfRun = graph.Node("And", [isThere, graph.Node("Equal", [run, graph.Integer(number)])]);
            string kind = graph.ReduceMax(graph.Where(isOfRun, kinds, none), 1);
            string goesOn = graph.Node("And", [isOfRun, graph.Node("Not", [begins])]);
            string symbol = graph.Sum(graph.Product(kind, graph.Integer(2)),
                graph.ReduceMax(graph.Cast(goesOn, OnnxElement.Int64), 1));
            string longer = graph.Sum(graph.Product(code, graph.Integer(WordShape.Symbols)), symbol);
            code = graph.Where(graph.Less(none, kind), longer, code);
        }
        string firsts = graph.Gather(
            graph.Integers([.. Enumerable.Range(0, WordShape.MostRuns + 2).Select(WordShape.FirstOf)]),
            graph.Where(graph.Less(graph.Integer(WordShape.MostRuns), runs), graph.Integer(WordShape.MostRuns + 1), runs));
        return graph.Where(graph.Less(zero, runs), graph.Sum(code, firsts), zero);
    }
}
