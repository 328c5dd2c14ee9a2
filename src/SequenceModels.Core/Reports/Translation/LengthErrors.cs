using SequenceModels.Files;

namespace SequenceModels.Reports;

/// <summary>Errors of the rows whose sources have a length.</summary>
/// <param name="From">The smallest length.</param>
/// <param name="To">The largest.</param>
/// <param name="Rows">How many there are.</param>
/// <param name="WrongRows">Those that are not wholly right.</param>
/// <param name="Tokens">Tokens of their labels.</param>
/// <param name="Edits">The fewest insertions, deletions and substitutions that make the labels of what was said.</param>
internal readonly record struct LengthErrors(int From, int To, int Rows, int WrongRows, long Tokens, long Edits)
{
    public const int Bytes = 4 * sizeof(int) + 2 * sizeof(long);

    public double SequenceErrorRate => (double)WrongRows / Rows;

    public double TokenErrorRate => Edits == 0 ? 0 : (double)Edits / Tokens;

    public void Write(PayloadWriter writer)
    {
        writer.Write(From);
        writer.Write(To);
        writer.Write(Rows);
        writer.Write(WrongRows);
        writer.Write(Tokens);
        writer.Write(Edits);
    }

    public static LengthErrors Read(PayloadReader reader)
    {
        var errors = new LengthErrors(reader.ReadInt32("a length", 0, int.MaxValue),
            reader.ReadInt32("a length", 0, int.MaxValue),
            reader.ReadInt32("a number of rows", 1, int.MaxValue), reader.ReadInt32("a number of rows", 0, int.MaxValue),
            reader.ReadInt64(), reader.ReadInt64());
        return errors.From <= errors.To && errors.WrongRows <= errors.Rows && errors is { Tokens: >= 0, Edits: >= 0 } ? errors
            : throw reader.Invalid("its errors by length do not fit together");
    }
}
