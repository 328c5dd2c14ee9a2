using SequenceModels.Files;
using SequenceModels.Parameters;
using SequenceModels.Sequences;

namespace SequenceModels.Training;

/// <summary>Rows to learn from and rows to measure on, both in the data's order.</summary>
/// <param name="Training">Numbers of rows.</param>
/// <param name="Validation">Numbers of the others.</param>
internal sealed record ValidationSplit(SpillList<int> Training, SpillList<int> Validation) : IDisposable
{
    /// <summary>Apart from those of the initial weights and the epochs.</summary>
    private const ulong Purpose = 1UL << 63;

    /// <summary>
    /// Draws validation rows, each set of the right size equally likely. Rows of weight 0 stay in training:
    /// they are not counted as rows here, so that either side has some weight.
    /// </summary>
    /// <param name="data">All rows. Its budget holds for the lists too.</param>
    /// <param name="fraction">Share of the validation rows, rounded to whole rows.</param>
    /// <param name="seed">Decides which rows.</param>
    /// <param name="byClass">Whether each label gives this share, and keeps at least one row in training.</param>
    /// <exception cref="InvalidOperationException">No row would be left on one side.</exception>
    public static ValidationSplit Draw(SequenceDataset data, double fraction, int seed, bool byClass)
    {
        Dictionary<float, Group> groups = Count(data, byClass);
        int all = 0, validation = 0;
        foreach (Group group in groups.Values)
        {
            all += group.Rows;
            group.Validation = (int)Math.Round(fraction * group.Rows, MidpointRounding.AwayFromZero);
            if (byClass)
                group.Validation = Math.Min(group.Validation, group.Rows - 1);
            validation += group.Validation;
        }
        if (validation == 0 || validation == all)
            throw new InvalidOperationException(Invariant(
                $"{nameof(TrainingOptions.ValidationFraction)} is {fraction}, and of the {Counted.Of(all, "row")} with a ") +
                Invariant($"weight {validation} would be for validation{(byClass ? ", counted class by class" : "")}: ") +
                "neither side may be empty. Give more rows, another fraction, or a validation set of its own.");

        var split = new ValidationSplit(data.NewList<int>(), data.NewList<int>());
        try
        {
            split.Draw(data, groups, seed, byClass);
            return split;
        }
        catch
        {
            split.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        Training.Dispose();
        Validation.Dispose();
    }

    private static Dictionary<float, Group> Count(SequenceDataset data, bool byClass)
    {
        var groups = new Dictionary<float, Group>();
        for (int row = 0; row < data.Count; row++)
        {
            if (data.Weight(row) == 0)
                continue;
            float key = byClass ? data.Labels(row)[0] : 0;
            if (!groups.TryGetValue(key, out Group? group))
                groups.Add(key, group = new Group());
            group.Rows++;
        }
        return groups;
    }

    /// <summary>
    /// One pass and no memory beside the lists: a row is drawn with the share that its group still has to give of those still to
    /// come.
    /// </summary>
    /// <remarks>Knuth, The Art of Computer Programming, volume 2, section 3.4.2, algorithm S.</remarks>
    private void Draw(SequenceDataset data, Dictionary<float, Group> groups, int seed, bool byClass)
    {
        var random = RandomStream.For(seed, Purpose);
        for (int row = 0; row < data.Count; row++)
        {
            if (data.Weight(row) > 0)
            {
                Group group = groups[byClass ? data.Labels(row)[0] : 0];
                if (random.Next(group.Rows--) < group.Validation)
                {
                    group.Validation--;
                    Validation.Add(row);
                    continue;
                }
            }
            Training.Add(row);
        }
    }

    /// <summary>Rows of one class, or all.</summary>
    private sealed class Group
    {
        /// <summary>Still to come.</summary>
        public int Rows { get; set; }

        /// <summary>Those of them that go to the validation rows.</summary>
        public int Validation { get; set; }
    }
}
