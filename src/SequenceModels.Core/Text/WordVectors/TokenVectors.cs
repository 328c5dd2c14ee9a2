using System.Runtime.InteropServices;
using System.Security.Cryptography;
using SequenceModels.Kernels;

namespace SequenceModels.Text;

/// <summary>Vectors for the tokens of a vocabulary, as far as there are some.</summary>
/// <param name="count">V, the number of tokens.</param>
/// <param name="size">E, the numbers in a vector.</param>
internal sealed class TokenVectors(int count, int size)
{
    /// <summary>How a token was found, best last.</summary>
    private enum Match : byte
    {
        None,
        Lowered,
        Exact,
    }

    private readonly float[] _values = new float[ArrayLength.Of(count, size)];
    private readonly Match[] _matches = new Match[count];

    /// <summary>V.</summary>
    public int Count => count;

    /// <summary>How many tokens have a vector.</summary>
    public int Found => _matches.Count(match => match != Match.None);

    /// <summary>The vector of a token, by its place from 0 on; false if it has none.</summary>
    public bool TryGet(int token, out ReadOnlySpan<float> vector)
    {
        vector = _values.AsSpan(token * size, size);
        return _matches[token] != Match.None;
    }

    /// <summary>Whether a vector would be taken: of several that fit as well, the first is.</summary>
    public bool Wants(int token, bool isExact) => _matches[token] < (isExact ? Match.Exact : Match.Lowered);

    public void Set(int token, bool isExact, ReadOnlySpan<float> vector)
    {
        vector.CopyTo(_values.AsSpan(token * size, size));
        _matches[token] = isExact ? Match.Exact : Match.Lowered;
    }

    /// <summary>SHA-256 of all that was found.</summary>
    public byte[] Fingerprint()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData([.. _matches.Select(match => match == Match.None ? (byte)0 : (byte)1)]);
        hash.AppendData(MemoryMarshal.AsBytes(_values.AsSpan()));
        return hash.GetHashAndReset();
    }
}
