using SequenceModels.Sequences;

namespace SequenceModels;

/// <summary>
/// How much the examples of each class count in the training loss, on top of their own weights. Validation figures are left
/// alone.
/// </summary>
public sealed class ClassWeights : IEquatable<ClassWeights>
{
    private readonly float[]? _weights;

    private ClassWeights(float[]? weights) => _weights = weights;

    /// <summary>
    /// All classes count alike in sum, whatever the number of their examples: N / (K n_k) for each of the n_k examples of a
    /// class, N being all examples and K the classes that have any. Example weights count as so many examples.
    /// </summary>
    /// <remarks>King and Zeng, "Logistic Regression in Rare Events Data", Political Analysis 9, 2001.</remarks>
    public static ClassWeights Balanced { get; } = new(null);

    /// <summary>A weight for each class.</summary>
    /// <param name="weights">
    /// In the order of the label's keys; of a Boolean label, false and then true. Finite, at least 0 and not all 0.
    /// </param>
    /// <exception cref="ArgumentException">A weight is negative or not finite, or all are 0.</exception>
    public static ClassWeights Of(params ReadOnlySpan<float> weights)
    {
        foreach (float weight in weights)
            if (!(weight >= 0) || !float.IsFinite(weight))
                throw new ArgumentException(Invariant($"A class has the weight {weight}. Weights must be finite and at least 0."),
                    nameof(weights));
        if (weights.IndexOfAnyExcept(0) < 0)
            throw new ArgumentException("No class has a positive weight. Give each class that is to be learned one.",
                nameof(weights));
        return new ClassWeights(weights.ToArray());
    }

    /// <summary>Whether the weights come from the training data.</summary>
    public bool IsBalanced => _weights is null;

    /// <summary>The given weights; none where they are balanced.</summary>
    public ReadOnlySpan<float> Values => _weights;

    /// <summary>The weight of each class.</summary>
    /// <param name="trainingRows">The rows whose classes are counted; labels are classes, of rows or of their steps.</param>
    /// <param name="classes">How many there are; 2 where one output tells false from true.</param>
    /// <param name="option">The option that has them, as a message names it.</param>
    /// <exception cref="ArgumentException">Weights were given, but not one for each class.</exception>
    internal float[] Resolve(RowSelection trainingRows, int classes, string option)
    {
        if (_weights is null)
            return Balance(trainingRows, classes);
        if (_weights.Length != classes)
            throw new ArgumentException(
                $"{option} has {Counted.Of(_weights.Length, "weight")}, but the label has {Counted.Of(classes, "class")}. " +
                "Give one weight " +
                "for each class in the order of the label's keys (of a Boolean label, false and then true), or " +
                $"{nameof(ClassWeights)}.{nameof(Balanced)}.");
        return [.. _weights];
    }

    private static float[] Balance(RowSelection rows, int classes)
    {
        SequenceDataset data = rows.Data;
        double[] counts = new double[classes];
        float weight = 0;
        Action<float> count = label => counts[(int)label] += weight;
        foreach (int row in rows)
        {
            weight = data.Weight(row);
            data.Targets.Visit(row, count);
        }
        double each = counts.Sum() / counts.Count(count => count > 0);
        return [.. counts.Select(count => count > 0 ? (float)(each / count) : 0)];
    }

    /// <inheritdoc/>
    public bool Equals(ClassWeights? other) =>
        other is not null && IsBalanced == other.IsBalanced && Values.SequenceEqual(other.Values);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as ClassWeights);

    /// <inheritdoc/>
    public override int GetHashCode() => _weights is null ? 0 : _weights.Length == 0 ? 1
        : HashCode.Combine(_weights.Length, _weights[0]);

    /// <summary>"balanced", or the weights.</summary>
    public override string ToString() =>
        _weights is null ? "balanced"
        : string.Join(", ", _weights.Select(w => w.ToString("R", System.Globalization.CultureInfo.InvariantCulture)));
}
