using System.Collections;
using System.Runtime.CompilerServices;
using SequenceModels.Files;

namespace SequenceModels.Sequences;

/// <summary>The features that a step has beside its first, in the order of their vectors. Immutable; equal where all of them are.</summary>
[CollectionBuilder(typeof(StepFeatures), nameof(Of))]
internal sealed class StepFeatures : IReadOnlyList<StepFeature>, IEquatable<StepFeatures>
{
    /// <summary>More features than any data has, and a longer vector: bounds for files that lie.</summary>
    private const int Most = 64, LargestSize = 1 << 24;

    private readonly StepFeature[] _features;

    private StepFeatures(StepFeature[] features) => _features = features;

    /// <summary>A step has one feature.</summary>
    public static StepFeatures None { get; } = new([]);

    public int Count => _features.Length;

    public StepFeature this[int index] => _features[index];

    public static StepFeatures Of(ReadOnlySpan<StepFeature> features) => features.IsEmpty ? None : new(features.ToArray());

    public bool Equals(StepFeatures? other) => other is not null && _features.AsSpan().SequenceEqual(other._features);

    public override bool Equals(object? obj) => Equals(obj as StepFeatures);

    public override int GetHashCode()
    {
        var hash = new HashCode();
        foreach (StepFeature feature in _features)
            hash.Add(feature);
        return hash.ToHashCode();
    }

    /// <summary>All that decides what the features are, as text.</summary>
    public override string ToString() => Count == 0 ? "none" : string.Join("; ", _features.Select(feature => feature.ToString()));

    public IEnumerator<StepFeature> GetEnumerator() => ((IEnumerable<StepFeature>)_features).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    public void Write(BinaryWriter writer)
    {
        writer.Write(Count);
        foreach (StepFeature feature in _features)
        {
            writer.Write((int)feature.Kind);
            writer.Write(feature.Size);
            writer.Write(feature.EmbeddingSize);
            writer.Write(feature.HiddenSize);
        }
    }

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    public static StepFeatures Read(PayloadReader reader)
    {
        var features = new StepFeature[reader.ReadInt32("the number of further features", 0, Most)];
        for (int i = 0; i < features.Length; i++)
        {
            StepFeatureKind kind = reader.ReadEnum<StepFeatureKind>("kind of feature");
            int size = reader.ReadInt32("size of a feature", 1, LargestSize);
            int embedding = reader.ReadInt32("vector size of a feature", kind == StepFeatureKind.Frames ? 0 : 1,
                kind == StepFeatureKind.Frames ? 0 : LargestSize);
            int hidden = reader.ReadInt32("units of a feature", kind == StepFeatureKind.Characters ? 1 : 0,
                kind == StepFeatureKind.Characters ? LargestSize : 0);
            features[i] = kind switch
            {
                StepFeatureKind.Tokens => StepFeature.Tokens(size, embedding),
                StepFeatureKind.Frames => StepFeature.Frames(size),
                _ => StepFeature.Characters(size, embedding, hidden),
            };
        }
        return Of(features);
    }
}
