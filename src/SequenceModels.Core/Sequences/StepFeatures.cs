using System.Collections;
using System.Runtime.CompilerServices;
using SequenceModels.Files;

namespace SequenceModels.Sequences;

/// <summary>
/// The features that each step has, at least one, in the order of their vectors. Immutable; equal where all of them are.
/// </summary>
[CollectionBuilder(typeof(StepFeatures), nameof(Create))]
internal sealed class StepFeatures : IReadOnlyList<StepFeature>, IEquatable<StepFeatures>
{
    /// <summary>More features than any data has, and a longer vector: bounds for files that lie.</summary>
    private const int Most = 64, LargestVector = 1 << 24;

    private readonly StepFeature[] _features;

    private StepFeatures(StepFeature[] features) => _features = features;

    public int Count => _features.Length;

    public StepFeature this[int index] => _features[index];

    /// <summary>Whether a step is one token and nothing else.</summary>
    public bool AreTokens => _features is [{ Kind: StepFeatureKind.Tokens }];

    /// <summary>Whether a step is one frame of numbers and nothing else.</summary>
    public bool AreFrames => _features is [{ Kind: StepFeatureKind.Frames }];

    /// <summary>Numbers that are held for a step: a key, or those of a frame.</summary>
    public long NumbersPerStep => _features.Sum(feature => feature.Kind == StepFeatureKind.Frames ? (long)feature.Size : 1);

    /// <summary>The place of the first feature that is tokens; -1: there is none.</summary>
    public int FirstTokens => Array.FindIndex(_features, feature => feature.Kind == StepFeatureKind.Tokens);

    public static StepFeatures Create(ReadOnlySpan<StepFeature> features) =>
        features.IsEmpty ? throw new ArgumentException("A step needs a feature.", nameof(features)) : new(features.ToArray());

    /// <summary>Whether steps have the same kinds of values, of the same sizes, whatever becomes of them.</summary>
    public bool HaveSameValues(StepFeatures other)
    {
        bool same = Count == other.Count;
        for (int i = 0; same && i < Count; i++)
            same = (this[i].Kind, this[i].Size, this[i].Stacked) == (other[i].Kind, other[i].Size, other[i].Stacked);
        return same;
    }

    /// <summary>All that tells them from others, as names and texts; those of one feature are named one by one.</summary>
    public IEnumerable<(string Name, string Value)> Settings() => Count > 1 ? [("Features", ToString())] :
    [
        ("Input", InvariantText.Of(this[0].Kind)),
        ("InputSize", InvariantText.Of(this[0].StepSize)),
        .. this[0].Stacked == 1 ? Array.Empty<(string, string)>()
            : [("FrameStacking", InvariantText.Of(this[0].Stacked))],
        (nameof(StepFeature.EmbeddingSize), InvariantText.Of(this[0].EmbeddingSize)),
        .. this[0].HiddenSize == 0 ? Array.Empty<(string, string)>()
            : [("CharacterHiddenSize", InvariantText.Of(this[0].HiddenSize))],
    ];

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
    public override string ToString() => string.Join("; ", _features.Select(feature => feature.ToString()));

    public IEnumerator<StepFeature> GetEnumerator() => ((IEnumerable<StepFeature>)_features).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    public void Write(PayloadWriter writer)
    {
        writer.Write(Count);
        foreach (StepFeature feature in _features)
        {
            writer.Write((int)feature.Kind);
            writer.Write(feature.Size);
            writer.Write(feature.EmbeddingSize);
            writer.Write(feature.HiddenSize);
            writer.Write(feature.Stacked);
        }
    }

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    public static StepFeatures Read(PayloadReader reader)
    {
        var features = new StepFeature[reader.ReadInt32("the number of features", 1, Most)];
        for (int i = 0; i < features.Length; i++)
        {
            StepFeatureKind kind = reader.ReadEnum<StepFeatureKind>("kind of feature");
            int size = reader.ReadInt32("size of a feature", 1, int.MaxValue - 1);
            bool hasVectors = kind != StepFeatureKind.Frames, hasUnits = kind == StepFeatureKind.Characters;
            int embedding = reader.ReadInt32("vector size of a feature",
                hasUnits || kind == StepFeatureKind.Subwords ? 1 : 0, hasVectors ? LargestVector : 0);
            int hidden = reader.ReadInt32("units of a feature", hasUnits ? 1 : 0, hasUnits ? LargestVector : 0);
            int stacked = reader.ReadInt32("number of steps in a frame", 1, hasVectors ? 1 : size);
            if (size % stacked != 0)
                throw reader.Invalid(Invariant($"frames of {size} numbers cannot be made of {stacked} steps"));
            features[i] = kind switch
            {
                StepFeatureKind.Tokens => StepFeature.Tokens(size, embedding),
                StepFeatureKind.Frames => StepFeature.Frames(size / stacked, stacked),
                StepFeatureKind.Subwords => StepFeature.Subwords(size, embedding),
                _ => StepFeature.Characters(size, embedding, hidden),
            };
        }
        return new StepFeatures(features);
    }
}
