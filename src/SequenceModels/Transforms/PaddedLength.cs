using SequenceModels.Files;

namespace SequenceModels.Transforms;

/// <summary>How many steps each sequence gets, and where.</summary>
/// <param name="Length">T.</param>
/// <param name="Pad">Where a shorter sequence is filled up with zeros.</param>
/// <param name="Truncate">Where a longer one is cut.</param>
internal sealed record PaddedLength(int Length, SequenceSide Pad, SequenceSide Truncate)
{
    /// <summary>The length as a catalog's method is given it.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The length is less than 1, or a side is none.</exception>
    public static PaddedLength Of(int length, SequenceSide pad, SequenceSide truncate)
    {
        if (length < 1)
            throw new ArgumentOutOfRangeException(nameof(length), InvariantText.Of(length), "length must be at least 1.");
        foreach ((SequenceSide side, string name) in new[] { (pad, nameof(pad)), (truncate, nameof(truncate)) })
            if (!Enum.IsDefined(side))
                throw new ArgumentOutOfRangeException(name, side, $"{name} must be Start or End.");
        return new PaddedLength(length, pad, truncate);
    }

    public void Write(PayloadWriter writer)
    {
        writer.Write(Length);
        writer.Write((int)Pad);
        writer.Write((int)Truncate);
    }

    public static PaddedLength Read(PayloadReader reader) => new(reader.ReadInt32("length", 1, int.MaxValue),
        reader.ReadEnum<SequenceSide>("side of padding"), reader.ReadEnum<SequenceSide>("side of cutting"));
}
