namespace SequenceModels.Tests.Transcription;

/// <summary>
/// Sound that is learned in a moment: each letter is a level that is held for some steps, with pauses between, and noise over
/// all.
/// </summary>
internal static class SpokenLevels
{
    private static readonly float[] s_levels = [1, 2, -1];

    public sealed class Row
    {
        public float[] Features { get; set; } = [];

        public string Said { get; set; } = "";
    }

    /// <summary>Texts of no letter to five of a, b and c.</summary>
    /// <param name="count">Rows.</param>
    /// <param name="seed">Of all that is drawn.</param>
    /// <param name="noise">Deviation of the noise.</param>
    public static Row[] Create(int count, int seed, double noise = 0.1)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ =>
        {
            int[] letters = [.. Enumerable.Range(0, random.Next(6)).Select(_ => random.Next(s_levels.Length))];
            var steps = new List<float>();
            Hold(0);
            foreach (int letter in letters)
            {
                Hold(s_levels[letter]);
                Hold(0);
            }
            return new Row { Features = [.. steps], Said = string.Concat(letters.Select(letter => (char)('a' + letter))) };

            void Hold(float level)
            {
                for (int left = random.Next(2, 5); left > 0; left--)
                    steps.Add(level + (float)(noise * (random.NextDouble() + random.NextDouble() - 1)));
            }
        })];
    }
}
