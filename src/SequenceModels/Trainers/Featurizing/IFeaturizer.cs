namespace SequenceModels.Trainers;

/// <summary>A fitted transformer whose network makes a vector of a whole sequence.</summary>
internal interface IFeaturizer
{
    /// <summary>The columns that the network reads, in its order.</summary>
    SavedColumn[] Features { get; }

    /// <summary>What was learned.</summary>
    SequenceModelParameters Model { get; }
}
