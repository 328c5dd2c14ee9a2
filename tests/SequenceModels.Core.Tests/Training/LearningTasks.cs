using SequenceModels.Networks;
using SequenceModels.Sequences;
using SequenceModels.Tests.Reference;

namespace SequenceModels.Tests.Training;

/// <summary>Small problems whose answers are known, each asking one thing of a memory.</summary>
internal static class LearningTasks
{
    /// <summary>Is the number of ones odd? Every step matters; tokens 1 and 2 stand for 0 and 1.</summary>
    public static List<Example> Parity(int count, int seed) => Make(count, seed, random =>
    {
        uint[] bits = Tokens(random, random.Next(1, 9), vocabulary: 2);
        return new(bits, null, bits.Count(bit => bit == 2) % 2);
    });

    /// <summary>The first of 25 tokens names the class: it must be carried over everything that follows.</summary>
    public static List<Example> FirstTokenDecides(int count, int seed) => Make(count, seed, random =>
    {
        uint[] tokens = Tokens(random, 25, vocabulary: 4);
        return new(tokens, null, tokens[0] - 1);
    });

    /// <summary>The last token names the class: everything before it must be forgotten.</summary>
    public static List<Example> LastTokenWins(int count, int seed) => Make(count, seed, random =>
    {
        uint[] tokens = Tokens(random, random.Next(1, 20), vocabulary: 4);
        return new(tokens, null, tokens[^1] - 1);
    });

    /// <summary>
    /// The adding problem of Hochreiter and Schmidhuber (1997): frames of a number in [0, 1] and a mark; the answer is the sum of the
    /// two marked numbers. Always saying 1 has a mean squared error of 1/6.
    /// </summary>
    public static List<Example> Adding(int count, int seed) => Make(count, seed, random =>
    {
        int steps = random.Next(8, 13), first = random.Next(steps / 2), second = random.Next(steps / 2, steps);
        float[] frames = new float[2 * steps];
        for (int t = 0; t < steps; t++)
            frames[2 * t] = random.NextSingle();
        frames[2 * first + 1] = frames[2 * second + 1] = 1;
        return new(null, frames, frames[2 * first] + frames[2 * second]);
    });

    public static SequenceDataset Dataset(NetworkShape spec, IEnumerable<Example> examples)
    {
        SequenceDataset data = examples.First().NewDataset(spec);
        foreach (Example example in examples)
            example.AddTo(data);
        return data;
    }

    private static List<Example> Make(int count, int seed, Func<Random, Example> make)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ => make(random))];
    }

    private static uint[] Tokens(Random random, int length, int vocabulary) =>
        [.. Enumerable.Range(0, length).Select(_ => (uint)random.Next(1, vocabulary + 1))];
}
