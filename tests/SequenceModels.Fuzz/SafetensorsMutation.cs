using System.Buffers.Binary;
using System.Text;
using System.Text.RegularExpressions;

namespace SequenceModels.Fuzz;

/// <summary>Puts a safetensors file out of order: the header's length, words and numbers, and its tensors.</summary>
internal static partial class SafetensorsMutation
{
    private static readonly string[] s_numbers =
    [
        "0", "1", "2", "3", "-1", "4294967295", "4294967296", "2147483647", "2147483648", "9007199254740993",
        "9223372036854775807", "9223372036854775808", "18446744073709551615", "1e3", "1.5", "-0", "01", "NaN", "null", "\"1\"", "[1]", "{}", "true",
        "123456789012345678901234567890123456789",
    ];

    private static readonly string[] s_texts =
    [
        "\"F32\"", "\"F64\"", "\"F16\"", "\"BF16\"", "\"I64\"", "\"BOOL\"", "\"F8_E4M3\"", "\"F128\"", "\"\"", "\"f32\"",
        "\"\\u0000\"", "\"\\ud800\"", "\"__metadata__\"", "\"dtype\"", "\"shape\"", "\"data_offsets\"", "\"nonlinearity\"", "null", "1",
        "[", "{", "\"",
    ];

    private static readonly ulong[] s_lengths =
        [0, 1, 7, 8, 100_000_000, 100_000_001, int.MaxValue, uint.MaxValue, long.MaxValue, 1UL << 63, ulong.MaxValue];

    private static readonly float[] s_floats = [float.NaN, float.PositiveInfinity, float.MinValue, float.Epsilon, 1e30f];

    /// <param name="file">A sound one.</param>
    /// <param name="seed">Of the run.</param>
    /// <param name="number">Of the mutation, from 0.</param>
    public static byte[] Of(byte[] file, int seed, int number)
    {
        Random random = Mutation.NewRandom(seed, number);
        int end = sizeof(ulong) + (int)BinaryPrimitives.ReadUInt64LittleEndian(file);
        string header = Encoding.UTF8.GetString(file.AsSpan(sizeof(ulong)..end));
        byte[] data = file[end..];
        for (int times = random.Next(4) == 0 ? 2 + random.Next(3) : 1; times > 0; times--)
            switch (random.Next(12))
            {
                case 0:
                    return Mutation.Mutate(file, random, number);
                case 1:
                    byte[] cut = Join(header, data);
                    return random.Next(3) == 0 ? [.. cut, .. new byte[1 + random.Next(16)]] : cut[..random.Next(cut.Length)];
                case 2:
                    byte[] lied = Join(header, data);
                    BinaryPrimitives.WriteUInt64LittleEndian(lied, random.Next(2) == 0 ? s_lengths[random.Next(s_lengths.Length)]
                        : (ulong)Math.Max(0, header.Length + random.Next(-9, 10)));
                    return lied;
                case 3:
                    header = Encoding.Latin1.GetString(
                        Mutation.Mutate(Encoding.UTF8.GetBytes(header), random, random.Next(1 << 20)));
                    break;
                case 4:
                    header = Copy(header, random);
                    break;
                case 5:
                    int at = random.Next(data.Length / sizeof(float)) * sizeof(float);
                    if (at < data.Length)
                        BinaryPrimitives.WriteSingleLittleEndian(data.AsSpan(at), s_floats[random.Next(s_floats.Length)]);
                    break;
                case 6:
                    string deep = new(random.Next(2) == 0 ? '[' : '{', 1 << random.Next(16));
                    header = header.Insert(random.Next(header.Length + 1), deep);
                    break;
                case < 9:
                    header = Replace(header, Text(), s_texts, random);
                    break;
                default:
                    header = Replace(header, Number(), s_numbers, random);
                    break;
            }
        return Join(header, data);
    }

    private static byte[] Join(string header, byte[] data)
    {
        byte[] text = Encoding.UTF8.GetBytes(header), length = new byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64LittleEndian(length, (ulong)text.Length);
        return [.. length, .. text, .. data];
    }

    /// <summary>One of the header's words by another, or by one of its own.</summary>
    private static string Replace(string header, Regex pattern, string[] others, Random random)
    {
        MatchCollection found = pattern.Matches(header);
        if (found.Count == 0)
            return header;
        Match match = found[random.Next(found.Count)];
        string other = random.Next(3) == 0 ? found[random.Next(found.Count)].Value : others[random.Next(others.Length)];
        return $"{header[..match.Index]}{other}{header[(match.Index + match.Length)..]}";
    }

    /// <summary>A part between two commas once more or not at all.</summary>
    private static string Copy(string header, Random random)
    {
        List<string> parts = [.. header.Split(',')];
        int at = random.Next(parts.Count);
        if (random.Next(2) == 0)
            parts.RemoveAt(at);
        else
            parts.Insert(random.Next(parts.Count + 1), parts[at]);
        return string.Join(',', parts);
    }

    [GeneratedRegex("\"[^\"]*\"")]
    private static partial Regex Text();

    [GeneratedRegex("[0-9]+")]
    private static partial Regex Number();
}
