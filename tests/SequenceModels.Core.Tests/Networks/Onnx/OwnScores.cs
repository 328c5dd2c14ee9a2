using SequenceModels.Heads;
using SequenceModels.Sequences;
using SequenceModels.Tests.Reference;
using SequenceModels.Tests.Training;

namespace SequenceModels.Tests.Networks;

/// <summary>What a network gives of the rows of a batch.</summary>
/// <param name="Scores">Of each row.</param>
/// <param name="Tags">Of each row the class of each step; null: there are none.</param>
internal sealed record OwnScores(float[][] Scores, int[][]? Tags)
{
    public static OwnScores Of(SequenceNetwork network, NetworkShape spec, IReadOnlyList<Example> batch)
    {
        using SequenceDataset data = LearningTasks.Dataset(spec, batch);
        int outputs = spec.NumberOfOutputs;
        float[] scores = new float[(spec.EveryStep ? data.NumberOfSteps : data.Count) * outputs];
        int[] tags = new int[spec.EveryStep && spec.Head is HeadKind.Crf or HeadKind.Ctc or HeadKind.Softmax
            ? data.NumberOfSteps : 0];
        network.Score(data, [.. Enumerable.Range(0, data.Count).OrderByDescending(data.Length)], scores,
            spec.EveryStep ? tags : [], network.CreatePass());
        Range Of(int row) => spec.EveryStep ? (int)data.Start(row)..(int)(data.Start(row) + data.Length(row)) : row..(row + 1);
        return new OwnScores(
            [.. Enumerable.Range(0, batch.Count).Select(row =>
                scores[(Of(row).Start.Value * outputs)..(Of(row).End.Value * outputs)])],
            spec.EveryStep && tags.Length > 0 ? [.. Enumerable.Range(0, batch.Count).Select(row => tags[Of(row)])] : null);
    }
}
