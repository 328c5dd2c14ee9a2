using System.Collections;
using System.Globalization;

namespace SequenceModels.Heads;

/// <summary>Quantiles of a head, equal where their values are.</summary>
internal sealed class Quantiles(params float[] values) : IReadOnlyList<float>, IEquatable<Quantiles>
{
    public static Quantiles None { get; } = new();

    public int Count => values.Length;

    public float this[int index] => values[index];

    public IEnumerator<float> GetEnumerator() => values.AsEnumerable().GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    public bool Equals(Quantiles? other) => other is not null && this.SequenceEqual(other);

    public override bool Equals(object? obj) => Equals(obj as Quantiles);

    public override int GetHashCode() => values.Aggregate(values.Length, HashCode.Combine);

    public override string ToString() => string.Join(' ', values.Select(value => value.ToString(CultureInfo.InvariantCulture)));
}
