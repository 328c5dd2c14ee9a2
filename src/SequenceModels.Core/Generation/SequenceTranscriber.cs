using System.Collections.Concurrent;
using SequenceModels.Files;
using SequenceModels.Networks;
using SequenceModels.Sequences;

namespace SequenceModels;

/// <summary>
/// A trained network that writes down, as keys, what is said in a sequence of frames or tokens. Immutable and safe to use from
/// many threads at once; needs no ML.NET.
/// </summary>
/// <remarks>What it gives is, to the bit, what the trained pipeline gives.</remarks>
public sealed class SequenceTranscriber
{
    private const string Kind = "SEQTSCRB";
    private const int Version = 1;

    private readonly ConcurrentBag<TranscriberPass> _passes = [];

    internal SequenceTranscriber(SequenceNetwork network, TranscriptionSearch search) => (Network, Search) = (network, search);

    /// <summary>
    /// The network: it scores each step, [T, K + 1], the probability of none of the K tokens, the blank, first; then those of the
    /// tokens 1 to K.
    /// </summary>
    public SequenceNetwork Network { get; }

    internal TranscriptionSearch Search { get; }

    /// <summary>K: tokens that a label is made of.</summary>
    public int NumberOfTokens => Network.NumberOfOutputs - 1;

    /// <summary>
    /// The same transcriber with 8-bit weights: a quarter of the file, faster, and scores that differ a little
    /// (<see cref="SequenceNetwork.WithEightBitWeights"/>).
    /// </summary>
    /// <returns>A new one; this one is left as it is. A language model that it looks with becomes 8-bit too.</returns>
    public SequenceTranscriber WithEightBitWeights() => new(Network.WithEightBitWeights(), Search.WithEightBitWeights());

    /// <summary>Writes down what is said in frames.</summary>
    /// <param name="frames">[T, <see cref="SequenceNetwork.InputSize"/>] finite numbers, step after step. May be empty.</param>
    /// <param name="options">How to look. Null: as the model was trained to.</param>
    /// <returns>The answers, best first: as many as were asked for, or fewer.</returns>
    /// <exception cref="InvalidOperationException">The network reads tokens.</exception>
    /// <exception cref="ArgumentException">The numbers do not divide into frames, or one is not finite.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range; the message names it.</exception>
    /// <exception cref="ArithmeticException">A score is NaN or infinite, by numbers or weights that are too large.</exception>
    /// <exception cref="OperationCanceledException">The options' token asked to stop.</exception>
    public IReadOnlyList<TranscribedSequence> Transcribe(ReadOnlySpan<float> frames, TranscribingOptions? options = null)
    {
        NetworkInput.RequireFrames(Network.Spec.Inputs, frames);
        var data = new SequenceDataset(Network.Spec.Inputs);
        data.Add(frames, label: 0);
        return Transcribe(data, options);
    }

    /// <summary>Writes down what is said in tokens.</summary>
    /// <param name="tokens">Keys from 1; 0 and keys above <see cref="SequenceNetwork.InputSize"/> are unknown.</param>
    /// <param name="options">How to look. Null: as the model was trained to.</param>
    /// <exception cref="InvalidOperationException">The network reads frames.</exception>
    /// <inheritdoc cref="Transcribe(ReadOnlySpan{float}, TranscribingOptions?)" path="/returns"/>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range; the message names it.</exception>
    /// <exception cref="OperationCanceledException">The options' token asked to stop.</exception>
    public IReadOnlyList<TranscribedSequence> Transcribe(ReadOnlySpan<uint> tokens, TranscribingOptions? options = null)
    {
        NetworkInput.RequireTokens(Network.Spec.Inputs);
        var data = new SequenceDataset(Network.Spec.Inputs);
        data.Add(tokens, label: 0);
        return Transcribe(data, options);
    }

    /// <summary>
    /// Writes down what is said step by step, as it is heard: the likeliest output of each step, without a beam.
    /// </summary>
    /// <exception cref="NotSupportedException">
    /// The network is bidirectional, and so needs a sequence's end before its first score.
    /// </exception>
    public TranscriptionStepper CreateStepper() => new(Network.CreateStepper(), NumberOfTokens);

    /// <summary>Writes the transcriber to a stream, which stays open. The format carries a checksum.</summary>
    /// <param name="stream">Where to write.</param>
    public void Save(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        SealedPayload.Write(stream, Kind, Version, writer =>
        {
            Search.Write(writer);
            using var network = new MemoryStream();
            Network.Save(network);
            writer.Write(checked((int)network.Length));
            writer.Write(network.GetBuffer(), 0, (int)network.Length);
        });
    }

    /// <summary>Writes the transcriber to a file: first under a temporary name beside it, then moved into place.</summary>
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

    /// <summary>Reads a transcriber that <see cref="Save(Stream)"/> wrote.</summary>
    /// <param name="stream">Where to read; stays open behind the transcriber.</param>
    /// <exception cref="InvalidDataException">The stream holds something else, was cut short or altered.</exception>
    public static SequenceTranscriber Load(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        return SealedPayload.Read(stream, Kind, Version, reader =>
        {
            TranscriptionSearch search = TranscriptionSearch.Read(reader);
            using MemoryStream block = reader.ReadBlock("the network");
            SequenceNetwork network = SequenceNetwork.Load(block);
            return Misfit(network, search, tokens: null) is { } misfit
                ? throw reader.Invalid($"the network does not fit the task: {misfit}") : new SequenceTranscriber(network, search);
        });
    }

    /// <summary>Reads a transcriber that <see cref="Save(string)"/> wrote.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="InvalidDataException">
    /// The path is a folder, or the file holds something else, or more, or was cut short or altered.
    /// </exception>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    public static SequenceTranscriber Load(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return PayloadFile.Read(path, Load);
    }

    /// <summary>Why a network and a search are none that transcribe; null: they are.</summary>
    /// <param name="network">The network.</param>
    /// <param name="search">How it looks.</param>
    /// <param name="tokens">How many tokens have names; null: none.</param>
    internal static string? Misfit(SequenceNetwork network, TranscriptionSearch search, int? tokens) =>
        NetworkFit.ToTranscribe(network.Spec, tokens) is { } misfit ? misfit
        : search.Language is { } language &&
            TranscriptionLanguage.Misfit(language.Network, network.NumberOfOutputs - 1) is { } other
        ? $"of its language model, {other}" : null;

    /// <summary>Memory for one thread.</summary>
    internal TranscriberPass CreatePass() => new(Network.Layers);

    private TranscribedSequence[] Transcribe(SequenceDataset data, TranscribingOptions? options)
    {
        options ??= new TranscribingOptions();
        TranscriptionSearch search = Search.With(options);
        TranscriberPass pass = _passes.TryTake(out TranscriberPass? kept) ? kept : CreatePass();
        TranscribedSequence[] found = pass.Transcribe(data, [0], search, options.NumberOfAnswers,
            options.CancellationToken.ThrowIfCancellationRequested)[0];
        _passes.Add(pass);
        return found;
    }
}
