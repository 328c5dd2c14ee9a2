using System.Text;

namespace SequenceModels.Text;

/// <summary>
/// Cuts texts into the pieces of a SentencePiece model. A run of characters without a piece is one unknown token, or their bytes.
/// </summary>
/// <param name="model">The pieces.</param>
/// <param name="lowercase">Whether upper and lower case are one.</param>
/// <param name="vocabulary">The same pieces, which come after its special tokens.</param>
internal sealed class SentencePieceEncoder(SentencePieceModel model, bool lowercase, Vocabulary vocabulary) : TextEncoder
{
    /// <summary>How much worse than any piece a character without one is.</summary>
    private const float UnknownPenalty = 10;

    private const int Unknown = -1;

    private readonly SentencePiecePreparation _preparation = new(model.Normalizer, lowercase);
    private readonly int _specialTokens = vocabulary.Tokens.Count - model.Pieces.Count;
    private readonly List<(int Start, int Length, int Id)> _cut = [];
    private readonly PriorityQueue<(int Place, int Length), (float Score, int Place)> _queue =
        new(Comparer<(float Score, int Place)>.Create(BestFirst));

    public override void Encode(ReadOnlySpan<char> text, int most, List<uint> keys, List<TokenOffset>? offsets)
    {
        ReadOnlySpan<char> prepared = _preparation.Prepare(text);
        _cut.Clear();
        if (model.IsUnigram)
            CutLikeliest(prepared);
        else
            CutMerged(prepared);
        int end = keys.Count + Math.Min(most, int.MaxValue - keys.Count);
        for (int i = 0; i < _cut.Count && keys.Count < end; i++)
        {
            (int start, int length, int id) = _cut[i];
            if (id == Unknown && model.FallsBackToBytes)
            {
                foreach (byte value in Encoding.UTF8.GetBytes(prepared.Slice(start, length).ToArray()))
                    if (keys.Count < end)
                        Add(model.TokenOfByte(value), start, length);
                continue;
            }
            while (id == Unknown && i + 1 < _cut.Count && _cut[i + 1].Id == Unknown)
                length += _cut[++i].Length;
            Add(id, start, length);
        }

        void Add(int id, int start, int length)
        {
            keys.Add(id == Unknown ? 0 : (uint)(id + 1 + _specialTokens));
            offsets?.Add(_preparation.SourceOf(start, length));
        }
    }

    public override uint Find(ReadOnlySpan<char> token) => vocabulary.Find(token);

    /// <summary>The cut with the largest sum of scores.</summary>
    /// <remarks>Kudo, "Subword Regularization", ACL 2018; found by Viterbi's algorithm.</remarks>
    private void CutLikeliest(ReadOnlySpan<char> text)
    {
        // The best way to each unit: its score, where its last piece begins, and that piece.
        var best = new (float Score, int Start, int Id)[text.Length + 1];
        best.AsSpan(1).Fill((float.NegativeInfinity, 0, Unknown));
        for (int start = 0, character; start < text.Length; start += character)
        {
            Rune.DecodeFromUtf16(text[start..], out _, out character);
            bool single = false;
            int longest = Math.Min(model.LongestPiece, text.Length - start);
            for (int length = character; length <= longest; length++)
                if (model.TryFind(text.Slice(start, length), out int id, out float score))
                {
                    Consider(start, length, id, score);
                    single |= length == character;
                }
            if (!single)
                Consider(start, character, Unknown, model.LowestScore - UnknownPenalty);
        }
        for (int end = text.Length; end > 0; end = best[end].Start)
            _cut.Add((best[end].Start, end - best[end].Start, best[end].Id));
        _cut.Reverse();

        void Consider(int start, int length, int id, float score)
        {
            score += best[start].Score;
            if (score > best[start + length].Score)
                best[start + length] = (score, start, id);
        }
    }

    /// <summary>
    /// Characters, two neighbours merged where that is a piece: the one with the best score first, of equal ones the first.
    /// </summary>
    private void CutMerged(ReadOnlySpan<char> text)
    {
        // Of the token that begins at a unit: its length (0: none begins there); and where the one before it begins.
        int[] lengths = new int[text.Length], before = new int[text.Length];
        for (int start = 0, previous = -1; start < text.Length; start += lengths[previous])
        {
            Rune.DecodeFromUtf16(text[start..], out _, out lengths[start]);
            (before[start], previous) = (previous, start);
        }
        for (int place = 0; place < text.Length; place += lengths[place])
            EnqueueMerge(text, place, lengths);
        while (_queue.TryDequeue(out (int Place, int Length) merge, out _))
        {
            int next = merge.Place + lengths[merge.Place];
            if (lengths[merge.Place] == 0 || next >= text.Length || lengths[merge.Place] + lengths[next] != merge.Length)
                continue; // one of the two has been merged with another since
            (lengths[merge.Place], lengths[next]) = (merge.Length, 0);
            if (merge.Place + merge.Length < text.Length)
                before[merge.Place + merge.Length] = merge.Place;
            EnqueueMerge(text, before[merge.Place], lengths);
            EnqueueMerge(text, merge.Place, lengths);
        }
        for (int place = 0; place < text.Length; place += lengths[place])
            _cut.Add((place, lengths[place], model.TryFind(text.Slice(place, lengths[place]), out int id, out _) ? id : Unknown));
    }

    private void EnqueueMerge(ReadOnlySpan<char> text, int place, int[] lengths)
    {
        if (place < 0 || place + lengths[place] >= text.Length)
            return;
        int length = lengths[place] + lengths[place + lengths[place]];
        if (length <= model.LongestPiece && model.TryFind(text.Slice(place, length), out _, out float score))
            _queue.Enqueue((place, length), (score, place));
    }

    private static int BestFirst((float Score, int Place) x, (float Score, int Place) y) =>
        y.Score.CompareTo(x.Score) is not 0 and var order ? order : x.Place.CompareTo(y.Place);
}
