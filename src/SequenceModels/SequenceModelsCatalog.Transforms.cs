using SequenceModels;
using SequenceModels.Interop;

namespace Microsoft.ML;

public static partial class SequenceModelsCatalog
{
    /// <summary>Learns a vocabulary and turns text into a sequence of its keys.</summary>
    /// <param name="catalog">The catalog that the transform is made in.</param>
    /// <param name="outputColumnName">The new column: a vector of keys of variable length, 0 = unknown, with the tokens as KeyValues.</param>
    /// <param name="inputColumnName">Text, or a vector of text that is cut into tokens already. Null: the output column's name.</param>
    /// <param name="tokenization">How texts are cut, and how many tokens are learned. Null: <see cref="SequenceTokenization.Words"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">A value of the tokenization is out of its range; the message names it.</exception>
    public static SequenceTokenizingEstimator TokenizeIntoSequence(this TransformsCatalog.TextTransforms catalog, string outputColumnName,
        string? inputColumnName = null, SequenceTokenization? tokenization = null) =>
        new(Environments.Of(catalog), outputColumnName, inputColumnName, tokenization);

    /// <summary>Turns a sequence of keys into a sequence of one-hot vectors, order kept.</summary>
    /// <param name="catalog">The catalog that the transform is made in.</param>
    /// <param name="outputColumnName">The new column: Vector&lt;Single&gt; of dimensions [*, V], sparse; an unknown key is a step of zeros.</param>
    /// <param name="inputColumnName">A vector of keys (byte, ushort or uint). Null: the output column's name.</param>
    /// <remarks>
    /// The recurrent trainers read keys as well, and learn the same from both to the bit; one-hot vectors serve other consumers.
    /// </remarks>
    public static OneHotSequenceEncodingEstimator OneHotSequenceEncoding(this TransformsCatalog.CategoricalTransforms catalog,
        string outputColumnName, string? inputColumnName = null) =>
        new(Environments.Of(catalog), outputColumnName, inputColumnName);

    /// <summary>Reads a flat vector of numbers as a sequence of frames: T * F numbers become [T, F], step after step.</summary>
    /// <param name="catalog">The catalog that the transform is made in.</param>
    /// <param name="outputColumnName">The new column: Vector&lt;Single&gt; of dimensions [T, F], or [*, F] where the input's length varies.</param>
    /// <param name="featuresPerStep">F, at least 1.</param>
    /// <param name="inputColumnName">A vector of Single. Null: the output column's name.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="featuresPerStep"/> is less than 1.</exception>
    public static SequenceReshapingEstimator ReshapeSequence(this TransformsCatalog catalog, string outputColumnName, int featuresPerStep,
        string? inputColumnName = null) =>
        new(Environments.Of(catalog), outputColumnName, featuresPerStep, inputColumnName);

    /// <summary>Brings all sequences to one length: fills up short ones with 0 (unknown) and cuts long ones.</summary>
    /// <param name="catalog">The catalog that the transform is made in.</param>
    /// <param name="outputColumnName">The new column: [T] or [T, F], of the input's item type.</param>
    /// <param name="length">T, at least 1.</param>
    /// <param name="inputColumnName">Any sequence: keys, one-hot vectors, frames or plain numbers. Null: the output column's name.</param>
    /// <param name="pad">Where a shorter sequence is filled up.</param>
    /// <param name="truncate">Where a longer one is cut.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="length"/> is less than 1.</exception>
    /// <remarks>For consumers that need a fixed size. The recurrent trainers need no padding, and read padded slots as steps.</remarks>
    public static SequencePaddingEstimator PadSequence(this TransformsCatalog catalog, string outputColumnName, int length,
        string? inputColumnName = null, SequenceSide pad = SequenceSide.End, SequenceSide truncate = SequenceSide.End) =>
        new(Environments.Of(catalog), outputColumnName, length, inputColumnName, pad, truncate);

    /// <summary>What ML.NET has no catalog for.</summary>
    /// <param name="mlContext">The context.</param>
    public static SequencesCatalog Sequences(this MLContext mlContext)
    {
        ArgumentNullException.ThrowIfNull(mlContext);
        return new SequencesCatalog(mlContext);
    }
}
