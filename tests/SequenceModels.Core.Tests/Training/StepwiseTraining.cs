using SequenceModels.Heads;
using SequenceModels.Networks;
using SequenceModels.Sequences;
using SequenceModels.Tests.Reference;
using SequenceModels.Training;

namespace SequenceModels.Tests.Training;

/// <summary>A training batch by batch, to compare the trainer with: without selection, schedule or scaling.</summary>
internal sealed class StepwiseTraining : IDisposable
{
    private readonly Batches _batches;
    private readonly TrainingStep _step;
    private readonly TrainingOptions _options;
    private readonly EncoderNetwork _network;
    private readonly SequenceDataset _data;
    private int _done;

    public StepwiseTraining(NetworkShape spec, SequenceDataset data, TrainingOptions options, int seed)
    {
        (_options, _data) = (options, data);
        _network = new EncoderNetwork(spec, FrameTransform.None, LabelTransform.None);
        _network.Parameters.Allocate();
        _network.Initialize(seed);
        UnreachedRows.Clear(_network, new RowSelection(data), dropsWords: false);
        _batches = new Batches(data, options.BatchSize, seed);
        _step = new TrainingStep(_network, data, options, seed);
    }

    public int BatchesInAnEpoch => _batches.Count;

    /// <summary>Learns from the next batch.</summary>
    public (double Loss, double Weight, double GradientNorm) Learn()
    {
        if (_done % _batches.Count == 0)
            _batches.Shuffle(1 + _done / _batches.Count);
        return _step.Run(_data, _batches[_done++ % _batches.Count], _options.LearningRate);
    }

    public SequenceNetwork Network => SequenceNetwork.Of(_network.Copy());

    public void Dispose()
    {
        _step.Dispose();
        _batches.Dispose();
    }
}
