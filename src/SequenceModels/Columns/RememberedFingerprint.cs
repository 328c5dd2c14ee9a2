using Microsoft.ML;

namespace SequenceModels.Columns;

/// <summary>
/// The fingerprint of a column that is bound again and again, as by prediction engines: worked out once for the names met last.
/// Safe to share between threads.
/// </summary>
internal sealed class RememberedFingerprint
{
    private volatile Met? _last;

    /// <inheritdoc cref="KeyFingerprint.Of(DataViewSchema.Column)"/>
    public string Of(DataViewSchema.Column column) => Of(TokenNames.MemoryOf(column));

    /// <summary>Of names; empty where there are none.</summary>
    public string Of(ReadOnlyMemory<char>[] names)
    {
        if (_last is not { } last || !AreSame(last.Names, names))
            _last = last = new Met(names, KeyFingerprint.Of(names));
        return last.Fingerprint;
    }

    private static bool AreSame(ReadOnlyMemory<char>[] ours, ReadOnlyMemory<char>[] theirs)
    {
        if (ours.Length != theirs.Length)
            return false;
        for (int i = 0; i < ours.Length; i++)
            if (!ours[i].Equals(theirs[i]) && !ours[i].Span.SequenceEqual(theirs[i].Span))
                return false;
        return true;
    }

    private sealed record Met(ReadOnlyMemory<char>[] Names, string Fingerprint);
}
