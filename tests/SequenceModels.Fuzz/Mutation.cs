using System.Buffers.Binary;

namespace SequenceModels.Fuzz;

/// <summary>Puts a payload out of order and makes its checksum anew. The same seed and number give the same bytes.</summary>
internal static class Mutation
{
    private static readonly int[] s_extremes =
    [
        int.MaxValue, int.MinValue, -1, 0, 1, 2, 255, 1 << 16, 1 << 20, 1 << 24, (1 << 24) + 1, 1 << 30,
        0x7F800000, 0x7FC00000, // infinity, NaN
        0x7F7FFFFF, // the largest float
    ];

    private static readonly long[] s_longExtremes =
        [long.MaxValue, long.MinValue, -1, 0x7FF0000000000000, 0x7FF8000000000000, 0x7FEFFFFFFFFFFFFF, 1L << 53];

    /// <summary>Draws for one mutation.</summary>
    /// <param name="seed">Of the run.</param>
    /// <param name="number">Of the mutation, from 0.</param>
    public static Random NewRandom(int seed, int number) => new(unchecked(seed * 1_000_003 + number));

    /// <summary>Of a file without a checksum.</summary>
    /// <inheritdoc cref="Of"/>
    public static byte[] OfPlain(byte[] payload, int seed, int number) => Mutate(payload, NewRandom(seed, number), number);

    /// <param name="payload">A sound one.</param>
    /// <param name="seed">Of the run.</param>
    /// <param name="number">Of the mutation, from 0.</param>
    public static byte[] Of(byte[] payload, int seed, int number)
    {
        Random random = NewRandom(seed, number);
        byte[] body = SealedBytes.BodyOf(payload);
        if (number % 3 == 0 && SealedBytes.FindInner(body) is { } inner)
        {
            byte[] within = body[inner.Start..(inner.Start + inner.Length)];
            body = SealedBytes.ReplaceInner(body, inner,
                SealedBytes.Reseal(within, Mutate(SealedBytes.BodyOf(within), random, number / 3)));
        }
        else
            body = Mutate(body, random, number);
        return SealedBytes.Reseal(payload, body);
    }

    /// <summary>Changes some bytes.</summary>
    public static byte[] Mutate(byte[] body, Random random, int number)
    {
        if (body.Length == 0)
            return [(byte)random.Next(256)];
        body = [.. body];
        // Every other one goes on from offset to offset; the rest are anywhere.
        int at = number % 2 == 0 ? number / 2 * 7 % body.Length : random.Next(body.Length);
        for (int times = random.Next(8) == 0 ? 1 + random.Next(4) : 1; times > 0; times--, at = random.Next(body.Length))
        {
            switch (random.Next(10))
            {
                case < 4 when at + sizeof(int) <= body.Length:
                    BinaryPrimitives.WriteInt32LittleEndian(body.AsSpan(at), s_extremes[random.Next(s_extremes.Length)]);
                    break;
                case 4 when at + sizeof(long) <= body.Length:
                    BinaryPrimitives.WriteInt64LittleEndian(body.AsSpan(at), s_longExtremes[random.Next(s_longExtremes.Length)]);
                    break;
                case 5:
                    body = [.. body[..at], .. body[Math.Min(body.Length, at + 1 + random.Next(16))..]];
                    break;
                case 6:
                    byte[] more = new byte[1 + random.Next(16)];
                    random.NextBytes(more);
                    body = [.. body[..at], .. more, .. body[at..]];
                    break;
                case 7:
                    body[at] = (byte)random.Next(256);
                    break;
                case 8:
                    int from = random.Next(body.Length), length = Math.Min(1 + random.Next(32), body.Length - Math.Max(from, at));
                    body.AsSpan(from, length).CopyTo(body.AsSpan(at));
                    break;
                default:
                    body[at] ^= (byte)(1 << random.Next(8));
                    break;
            }
            if (body.Length == 0)
                break;
        }
        return body;
    }
}
