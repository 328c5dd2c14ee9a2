using SequenceModels.Kernels;
using SequenceModels.Networks;
using SequenceModels.Sequences;

namespace SequenceModels.Tagging;

/// <summary>Tags one sequence at a time, with memory that the next one uses again. One per thread.</summary>
internal sealed class TaggerPass(SequenceTagger tagger)
{
    private readonly SequenceNetwork _network = tagger.Network;
    private readonly EncoderPass _pass = tagger.Network.CreatePass();
    private readonly List<TagSpan> _spans = [];
    private readonly SequenceDataset _row = OfOneRow(tagger.Network);
    private int[] _tags = [];
    private uint[] _keys = [];

    public TaggedSequence Tag(ReadOnlySpan<uint> tokens)
    {
        _row.Clear();
        _row.Add(tokens, label: 0);
        return Tag(tokens.Length);
    }

    public TaggedSequence Tag(ReadOnlySpan<float> frames)
    {
        _row.Clear();
        _row.Add(frames, label: 0);
        return Tag(frames.Length / _network.InputSize);
    }

    /// <summary>Has no file, and needs no end.</summary>
    private static SequenceDataset OfOneRow(SequenceNetwork network) => new(network.Spec.Inputs);

    private TaggedSequence Tag(int steps)
    {
        if (_tags.Length < steps)
            (_tags, _keys) = (new int[steps], new uint[steps]);
        float[] scores = new float[ArrayLength.Of(steps, _network.NumberOfOutputs)];
        _network.Score(_row, [0], scores, _tags.AsSpan(0, steps), _pass);
        if (tagger.Bioes is { } bioes)
            scores = Given(bioes, scores, steps);
        string[] tags = new string[steps];
        for (int t = 0; t < steps; t++)
        {
            tags[t] = tagger.Tags[_tags[t]];
            _keys[t] = (uint)_tags[t] + 1;
        }
        tagger.TagScheme.FindSpans(_keys.AsSpan(0, steps), _spans);
        return new TaggedSequence(tags, [.. _spans.Select(span => new TaggedSpan(tagger.TagScheme.Types[span.Type], span.First,
            span.Count))], scores);
    }

    /// <summary>Turns learned tags into those of the labels, in place; the scores of these.</summary>
    private float[] Given(BioesTags bioes, float[] learned, int steps)
    {
        for (int t = 0; t < steps; t++)
            _tags[t] = bioes.Decode(_tags[t]);
        float[] scores = new float[steps * bioes.GivenCount];
        bioes.Decode(learned, scores);
        return scores;
    }
}
