using SequenceModels.Files;

namespace SequenceModels.Sequences;

internal sealed partial class SequenceDataset
{
    /// <summary>
    /// Reads several steps of each row as one from now on. Of rows that are frames and nothing else, with one label each; rows
    /// that are added later are stacked as these are.
    /// </summary>
    /// <param name="stacked">How many steps; with 1 nothing changes.</param>
    public void StackFrames(int stacked)
    {
        if (stacked == 1)
            return;
        if (Inputs is not [{ Kind: StepFeatureKind.Frames, Stacked: 1 } feature] || Targets is not RowTargets)
            throw new InvalidOperationException($"Steps of several values, or with labels of their own ({Inputs}), stay alone.");
        Inputs = [StepFeature.Frames(feature.StepSize, stacked)];
        var channel = new FeatureChannel(Inputs[0], _budget, _group);
        using SpillList<long> ends = NewList<long>();
        for (int row = 0; row < Count; row++)
        {
            channel.Write(channel.Steps, _channels[0], Start(row), Length(row));
            ends.Add(channel.Steps);
            channel.Deal(channel.Steps);
        }
        _ends.Clear();
        for (int row = 0; row < Count; row++)
            _ends.Add(ends[row]);
        _channels[0].Dispose();
        _channels[0] = channel;
        NumberOfSteps = _held = channel.Steps;
    }
}
