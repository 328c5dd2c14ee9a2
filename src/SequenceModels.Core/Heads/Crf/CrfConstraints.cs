using System.Runtime.InteropServices;
using System.Security.Cryptography;
using SequenceModels.Files;

namespace SequenceModels.Heads;

/// <summary>
/// Which tags may begin a sequence, follow each other and end one. A tag sequence that breaks this has no probability at all:
/// not in the loss, not in the marginals, and it is never decided for. Compared by content.
/// </summary>
internal sealed class CrfConstraints : IEquatable<CrfConstraints>
{
    private readonly bool[] _allowed; // [K, K] from the row's tag to the column's, then [K] starts, then [K] ends

    /// <param name="transitions">[K, K] whether the row's tag may be followed by the column's.</param>
    /// <param name="starts">[K] whether a sequence may begin with the tag.</param>
    /// <param name="ends">[K] whether a sequence may end with the tag.</param>
    /// <exception cref="ArgumentException">The sizes differ, or no tag may begin, follow itself and end.</exception>
    public CrfConstraints(bool[,] transitions, bool[] starts, bool[] ends)
        : this(starts.Length, [.. transitions.Cast<bool>(), .. starts, .. ends])
    {
        if (transitions.GetLength(0) != Tags || transitions.GetLength(1) != Tags || ends.Length != Tags)
            throw new ArgumentException(
                Invariant($"{starts.Length} starts, {ends.Length} ends and transitions [{transitions.GetLength(0)}, ") +
                Invariant($"{transitions.GetLength(1)}] are not of the same tags."));
        if (!LeaveAWay)
            throw new ArgumentException(
                "No tag may begin a sequence, follow itself and end the sequence. Constraints must leave such a tag, " +
                "so that sequences of every length have a possible one.");
    }

    private CrfConstraints(int tags, bool[] allowed) => (Tags, _allowed) = (tags, allowed);

    /// <summary>K.</summary>
    public int Tags { get; }

    public bool Allows(int from, int to) => _allowed[from * Tags + to];

    public bool AllowsStart(int tag) => _allowed[Tags * Tags + tag];

    public bool AllowsEnd(int tag) => _allowed[Tags * (Tags + 1) + tag];

    /// <summary>
    /// The first place where a tag sequence, NaN where a tag is missing, breaks the constraints; null: it does not.
    /// </summary>
    public ChainViolation? FindViolation(ReadOnlySpan<float> labels)
    {
        int? before = null;
        foreach (float label in labels)
            if (float.IsNaN(label))
                return FindViolationAround(labels);
        for (int t = 0; t < labels.Length; before = (int)labels[t++])
            if (!(before is int from ? Allows(from, (int)labels[t]) : AllowsStart((int)labels[t])))
                return new ChainViolation(t, before, (int)labels[t]);
        return before is int last && !AllowsEnd(last) ? new ChainViolation(labels.Length - 1, last, null) : null;
    }

    /// <summary>The same where labels are missing (NaN): whether any tags in their places would do.</summary>
    private ChainViolation? FindViolationAround(ReadOnlySpan<float> labels)
    {
        bool[] possible = new bool[Tags], before = new bool[Tags];
        int? last = null;
        for (int t = 0; t < labels.Length; t++)
        {
            (possible, before) = (before, possible);
            bool any = false;
            for (int tag = 0; tag < Tags; tag++)
                any |= possible[tag] = (float.IsNaN(labels[t]) || tag == (int)labels[t]) &&
                    (t == 0 ? AllowsStart(tag) : MayFollow(before, tag)) && (t + 1 < labels.Length || AllowsEnd(tag));
            if (!any)
                return float.IsNaN(labels[t]) ? new ChainViolation(t, last ?? 0, null)
                    : new ChainViolation(t, last, (int)labels[t]);
            last = float.IsNaN(labels[t]) ? last : (int)labels[t];
        }
        return null;
    }

    private bool MayFollow(bool[] before, int tag)
    {
        for (int from = 0; from < Tags; from++)
            if (before[from] && Allows(from, tag))
                return true;
        return false;
    }

    public void Write(PayloadWriter writer)
    {
        foreach (bool allowed in _allowed)
            writer.Write(allowed);
    }

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    public static CrfConstraints Read(PayloadReader reader, int tags)
    {
        if (reader.Remaining < tags * (tags + 2L))
            throw reader.Invalid(Invariant($"it ends in the constraints of {tags} tags"));
        bool[] allowed = new bool[tags * (tags + 2)];
        for (int i = 0; i < allowed.Length; i++)
            allowed[i] = reader.ReadBoolean();
        var constraints = new CrfConstraints(tags, allowed);
        return constraints.LeaveAWay ? constraints
            : throw reader.Invalid("its constraints exclude every sequence of some length");
    }

    public bool Equals(CrfConstraints? other) =>
        other is not null && Tags == other.Tags && _allowed.AsSpan().SequenceEqual(other._allowed);

    public override bool Equals(object? obj) => Equals(obj as CrfConstraints);

    public override int GetHashCode() => HashCode.Combine(Tags, _allowed.Count(allowed => allowed));

    /// <summary>Tells constraints apart where all else that is known of them is a text.</summary>
    public override string ToString() => Invariant(
        $"{_allowed.Count(allowed => !allowed)} excluded, SHA-256 ") +
        Convert.ToHexStringLower(SHA256.HashData(MemoryMarshal.AsBytes<bool>(_allowed)));

    private bool LeaveAWay => Enumerable.Range(0, Tags).Any(tag => AllowsStart(tag) && Allows(tag, tag) && AllowsEnd(tag));
}

/// <summary>A place where a tag sequence breaks constraints.</summary>
/// <param name="Step">From 0: the step whose tag may not be where it is.</param>
/// <param name="From">The tag before it; null: the sequence begins with the step.</param>
/// <param name="To">
/// The step's tag; null: the sequence may not end after the tag <paramref name="From"/>, which is the step's.
/// </param>
internal readonly record struct ChainViolation(int Step, int? From, int? To);
