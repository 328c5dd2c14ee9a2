using System.Runtime.Intrinsics;
using SequenceModels.Parameters;

namespace SequenceModels.Layers;

/// <summary>
/// Sets a share of values to zero in training and scales up the rest: at every step of a sequence the same units, or others.
/// What is dropped is a function of (seed, update, place in the network, sequence, step where it counts, unit), so it is the
/// same on any number of threads, and the way back draws it again instead of remembering it.
/// </summary>
/// <remarks>
/// Srivastava et al., JMLR 15, 2014. In recurrent networks, each step by itself: Zaremba, Sutskever and Vinyals, "Recurrent
/// Neural Network Regularization", 2014; one draw for all steps: Gal and Ghahramani, NIPS 2016.
/// </remarks>
/// <param name="Share">Share of values dropped, in [0, 1); to the nearest 1/65536.</param>
/// <param name="Seed">Of the training.</param>
/// <param name="Update">Number of the update.</param>
internal readonly record struct Dropout(float Share, int Seed, long Update)
{
    private const int DrawsPerNumber = 4, BitsPerDraw = 16;

    /// <summary>
    /// Places up to here are values between layers: 0 the embedding, l the states of layer l, above the last the pooled vector.
    /// </summary>
    private const int LastPlace = 255, WordPlace = 2 * (LastPlace + 1);

    public static Dropout None => default;

    /// <summary>Whether each step of a sequence is drawn by itself; else all of them lose the same units.</summary>
    public bool EachStep { get; init; }

    public bool Drops => Share > 0;

    private uint Kept => (uint)Math.Round((1 - Share) * 65536.0);

    /// <summary>The place of the hidden states that enter a layer's recurrent product, the lowest layer being 0.</summary>
    public static int RecurrentPlace(int layer, int direction) => LastPlace + 1 + 2 * layer + direction;

    /// <summary>Drops values of one row; the same call on the gradient is the way back.</summary>
    /// <param name="values">The units of one sequence at a step.</param>
    /// <param name="place">Which part of the network.</param>
    /// <param name="sequence">The sequence's number in the batch.</param>
    /// <param name="step">Which step; without effect where all lose the same units.</param>
    public void Apply(Span<float> values, int place, int sequence, int step = 0)
    {
        uint kept = Kept;
        float scale = 65536f / kept;
        ulong key = KeyOf(place, sequence);
        if (EachStep)
            key = RandomStream.Mix(key + (uint)step);
        int i = 0;
        for (; BitConverter.IsLittleEndian && i <= values.Length - 2 * DrawsPerNumber; i += 2 * DrawsPerNumber)
        {
            Vector128<ushort> bits = Vector128.Create(
                RandomStream.Mix(key + (ulong)i), RandomStream.Mix(key + (ulong)(i + DrawsPerNumber))).AsUInt16();
            Keep(values[i..], Vector128.WidenLower(bits), kept, scale);
            Keep(values[(i + DrawsPerNumber)..], Vector128.WidenUpper(bits), kept, scale);
        }
        for (; i < values.Length; i += DrawsPerNumber)
        {
            ulong bits = RandomStream.Mix(key + (ulong)i);
            int count = Math.Min(DrawsPerNumber, values.Length - i);
            for (int j = 0; j < count; j++, bits >>= BitsPerDraw)
                values[i + j] = (bits & 0xFFFF) < kept ? values[i + j] * scale : 0;
        }
    }

    /// <summary>Four values: those whose bits are below the share that is kept stay, scaled.</summary>
    private static void Keep(Span<float> values, Vector128<uint> bits, uint kept, float scale)
    {
        Vector128<float> scaled = Vector128.Create<float>(values) * scale;
        (scaled & Vector128.LessThan(bits, Vector128.Create(kept)).AsSingle()).CopyTo(values);
    }

    /// <summary>Whether a sequence loses the token of a step; each step is drawn by itself.</summary>
    public bool DropsToken(int sequence, int step) =>
        Drops && (RandomStream.Mix(KeyOf(WordPlace, sequence) + (uint)step) & 0xFFFF) >= Kept;

    private ulong KeyOf(int place, int sequence)
    {
        ulong update = RandomStream.Mix(((ulong)(uint)Seed << 32) + (ulong)Update);
        return RandomStream.Mix(update + ((ulong)(uint)place << 48) + (uint)sequence);
    }
}
