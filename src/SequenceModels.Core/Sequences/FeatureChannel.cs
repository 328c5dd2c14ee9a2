using System.Security.Cryptography;
using SequenceModels.Files;

namespace SequenceModels.Sequences;

/// <summary>The values of one feature at all steps of a data set, one row after the other.</summary>
internal sealed class FeatureChannel : IDisposable
{
    private readonly DealtList<uint> _keys; // tokens, or numbers of words
    private readonly DealtList<float> _frames;

    /// <param name="feature">What it is.</param>
    /// <param name="budget">What may be held in memory.</param>
    /// <param name="group">Processes that hold the values together; null: this one holds all.</param>
    public FeatureChannel(StepFeature feature, MemoryBudget budget, IBlockGroup? group = null)
    {
        Feature = feature;
        bool isFrames = feature.Kind == StepFeatureKind.Frames;
        (_keys, _frames) = (new(budget, isFrames ? null : group), new(budget, isFrames ? group : null));
        Words = feature.IsWord ? new WordTable(budget) : null;
    }

    public StepFeature Feature { get; }

    /// <summary>The words whose numbers the steps have; null of features that are no words.</summary>
    public WordTable? Words { get; }

    /// <summary>Steps that have a value.</summary>
    public long Steps => Feature.Kind == StepFeatureKind.Frames ? _frames.Count / Feature.Size : _keys.Count;

    public bool IsMapped => _keys.IsMapped || _frames.IsMapped || Words?.IsMapped == true;

    /// <summary>Puts tokens, or numbers of words, at the steps from one on; they are then the last.</summary>
    public void Write(long step, ReadOnlySpan<uint> keys)
    {
        Require(Feature.Kind != StepFeatureKind.Frames, "tokens or words");
        foreach (uint key in keys)
            if (Words is not null && key >= (uint)Words.Count)
                throw new ArgumentException(Invariant($"There is no word {key}: {Words.Count} are known."), nameof(keys));
        _keys.Write(step, keys);
    }

    /// <summary>Puts steps of the data [T, StepSize] at the steps from one on; they are then the last.</summary>
    public void Write(long step, ReadOnlySpan<float> frames)
    {
        Require(Feature.Kind == StepFeatureKind.Frames, "frames");
        if (frames.Length % Feature.StepSize != 0)
            throw new ArgumentException(Invariant($"{Counted.Of(frames.Length, "number")} cannot be cut into frames of ") +
                Invariant($"{Feature.StepSize}."), nameof(frames));
        _frames.Write(step * Feature.Size, Feature.Stack(frames));
    }

    /// <summary>
    /// Puts values of a channel of the same feature, or of its steps one by one where this one stacks them, at the steps from one
    /// on; they are then the last.
    /// </summary>
    /// <param name="step">Where to.</param>
    /// <param name="from">Where they are.</param>
    /// <param name="first">The first of their steps there.</param>
    /// <param name="count">How many steps.</param>
    public void Write(long step, FeatureChannel from, long first, int count)
    {
        if (Feature.Kind == StepFeatureKind.Frames)
            _frames.Write(step * Feature.Size, Feature.Stack(from.Frames(first, count)));
        else if (Words is null)
            Write(step, from.Keys(first, count));
        else
            for (int i = 0; i < count; i++)
                Write(step + i, [Words.FindOrAdd(from.Words!.Parts(from._keys.Span(first + i, 1)[0]))]);
    }

    /// <summary>Forgets the values from a step on.</summary>
    public void Cut(long steps)
    {
        _keys.Resize(Math.Min(_keys.Count, steps));
        _frames.Resize(Math.Min(_frames.Count, steps * Feature.Size));
    }

    /// <summary>Says that the values before a step stay, so that they can be dealt to the processes that hold them.</summary>
    public void Deal(long steps)
    {
        _keys.Deal(Math.Min(_keys.Count, steps));
        _frames.Deal(Math.Min(_frames.Count, steps * Feature.Size));
    }

    /// <summary>Whether some of the values are held by other processes.</summary>
    public bool IsDealt => _keys.IsDealt || _frames.IsDealt;

    /// <summary>Has steps come from other processes at once, before this thread reads them one stretch after the other.</summary>
    /// <param name="stretches">The first step of each, and how many; changed to be in numbers.</param>
    public void Fetch(Span<(long Start, int Length)> stretches)
    {
        foreach (ref (long Start, int Length) stretch in stretches)
            stretch = Feature.Kind != StepFeatureKind.Frames ? stretch
                : (stretch.Start * Feature.Size, checked(stretch.Length * Feature.Size));
        if (Feature.Kind == StepFeatureKind.Frames)
            _frames.Fetch(stretches);
        else
            _keys.Fetch(stretches);
    }

    /// <summary>[T] tokens, or numbers of words.</summary>
    public ReadOnlySpan<uint> Keys(long step, int count) => _keys.Span(step, count);

    /// <summary>[T, F] numbers.</summary>
    public ReadOnlySpan<float> Frames(long step, int count) => _frames.Span(step * Feature.Size, checked(count * Feature.Size));

    /// <summary>Forgets all values and keeps the memory for others.</summary>
    public void Clear()
    {
        _keys.Clear();
        _frames.Clear();
        Words?.Clear();
    }

    public void AppendTo(IncrementalHash hash)
    {
        _keys.AppendTo(hash);
        _frames.AppendTo(hash);
        Words?.AppendTo(hash);
    }

    public void Dispose()
    {
        _keys.Dispose();
        _frames.Dispose();
        Words?.Dispose();
    }

    private void Require(bool holds, string given)
    {
        if (!holds)
            throw new InvalidOperationException($"The feature is {Feature}, and was given {given}.");
    }
}
