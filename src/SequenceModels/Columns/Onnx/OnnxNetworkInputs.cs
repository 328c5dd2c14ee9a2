using SequenceModels.Interop;
using SequenceModels.Networks;
using SequenceModels.Sequences;
using SequenceModels.Text;

namespace SequenceModels.Columns;

/// <summary>The columns that a network reads, as what enters its graph.</summary>
internal static class OnnxNetworkInputs
{
    /// <summary>Reads them.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="columns">As the network reads them.</param>
    /// <exception cref="NotSupportedException">One cannot be written as ONNX; the message names it.</exception>
    public static NetworkInputs Read(PipelineGraph graph, InputColumns columns)
    {
        (string Values, string Lengths)[] features = [.. columns.All.Select(column => Read(graph, column))];
        var inputs = new NetworkInputs([.. features.Select(feature => feature.Values)], features[0].Lengths);
        string? numbers = columns.RowFeatures is { } row
            ? graph.Reshape(graph.ValueOf(row.Column.Name), -1, row.Size) : null; // [B, F]
        if (columns.All is not [{ Text.NGrams: { Count: > 0 } ngrams } text])
            return inputs with { RowFeatures = numbers };
        (string slots, string values) = new OnnxNGrams(graph, ngrams).Of(text.Column.Name);
        if (numbers is not null)
        {
            string behind = graph.Sum(graph.Range(graph.Integers(columns.RowFeatures!.Size)), graph.Integer(ngrams.Count));
            slots = graph.Concat(1, slots, graph.Expand(behind, graph.Shape(numbers)));
            values = graph.Concat(1, values, numbers);
        }
        return inputs with { RowFeatures = values, RowSlots = slots };
    }

    private static (string Values, string Lengths) Read(PipelineGraph graph, SequenceColumn column)
    {
        string name = column.Column.Name;
        if (column.Parts is CharacterVocabulary characters)
            return new OnnxTokens(graph).OfCharacters(name, characters);
        if (column.Parts is not null)
            throw NotSayable(name, "subwords, which are found by a hash", nameof(LabeledSequenceOptions.SubwordEmbeddingSize),
                "0");
        if (column.AreShapes)
            return new OnnxWordShapes(graph).Of(name);
        OnnxSequences steps = column switch
        {
            { Text: { } text } => new OnnxTokens(graph).OfTexts(name, text.Tokenizer),
            { Input: StepFeatureKind.Frames } => OnnxSequences.Frames(graph, name, column.InputSize),
            _ when column.AreKeys => OnnxSequences.Keys(graph, name, column.InputSize),
            _ => OnnxSequences.OneHotKeys(graph, name, column.InputSize),
        };
        return (steps.Values, steps.Lengths);
    }

    private static NotSupportedException NotSayable(string column, string what, string option, string value) => new(
        $"Column '{column}' is read by {what}: ONNX has no operator for them. Train with {option} = {value}.");
}
