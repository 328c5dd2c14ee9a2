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
        return new NetworkInputs([.. features.Select(feature => feature.Values)], features[0].Lengths,
            RowFeatures(graph, columns));
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
            throw NotSayable(name, "the shapes of words", nameof(TaggingOptions.WordShapes), "false");
        OnnxSequences steps = column switch
        {
            { Text: { } text } => OfText(graph, name, text),
            { Input: StepFeatureKind.Frames } => OnnxSequences.Frames(graph, name, column.InputSize),
            _ when column.AreKeys => OnnxSequences.Keys(graph, name, column.InputSize),
            _ => OnnxSequences.OneHotKeys(graph, name, column.InputSize),
        };
        return (steps.Values, steps.Lengths);
    }

    private static OnnxSequences OfText(PipelineGraph graph, string name, TextFeatures text) => text.NGrams.Count == 0
        ? new OnnxTokens(graph).OfTexts(name, text.Tokenizer)
        : throw NotSayable(name, "n-grams, which are found by a hash", nameof(TextTrainerOptions.MaximumNGrams), "0");

    /// <summary>[B, F].</summary>
    private static string? RowFeatures(PipelineGraph graph, InputColumns columns) => columns.RowFeatures is not { } numbers ? null
        : graph.Reshape(graph.ValueOf(numbers.Column.Name), -1, numbers.Size);

    private static NotSupportedException NotSayable(string column, string what, string option, string value) => new(
        $"Column '{column}' is read by {what}: ONNX has no operator for them. Train with {option} = {value}.");
}
