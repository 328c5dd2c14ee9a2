using SequenceModels.Sequences;

namespace SequenceModels.Tests.Reference;

/// <summary>
/// A further feature's vectors as a textbook has them: one step at a time, each word's characters read anew, in double.
/// </summary>
internal static class ReferenceFeature
{
    /// <summary>[T][numbers].</summary>
    /// <param name="feature">What it is.</param>
    /// <param name="number">Its place among the further ones, from 0.</param>
    /// <param name="values">Of a row.</param>
    /// <param name="weights">Of the network.</param>
    /// <param name="isFirstOfTokens">Whether no feature before it is tokens.</param>
    public static double[][] Vectors(StepFeature feature, int number, FeatureValues values, ReferenceWeights weights,
        bool isFirstOfTokens)
    {
        string name = $"feature{number + 2}", table = isFirstOfTokens ? "embedding" : $"{name}.embedding";
        return feature.Kind switch
        {
            StepFeatureKind.Tokens => [.. values.Tokens!.Select(key => Vector(table, key))],
            StepFeatureKind.Frames => [.. values.Frames!.Chunk(feature.Size)
                .Select(frame => frame.Select((x, i) => weights.ScaleFeature(number, i, x)).ToArray())],
            StepFeatureKind.Subwords => [.. values.Words!.Select(MeanOfSubwords)],
            _ => [.. values.Words!.Select(Word)],
        };

        double[] MeanOfSubwords(uint[] keys)
        {
            double[][] vectors = [.. keys.Select(key => Vector($"{name}.subwords", key))];
            return [.. Enumerable.Range(0, feature.EmbeddingSize)
                .Select(i => vectors.Length == 0 ? 0 : vectors.Average(vector => vector[i]))];
        }

        double[] Vector(string table, uint key) => ReferenceNetwork.Row(weights[table], key <= feature.Size ? (int)key : 0);

        double[] Word(uint[] characters)
        {
            if (characters.Length == 0)
                return new double[2 * feature.HiddenSize];
            double[][] steps = [.. characters.Select(key => Vector($"{name}.characters.embedding", key))];
            return [.. Lstm("forward").Run(steps)[^1], .. Lstm("backward").RunFromEnd(steps)[0]];
        }

        ReferenceCell Lstm(string direction) =>
            ReferenceCell.Create("LSTM", part => weights[$"{name}.characters.{direction}.{part}"]);
    }
}
