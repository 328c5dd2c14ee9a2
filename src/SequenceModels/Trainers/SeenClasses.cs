namespace SequenceModels.Trainers;

/// <summary>Whether labels are of more than one class: else there is nothing to tell apart.</summary>
internal struct SeenClasses
{
    private float? _first;

    /// <summary>Whether two different labels were added.</summary>
    public bool AreSeveral { get; private set; }

    public void Add(float label)
    {
        _first ??= label;
        AreSeveral |= _first != label;
    }
}
