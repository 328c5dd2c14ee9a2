using System.Collections.Concurrent;
using SequenceModels.Files;
using SequenceModels.Networks;
using SequenceModels.Tagging;

namespace SequenceModels;

/// <summary>
/// A trained network that gives each step of a sequence a tag, with the names of its tags: from them it knows which steps make up
/// a span. Immutable and safe to use from many threads at once; needs no ML.NET.
/// </summary>
/// <remarks>Tags and scores are, to the bit, those of the trained pipeline.</remarks>
public sealed class SequenceTagger
{
    private readonly ConcurrentBag<TaggerPass> _passes = [];

    /// <summary>A tagger of a network.</summary>
    /// <param name="network">Has a class for each step.</param>
    /// <param name="tags">[K] the names of the classes, in their order, such as O, B-PER and I-PER.</param>
    /// <exception cref="ArgumentException">The network is none that tags, or has another number of classes.</exception>
    public SequenceTagger(SequenceNetwork network, IReadOnlyList<string> tags) : this(network, tags, areLearnedAsBioes: false) { }

    /// <exception cref="ArgumentException">The network is none that tags, or has another number of classes.</exception>
    internal SequenceTagger(SequenceNetwork network, IReadOnlyList<string> tags, bool areLearnedAsBioes)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(tags);
        if (tags.Contains(null!))
            throw new ArgumentException("A tag has no name: null is none.", nameof(tags));
        TagScheme = TagScheme.Of(tags);
        Bioes = areLearnedAsBioes ? TagScheme.AsBioes() : null;
        if (NetworkFit.ToTag(network.Spec, Bioes?.Count ?? tags.Count) is { } misfit)
            throw new ArgumentException($"The network does not fit the tags: {misfit}. Give a tagger's network, and a name " +
                "for each class of its labels.",
                nameof(network));
        Network = network;
        Tags = [.. tags];
    }

    /// <summary>The network.</summary>
    public SequenceNetwork Network { get; }

    /// <summary>[K] the names of the tags, in the order of the scores.</summary>
    public IReadOnlyList<string> Tags { get; }

    /// <summary>How tags make up spans, as their names tell.</summary>
    public TaggingScheme Scheme => TagScheme.Kind;

    internal TagScheme TagScheme { get; }

    /// <summary>What the network's classes are of <see cref="Tags"/>; null: the tags themselves.</summary>
    internal BioesTags? Bioes { get; }

    /// <summary>
    /// The same tagger with 8-bit weights: a quarter of the file, faster, and scores that differ a little
    /// (<see cref="SequenceNetwork.WithEightBitWeights"/>).
    /// </summary>
    /// <returns>A new one; this one is left as it is.</returns>
    public SequenceTagger WithEightBitWeights() => new(Network.WithEightBitWeights(), Tags, Bioes is not null);

    /// <summary>Tags a sequence of tokens.</summary>
    /// <param name="tokens">Keys from 1; 0 and keys above the network's InputSize are unknown tokens. May be empty.</param>
    /// <exception cref="InvalidOperationException">
    /// The network reads frames, or steps of several features; or there are more scores than an array holds.
    /// </exception>
    /// <exception cref="ArithmeticException">A score is NaN or infinite, by weights that are too large.</exception>
    public TaggedSequence Tag(ReadOnlySpan<uint> tokens)
    {
        RequireOneFeature();
        if (!Network.TakesTokens)
            throw new InvalidOperationException($"This network reads frames of {Counted.Of(Network.InputSize, "number")}, not " +
                "tokens.");
        TaggerPass pass = Rent();
        TaggedSequence tagged = pass.Tag(tokens);
        _passes.Add(pass);
        return tagged;
    }

    /// <summary>Tags a sequence of frames.</summary>
    /// <param name="frames">[T, InputSize] finite numbers, step after step. May be empty.</param>
    /// <exception cref="InvalidOperationException">
    /// The network reads tokens, or steps of several features; or there are more scores than an array holds.
    /// </exception>
    /// <exception cref="ArgumentException">
    /// The numbers do not divide into frames, or one is not finite, or too large to be scaled.
    /// </exception>
    /// <exception cref="ArithmeticException">A score is NaN or infinite, by numbers or weights that are too large.</exception>
    public TaggedSequence Tag(ReadOnlySpan<float> frames)
    {
        RequireOneFeature();
        NetworkInput.RequireFrames(Network.Spec.Inputs, frames);
        TaggerPass pass = Rent();
        TaggedSequence tagged = pass.Tag(frames);
        _passes.Add(pass);
        return tagged;
    }

    /// <summary>Writes the tagger to a stream, which stays open. The format carries a checksum.</summary>
    /// <param name="stream">Where to write.</param>
    public void Save(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        TaggerFile.Write(this, stream);
    }

    /// <summary>Writes the tagger to a file: first under a temporary name beside it, then moved into place.</summary>
    /// <param name="path">
    /// The file; replaced if it is there. Links are followed, and its mode is kept; a pipe or device is written to as it is.
    /// </param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be written.</exception>
    public void Save(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        AtomicFile.Write(path, Save);
    }

    /// <summary>Reads a tagger that <see cref="Save(Stream)"/> wrote.</summary>
    /// <param name="stream">Where to read; stays open behind the tagger.</param>
    /// <exception cref="InvalidDataException">The stream holds something else, was cut short or altered.</exception>
    public static SequenceTagger Load(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        return TaggerFile.Read(stream);
    }

    /// <summary>Reads a tagger that <see cref="Save(string)"/> wrote.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="InvalidDataException">
    /// The path is a folder, or the file holds something else, or more, or was cut short or altered.
    /// </exception>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    public static SequenceTagger Load(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return PayloadFile.Read(path, TaggerFile.Read);
    }

    private void RequireOneFeature()
    {
        if (!Network.Spec.Inputs.AreTokens && !Network.Spec.Inputs.AreFrames)
            throw new InvalidOperationException(
                $"This network reads other features of its steps ({Network.Spec.Inputs}) than tokens or " +
                "frames alone. Tag rows that have them all by the transformer of the pipeline.");
    }

    private TaggerPass Rent() => _passes.TryTake(out TaggerPass? pass) ? pass : new TaggerPass(this);
}
