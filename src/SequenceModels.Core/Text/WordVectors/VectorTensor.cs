using SequenceModels.Files;

namespace SequenceModels.Text;

/// <summary>Writes word vectors as a safetensors file that says its words.</summary>
internal static class VectorTensor
{
    /// <param name="path">The file.</param>
    /// <param name="words">Of the rows.</param>
    /// <param name="size">Numbers in a vector.</param>
    /// <param name="read">Gives the vector of a row; asked once for each, in order.</param>
    /// <exception cref="InvalidOperationException">The words take more than the header of such a file may.</exception>
    public static void Write(string path, IReadOnlyList<string> words, int size, Action<int, Span<float>> read) =>
        AtomicFile.Write(path, stream => SafetensorsWriter.Write(stream,
            [new SafetensorsSource("embeddings", [words.Count, size], read)],
            [("format", "pt"), (TensorVocabulary.MetadataName, JsonTexts.Write(words))]));
}
