using System.Globalization;

namespace SequenceModels.Audio;

/// <summary>Which numbers are samples of sound: those that a spectrum can be taken of without an overflow.</summary>
internal static class SampleRange
{
    /// <summary>Sound lies between -1 and 1; some files hold numbers of other scales, which do no harm.</summary>
    public const float Largest = 1e9f;

    /// <summary>The index of the first that is none; -1: all are.</summary>
    public static int FindInvalid(ReadOnlySpan<float> samples)
    {
        for (int i = 0; i < samples.Length; i++)
            if (!(Math.Abs(samples[i]) <= Largest)) // not a number as well
                return i;
        return -1;
    }

    /// <summary>What is wrong with a sample.</summary>
    public static string Describe(float sample) => Invariant(
        $"{sample.ToString(CultureInfo.InvariantCulture)}, which is no sample of sound (samples lie between -1 and 1)");
}
