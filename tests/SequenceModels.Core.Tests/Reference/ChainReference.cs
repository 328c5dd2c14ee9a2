using SequenceModels.Heads;
using SequenceModels.Kernels;

namespace SequenceModels.Tests.Reference;

/// <summary>A linear chain as its definition has it: every tag sequence by itself, in double. For few tags and steps.</summary>
internal sealed class ChainReference(double[,] transitions, double[,] start, double[,] end, CrfConstraints? constraints = null)
{
    public const string Transitions = "crf.transitions"; // [K, K] from the row's tag to the column's
    public const string Start = "crf.start";             // [1, K]
    public const string End = "crf.end";                 // [1, K]

    private readonly int _tags = start.GetLength(1);

    public static ChainReference Of(ReferenceWeights weights, CrfConstraints? constraints) =>
        new(weights[Transitions], weights[Start], weights[End], constraints);

    /// <summary>
    /// Every tag sequence that the constraints leave, and its score, over outputs [T][K]; one without tags over none.
    /// </summary>
    public IEnumerable<(int[] Tags, double Score)> All(double[][] outputs)
    {
        if (outputs.Length == 0)
            yield break;
        int[] tags = new int[outputs.Length];
        double[] scores = new double[outputs.Length];
        for (int t = 0, first = 0; ;)
        {
            for (t = first; t < tags.Length; t++)
                scores[t] = outputs[t][tags[t]] + (t == 0 ? start[0, tags[0]]
                    : scores[t - 1] + transitions[tags[t - 1], tags[t]]);
            if (IsAllowed(tags))
                yield return ([.. tags], scores[^1] + end[0, tags[^1]]);
            for (first = tags.Length - 1; first >= 0 && tags[first] == _tags - 1; first--)
                tags[first] = 0;
            if (first < 0)
                yield break;
            tags[first]++;
        }
    }

    public double Score(double[][] outputs, int[] tags)
    {
        double score = start[0, tags[0]] + end[0, tags[^1]];
        for (int t = 0; t < tags.Length; t++)
            score += outputs[t][tags[t]] + (t == 0 ? 0 : transitions[tags[t - 1], tags[t]]);
        return score;
    }

    /// <summary>Over those sequences alone that have the labels; NaN: any will do.</summary>
    public double LogPartition(double[][] outputs, float[] labels) => Math.Log(All(outputs)
        .Where(sequence => !sequence.Tags.Where((tag, t) => !float.IsNaN(labels[t]) && tag != labels[t]).Any())
        .Sum(sequence => Math.Exp(sequence.Score)));

    public double LogPartition(double[][] outputs) => Math.Log(All(outputs).Sum(sequence => Math.Exp(sequence.Score)));

    /// <summary>[T][K] p(y_t = k).</summary>
    public double[][] Marginals(double[][] outputs)
    {
        double partition = All(outputs).Sum(sequence => Math.Exp(sequence.Score));
        double[][] marginals = [.. outputs.Select(_ => new double[_tags])];
        foreach ((int[] tags, double score) in All(outputs))
            for (int t = 0; t < tags.Length; t++)
                marginals[t][tags[t]] += Math.Exp(score) / partition;
        return marginals;
    }

    public int[] Likeliest(double[][] outputs) => outputs.Length == 0 ? [] : All(outputs).MaxBy(sequence => sequence.Score).Tags;

    private bool IsAllowed(int[] tags)
    {
        if (constraints is null)
            return true;
        for (int t = 1; t < tags.Length; t++)
            if (!constraints.Allows(tags[t - 1], tags[t]))
                return false;
        return constraints.AllowsStart(tags[0]) && constraints.AllowsEnd(tags[^1]);
    }
}
