namespace SequenceModels.Tests.Reference;

/// <summary>Sequences of frames [B][T][F], values in [-1, 1) that a float holds exactly.</summary>
internal static class RandomSequences
{
    public static double[][][] Create(int features, int[] lengths, int seed = 7)
    {
        var random = new Random(seed);
        double[] Frame() => [.. Enumerable.Range(0, features).Select(_ => (double)(float)(2 * random.NextDouble() - 1))];
        return [.. lengths.Select(length => Enumerable.Range(0, length).Select(_ => Frame()).ToArray())];
    }
}
