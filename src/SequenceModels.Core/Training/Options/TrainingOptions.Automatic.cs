using SequenceModels.Files;
using SequenceModels.Sequences;
using SequenceModels.Training;

namespace SequenceModels;

public abstract partial record TrainingOptions
{
    /// <summary>Where the rows are held.</summary>
    internal RowMemory RowMemory => new(MaximumMemoryBytes, Distribution as IBlockGroup);

    /// <summary>What was set; null: nothing.</summary>
    private readonly float? _dropout, _learningRate;

    /// <summary>What options have that were not set.</summary>
    private protected virtual TrainingDefaults Defaults => TrainingDefaults.OfAll;

    /// <summary>The same options with a value for each that was left to the kind of the steps.</summary>
    internal virtual TrainingOptions For(StepFeatures inputs) => this;

    /// <summary>The same options with a value for each that was left to the number of rows.</summary>
    /// <param name="data">All rows; those that <see cref="ValidationFraction"/> takes among them.</param>
    /// <param name="isSplit">Whether it takes some.</param>
    internal TrainingOptions For(SequenceDataset data, bool isSplit)
    {
        double share = isSplit ? 1 - ValidationFraction : 1;
        if (TaskOptions.WindowsPerEpoch is > 0 and int most)
            share = Math.Min(share, (double)most / data.Count);
        int batchSize = BatchSize > 0 ? BatchSize : AutomaticTraining.BatchSize(share * data.Count);
        return this with
        {
            BatchSize = batchSize,
            NumberOfEpochs = NumberOfEpochs != AutomaticEpochs ? NumberOfEpochs
                : AutomaticTraining.Epochs(
                    AutomaticTraining.Updates(data, share, batchSize, TruncatedBackpropagationSteps), Defaults),
        };
    }

    private protected TrainingOptions Filled(TrainingDefaults defaults) => this with
    {
        Dropout = _dropout ?? defaults.Dropout,
        LearningRate = _learningRate ?? defaults.LearningRate,
    };
}
