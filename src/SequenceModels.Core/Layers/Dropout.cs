using SequenceModels.Parameters;

namespace SequenceModels.Layers;

/// <summary>
/// Sets a share of values to zero in training and scales up the rest. Whether a value is dropped is a function of (seed, update,
/// place in the network, sequence, step, unit), so it is the same on any number of threads, and the way back draws it again instead
/// of remembering it.
/// </summary>
/// <param name="Share">Share of values dropped, in [0, 1); to the nearest 1/65536.</param>
/// <param name="Seed">Of the training.</param>
/// <param name="Update">Number of the update.</param>
internal readonly record struct Dropout(float Share, int Seed, long Update)
{
    private const int DrawsPerNumber = 4;

    public static Dropout None => default;

    public bool Drops => Share > 0;

    /// <summary>Drops values of one row; the same call on the gradient is the way back.</summary>
    /// <param name="values">The units of one step of one sequence.</param>
    /// <param name="place">Which part of the network.</param>
    /// <param name="sequence">The sequence's number in the batch.</param>
    /// <param name="step">The time step.</param>
    public void Apply(Span<float> values, int place, int sequence, int step)
    {
        uint kept = (uint)Math.Round((1 - Share) * 65536.0);
        float scale = 65536f / kept;
        ulong update = RandomStream.Mix(((ulong)(uint)Seed << 32) + (ulong)Update);
        ulong row = RandomStream.Mix(update + ((ulong)(uint)place << 48) + (uint)sequence);
        ulong key = RandomStream.Mix(row + (uint)step);
        for (int i = 0; i < values.Length; i += DrawsPerNumber)
        {
            ulong bits = RandomStream.Mix(key + (ulong)i);
            int count = Math.Min(DrawsPerNumber, values.Length - i);
            for (int j = 0; j < count; j++, bits >>= 16)
                values[i + j] = (bits & 0xFFFF) < kept ? values[i + j] * scale : 0;
        }
    }
}
