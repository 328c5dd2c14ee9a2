using System.Collections.Concurrent;
using SequenceModels.Files;
using SequenceModels.Networks;

namespace SequenceModels;

/// <summary>
/// A trained network that turns a sequence of keys into another one. Immutable and safe to use from many threads at once; needs
/// no ML.NET.
/// </summary>
/// <remarks>Translations are, to the bit, those of the trained pipeline.</remarks>
public sealed partial class SequenceTranslator
{
    private const string Kind = "SEQTRANS";
    private const int Version = 1;

    private readonly ConcurrentBag<TranslatorPass> _passes = [];

    internal SequenceTranslator(TranslationNetwork network, TranslationSearch search) => (Network, Search) = (network, search);

    internal TranslationNetwork Network { get; }

    internal TranslationSearch Search { get; }

    /// <summary>The recurrent cell of encoder and decoder: RNN, GRU or LSTM.</summary>
    public string Cell => Network.Spec.Encoder.Cell;

    /// <summary>Tokens that a source is made of, or numbers of a frame.</summary>
    public int SourceSize => Network.Spec.Inputs[0].StepSize;

    /// <summary>Tokens that a translation is made of.</summary>
    public int TargetSize => Network.Spec.Decoder.VocabularySize;

    /// <summary>Units in each layer and direction of the encoder.</summary>
    public int HiddenSize => Network.Spec.Encoder.HiddenSize;

    /// <summary>Units in each layer of the decoder.</summary>
    public int DecoderHiddenSize => Network.Spec.Decoder.HiddenSize;

    /// <summary>Recurrent layers of the encoder, and as many of the decoder.</summary>
    public int NumberOfLayers => Network.Spec.Encoder.NumberOfLayers;

    /// <summary>Whether the encoder reads in both directions.</summary>
    public bool Bidirectional => Network.Spec.Encoder.Bidirectional;

    /// <summary>How the decoder looks at the source.</summary>
    public AttentionKind Attention => Network.Spec.Decoder.Attention;

    /// <summary>Whether what attention found at a step enters at the next.</summary>
    public bool InputFeeding => Network.Spec.Decoder.InputFeeding;

    /// <summary>
    /// Tokens that a translation has at most, unless the options of a call say otherwise; 0: by the length of its source.
    /// </summary>
    public int MaximumLength => Search.MaximumLength;

    /// <summary>Whether it translates with 8-bit weights (<see cref="WithEightBitWeights"/>).</summary>
    public bool HasEightBitWeights => Network.Parameters.EightBits is not null;

    /// <summary>
    /// The same translator with 8-bit weights: a quarter of the file, faster, and scores that differ a little
    /// (<see cref="SequenceNetwork.WithEightBitWeights"/>).
    /// </summary>
    /// <returns>A new translator, and the same one where its weights are 8-bit already; this one is left as it is.</returns>
    public SequenceTranslator WithEightBitWeights() =>
        HasEightBitWeights ? this : new((TranslationNetwork)Network.WithEightBitWeights(), Search);

    /// <summary>Translates a sequence.</summary>
    /// <param name="source">
    /// Keys from 1; 0 and keys above <see cref="SourceSize"/> are unknown tokens. May be empty: what comes of that is what the
    /// model makes of having read nothing.
    /// </param>
    /// <param name="options">How to look for translations. Null: as the model was trained to.</param>
    /// <returns>Those that were found, best first: as many as were asked for, or fewer.</returns>
    /// <exception cref="InvalidOperationException">The network reads frames.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range; the message names it.</exception>
    /// <exception cref="OperationCanceledException">The options' token asked to stop.</exception>
    public IReadOnlyList<TranslatedSequence> Translate(ReadOnlySpan<uint> source, TranslatingOptions? options = null)
    {
        NetworkInput.RequireTokens(Network.Spec.Inputs);
        TranslatorPass pass = Rent();
        IReadOnlyList<TranslatedSequence> found = pass.Translate(source, options ?? new TranslatingOptions());
        Return(pass);
        return found;
    }

    /// <summary>Writes the translator to a stream, which stays open. The format carries a checksum.</summary>
    /// <param name="stream">Where to write.</param>
    public void Save(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        SealedPayload.Write(stream, Kind, Version, writer =>
        {
            Search.Write(writer);
            using var network = new MemoryStream();
            NetworkFile.Write(Network, network);
            writer.Write(checked((int)network.Length));
            writer.Write(network.GetBuffer(), 0, (int)network.Length);
        });
    }

    /// <summary>Writes the translator to a file: first under a temporary name beside it, then moved into place.</summary>
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

    /// <summary>Reads a translator that <see cref="Save(Stream)"/> wrote.</summary>
    /// <param name="stream">Where to read; stays open behind the translator.</param>
    /// <exception cref="InvalidDataException">The stream holds something else, was cut short or altered.</exception>
    public static SequenceTranslator Load(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        return SealedPayload.Read(stream, Kind, Version, reader =>
        {
            TranslationSearch search = TranslationSearch.Read(reader);
            using MemoryStream block = reader.ReadBlock("the network");
            return NetworkFile.Read(block) is TranslationNetwork network
                ? NetworkFit.ToTranslate(network.Spec, tokens: null, search.ReplaceUnknown) is { } misfit
                    ? throw reader.Invalid($"the network does not fit the search: {misfit}")
                    : new SequenceTranslator(network, search)
                : throw reader.Invalid("its network is none that translates");
        });
    }

    /// <summary>Reads a translator that <see cref="Save(string)"/> wrote.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="InvalidDataException">
    /// The path is a folder, or the file holds something else, or more, or was cut short or altered.
    /// </exception>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    public static SequenceTranslator Load(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return PayloadFile.Read(path, Load);
    }

    /// <summary>Memory for translations, for one thread.</summary>
    internal TranslatorPass CreatePass() => new(Network, Search);

    internal TranslatorPass Rent() => _passes.TryTake(out TranslatorPass? pass) ? pass : CreatePass();

    internal void Return(TranslatorPass pass) => _passes.Add(pass);
}
