using SequenceModels.Files;

namespace SequenceModels.Text;

/// <summary>A file of word vectors, read word by word: of gigabytes only the vectors that are asked for are kept.</summary>
internal abstract class WordVectorFile : IDisposable
{
    private const int WordsBetweenChecks = 1 << 12;

    /// <summary>Numbers in a vector.</summary>
    public abstract int Size { get; }

    /// <summary>The word that is read; valid until the next.</summary>
    protected abstract ReadOnlySpan<char> Word { get; }

    /// <summary>Opens a file, whatever its format.</summary>
    /// <param name="path">A safetensors file, or text, packed by gzip or not.</param>
    /// <param name="tensorName">Which tensor has the vectors; null: the only one that can be it.</param>
    /// <param name="vocabularyPath">Where the words of a tensor are; null: in its file, or beside it.</param>
    /// <exception cref="InvalidDataException">The file does not begin as one of word vectors.</exception>
    public static WordVectorFile Open(string path, string? tensorName = null, string? vocabularyPath = null)
    {
        if (SafetensorsFile.IsOne(path))
            return new TensorVectorFile(path, tensorName, vocabularyPath);
        if (tensorName is not null || vocabularyPath is not null)
            throw new InvalidDataException(
                $"'{path}' is no safetensors file: leave out WordVectors.TensorName and VocabularyPath.");
        return new TextVectorFile(path);
    }

    /// <summary>Reads through the file for the vectors of tokens, or else those of their lower case.</summary>
    /// <param name="tokens">The texts of keys 1, 2, ...</param>
    /// <param name="throwIfCanceled">Asked now and then.</param>
    /// <param name="readings">
    /// The tokens as a reader sees them; empty where one is a part of a character. Null: as they are spelled.
    /// </param>
    /// <exception cref="InvalidDataException">The file is cut short, or the vector of a token is none.</exception>
    public TokenVectors Find(IReadOnlyList<string> tokens, Action throwIfCanceled, IReadOnlyList<string>? readings = null)
    {
        readings ??= tokens;
        var vectors = new TokenVectors(tokens.Count, Size);
        var wanted = new Dictionary<string, List<(int Token, bool IsExact)>>(StringComparer.Ordinal);
        for (int i = 0; i < tokens.Count; i++)
        {
            Want(tokens[i], i, isExact: true);
            if (readings[i] != tokens[i] && readings[i] != "")
                Want(readings[i], i, isExact: true);
            if (LowerCase.Map(readings[i]) is var lowered && lowered != readings[i])
                Want(lowered, i, isExact: false);
        }
        var lookup = wanted.GetAlternateLookup<ReadOnlySpan<char>>();
        float[] vector = new float[Size];
        for (long read = 0; MoveNext(); read++)
        {
            if (read % WordsBetweenChecks == 0)
                throwIfCanceled();
            if (!lookup.TryGetValue(Word, out var takers) ||
                !takers.Exists(taker => vectors.Wants(taker.Token, taker.IsExact)) || !TryReadVector(vector))
                continue;
            foreach ((int token, bool isExact) in takers)
                if (vectors.Wants(token, isExact))
                    vectors.Set(token, isExact, vector);
        }
        return vectors;

        void Want(string text, int token, bool isExact)
        {
            if (!wanted.TryGetValue(text, out var takers))
                wanted[text] = takers = [];
            takers.Add((token, isExact));
        }
    }

    /// <summary>Reads on to the next vector of a single word.</summary>
    /// <param name="vector">[Size] written.</param>
    /// <returns>The word; null: there is none left.</returns>
    /// <exception cref="InvalidDataException">The file is cut short, or a vector is none.</exception>
    public string? ReadNext(Span<float> vector)
    {
        while (MoveNext())
            if (TryReadVector(vector))
                return Word.ToString();
        return null;
    }

    public abstract void Dispose();

    /// <summary>Goes to the next word; false at the end.</summary>
    /// <exception cref="InvalidDataException">The file is cut short.</exception>
    protected abstract bool MoveNext();

    /// <summary>The word's vector; false where it is that of several words, or of none.</summary>
    /// <exception cref="InvalidDataException">It is none.</exception>
    protected abstract bool TryReadVector(Span<float> vector);
}
