using System.Globalization;
using System.Text;

namespace SequenceModels.Text;

/// <summary>The content of a SentencePiece model: its pieces with their scores, and how it reads a text. Immutable.</summary>
/// <remarks>
/// Kudo and Richardson, "SentencePiece", EMNLP 2018. ML.NET's tokenizer of such models has no end on some texts of two spaces in
/// a row, and fails on bytes of a unigram model: pieces are looked for here.
/// </remarks>
internal sealed class SentencePieceModel
{
    private const int Unigram = 1, BytePair = 2;

    private readonly List<string> _pieces = [];
    private readonly List<float> _scores = [];
    private readonly Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> _ids;
    private readonly int[] _ofBytes = new int[256];

    /// <param name="model">The file's content: a protocol buffer.</param>
    /// <exception cref="InvalidDataException">It is none, or one that cannot be used.</exception>
    public SentencePieceModel(ReadOnlyMemory<byte> model)
    {
        var ids = new Dictionary<string, int>(StringComparer.Ordinal);
        _ids = ids.GetAlternateLookup<ReadOnlySpan<char>>();
        int kind = Unigram;
        bool suffix = false, bytes = false;
        ReadOnlyMemory<byte> reading = default;
        Array.Fill(_ofBytes, -1);
        foreach ((int field, _, ReadOnlyMemory<byte> content) in ProtocolBuffer.Fields(model))
            switch (field)
            {
                case 1:
                    AddPiece(content, ids);
                    break;
                case 2:
                    foreach ((int option, ulong value, _) in ProtocolBuffer.Fields(content))
                        switch (option)
                        {
                            case 3: kind = (int)value; break;
                            case 24: suffix = value != 0; break;
                            case 35: bytes = value != 0; break;
                        }
                    break;
                case 3:
                    reading = content;
                    break;
            }
        if (_pieces.Count == 0)
            throw new InvalidDataException("it has no pieces");
        if (kind is not (Unigram or BytePair))
            throw new InvalidDataException("it is a model of words or characters, not of byte pairs or unigrams");
        if (bytes && Array.Exists(_ofBytes, id => id < 0))
            throw new InvalidDataException("it has not all of the bytes that it should fall back to");
        (IsUnigram, FallsBackToBytes) = (kind == Unigram, bytes);
        LongestPiece = ids.Keys.Select(piece => piece.Length).DefaultIfEmpty().Max();
        LowestScore = ids.Values.Select(id => _scores[id]).DefaultIfEmpty().Min();
        Normalizer = new SentencePieceNormalizer(reading, suffix);
    }

    /// <summary>All pieces by their ids, those for control and bytes included.</summary>
    public IReadOnlyList<string> Pieces => _pieces;

    public SentencePieceNormalizer Normalizer { get; }

    /// <summary>Whether the pieces are those of the likeliest cut; otherwise pairs are merged.</summary>
    public bool IsUnigram { get; }

    /// <summary>Whether a character without a piece becomes its bytes.</summary>
    public bool FallsBackToBytes { get; }

    /// <summary>UTF-16 units of the longest piece.</summary>
    public int LongestPiece { get; }

    public float LowestScore { get; }

    /// <summary>The piece of a byte.</summary>
    public int TokenOfByte(byte value) => _ofBytes[value];

    /// <summary>The piece that reads so, if a text may have it.</summary>
    public bool TryFind(ReadOnlySpan<char> text, out int id, out float score)
    {
        bool found = _ids.TryGetValue(text, out id);
        score = found ? _scores[id] : 0;
        return found;
    }

    private void AddPiece(ReadOnlyMemory<byte> content, Dictionary<string, int> ids)
    {
        const int normal = 1, userDefined = 4, ofByte = 6;
        (string piece, float score, ulong type) = ("", 0, normal);
        foreach ((int field, ulong number, ReadOnlyMemory<byte> bytes) in ProtocolBuffer.Fields(content))
            (piece, score, type) = (field == 1 ? Encoding.UTF8.GetString(bytes.Span) : piece,
                field == 2 ? BitConverter.UInt32BitsToSingle((uint)number) : score, field == 3 ? number : type);
        if (!float.IsFinite(score))
            throw new InvalidDataException(Invariant($"the score of its piece {_pieces.Count} is no number"));
        if (type is normal or userDefined && piece.Length > 0 && !ids.TryAdd(piece, _pieces.Count))
            throw new InvalidDataException($"the piece '{piece}' stands in it twice");
        if (type == ofByte && piece.Length == 6 &&
            byte.TryParse(piece.AsSpan(3, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out byte value))
            _ofBytes[value] = _pieces.Count;
        _pieces.Add(piece);
        _scores.Add(score);
    }
}
