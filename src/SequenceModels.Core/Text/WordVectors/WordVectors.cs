using SequenceModels.Text;

namespace SequenceModels;

/// <summary>
/// Vectors of words that were learned elsewhere, such as GloVe's or fastText's: what the embedding of a trainer starts from.
/// Immutable; change a copy with <c>with</c>: <c>WordVectors.FromFile("glove.6B.100d.txt") with { Frozen = true }</c>.
/// </summary>
/// <remarks>
/// Pennington, Socher and Manning, "GloVe: Global Vectors for Word Representation", EMNLP 2014; Bojanowski et al.,
/// "Enriching Word Vectors with Subword Information", TACL 5, 2017. A token is looked up as it is and as a reader sees it
/// ("film", where subwords are spelled "Ġfilm"), then in lower case; of tokens that the file does not have, those of training
/// rows start at random, the others at zero.
/// </remarks>
public sealed record WordVectors
{
    /// <summary>Resolved once: the current folder may be another one when training reads the file.</summary>
    private readonly string _file;

    private readonly string? _vocabulary;

    private WordVectors(string path) => (Path, _file) = (path, System.IO.Path.GetFullPath(path));

    /// <summary>The file, which training reads through once. A saved model does not need it.</summary>
    public string Path { get; }

    /// <summary>
    /// Whether training leaves the embedding as it is, also the vectors of tokens that the file does not have: for few rows,
    /// which would move the vectors of their own words away from those of all others. Default false:
    /// the vectors are only a start.
    /// </summary>
    public bool Frozen { get; init; }

    /// <summary>
    /// Which tensor of a safetensors file has the vectors [words, numbers]. Default null: the only one that can be it.
    /// </summary>
    public string? TensorName { get; init; }

    /// <summary>
    /// The file with the words of a safetensors file's rows: a word a line; or, named ".json", an array of words, an object of
    /// words with their rows, or a tokenizer.json. Default null: the JSON array under <c>vocabulary</c> in the metadata of the
    /// safetensors file, or else <c>vocab.txt</c>, <c>vocab.json</c> or <c>tokenizer.json</c> beside it.
    /// </summary>
    public string? VocabularyPath
    {
        get => _vocabulary;
        init => _vocabulary = value is null ? null : System.IO.Path.GetFullPath(value);
    }

    /// <summary>
    /// Vectors in a file of text, a word a line, then its numbers, with spaces between; or in a safetensors file.
    /// </summary>
    /// <param name="path">
    /// GloVe's ".txt", fastText's ".vec" (whose first line is the number of words and of numbers in a vector),
    /// or either packed by gzip; or a safetensors file, whose floats are F32, F64, F16 or BF16. Its vectors must be as long as
    /// <see cref="SequenceInputOptions.EmbeddingSize"/>.
    /// </param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    public static WordVectors FromFile(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return File.Exists(path) ? new WordVectors(path)
            : throw new FileNotFoundException($"There is no file '{path}' to read word vectors from. Give the path of one.",
                path);
    }

    /// <summary>
    /// Writes the vectors as a safetensors file: the tensor <c>embeddings</c> [words, numbers], and the words as a JSON array in
    /// the metadata, under <c>vocabulary</c>. <see cref="FromFile"/> reads it, faster than text. Lines of several words are left
    /// out.
    /// </summary>
    /// <param name="path">The file; replaced if it is there.</param>
    /// <exception cref="InvalidDataException">The vectors' own file cannot be understood.</exception>
    /// <exception cref="InvalidOperationException">The words take more than such a file has room for.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void SaveSafetensors(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        var words = new List<string>();
        using WordVectorFile first = WordVectorFile.Open(_file, TensorName, VocabularyPath),
            second = WordVectorFile.Open(_file, TensorName, VocabularyPath);
        float[] vector = new float[first.Size];
        while (first.ReadNext(vector) is { } word)
            words.Add(word);
        VectorTensor.Write(path, words, first.Size, (_, values) => second.ReadNext(values));
    }

    /// <summary>Looks tokens up.</summary>
    /// <param name="tokens">The texts of keys 1, 2, ...</param>
    /// <param name="readings">The tokens as a reader sees them, where the vocabulary spells them in another way.</param>
    /// <param name="size">How long the vectors must be.</param>
    /// <param name="option">What asks for that length, as a message names it.</param>
    /// <param name="throwIfCanceled">Asked now and then.</param>
    /// <exception cref="InvalidOperationException">The vectors have another length.</exception>
    /// <exception cref="InvalidDataException">The file cannot be understood.</exception>
    internal TokenVectors Find(IReadOnlyList<string> tokens, IReadOnlyList<string> readings, int size, string option,
        Action throwIfCanceled)
    {
        using var file = WordVectorFile.Open(_file, TensorName, VocabularyPath);
        if (file.Size != size)
            throw new InvalidOperationException(Invariant($"{option} is {size}, but the word vectors in '{Path}' have ") +
                Invariant($"{Counted.Of(file.Size, "number")}. Set it to {file.Size}, or take vectors of {size}."));
        return file.Find(tokens, throwIfCanceled, readings);
    }
}
