using Microsoft.ML;
using SequenceModels.Sequences;

namespace SequenceModels.Columns;

/// <summary>The columns that a network reads together: one, or several that have the same steps in every row.</summary>
internal sealed class InputColumns
{
    private readonly SequenceColumn[] _further;

    public InputColumns(SequenceColumn column) : this(column, [], StepFeatures.None) { }

    /// <param name="first">The network's first feature. Null: it has none but words, and its first one is the number 1 at each step.</param>
    /// <param name="further">The others.</param>
    /// <param name="features">What the network takes these for.</param>
    public InputColumns(SequenceColumn? first, SequenceColumn[] further, StepFeatures features)
    {
        (First, _further, Features) = (first, further, features);
        All = first is null ? further : [first, .. further];
    }

    public SequenceColumn? First { get; }

    /// <summary>What a step has beside the first feature.</summary>
    public StepFeatures Features { get; }

    /// <summary>Each column once, the first feature's first.</summary>
    public IReadOnlyList<SequenceColumn> All { get; }

    public SequenceInput Input => First?.Input ?? SequenceInput.Frames;

    /// <summary>V or F of the first feature.</summary>
    public int InputSize => First?.InputSize ?? 1;

    /// <summary>Numbers that are held for a step.</summary>
    public int NumbersPerStep => (Input == SequenceInput.Tokens ? 1 : InputSize) +
        Features.Sum(feature => feature.Kind == StepFeatureKind.Frames ? feature.Size : 1);

    /// <summary>An empty data set for rows of these columns.</summary>
    /// <param name="maximumMemoryBytes">What it may hold in memory.</param>
    /// <param name="targets">What the rows have for labels; null: one for each row.</param>
    public SequenceDataset NewDataset(long maximumMemoryBytes = long.MaxValue, Func<SequenceDataset, Targets>? targets = null) =>
        new(Input, InputSize, maximumMemoryBytes, features: Features, targets: targets);

    public InputReader CreateReader(DataViewRow row) =>
        new(First?.CreateReader(row), [.. _further.Select(column => column.CreateReader(row))]);
}
