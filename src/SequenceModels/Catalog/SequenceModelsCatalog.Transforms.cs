using SequenceModels;
using SequenceModels.Columns;
using SequenceModels.Interop;
using SequenceModels.Transforms;

namespace Microsoft.ML;

public static partial class SequenceModelsCatalog
{
    /// <summary>Learns a vocabulary and turns text into a sequence of its keys.</summary>
    /// <param name="catalog">The catalog that the transform is made in.</param>
    /// <param name="outputColumnName">
    /// The new column: a vector of keys of variable length, 0 = unknown, with the tokens as KeyValues.
    /// </param>
    /// <param name="inputColumnName">
    /// Text, or a vector of text that is cut into tokens already: then each element is a step, an empty one too, which is
    /// unknown; a warning of <c>Fit</c> counts these. Null: the output column's name.
    /// </param>
    /// <param name="tokenization">
    /// How texts are cut, and how many tokens are learned. Null: <see cref="SequenceTokenization.Words"/>; or, where many more of
    /// the words that <c>Fit</c> sees occur a single time than in English texts, as in Korean, 1,000
    /// <see cref="SequenceTokenization.Subwords"/>; or, where nearly every word does, as in lists of names and in texts without
    /// spaces between words, <see cref="SequenceTokenization.Characters"/>, and of texts of more than 200 characters on average
    /// 4,000 subwords. A line of the log tells of it.
    /// </param>
    /// <param name="offsetsColumnName">
    /// Another new column, where wanted: Vector&lt;Int32&gt; of dimensions [*, 2], for each token its start and its length in
    /// the input text as it stands there, in UTF-16 units (those of <see cref="string.Substring(int, int)"/>). Start and end
    /// tokens have length 0; a subword that holds a part of a character's bytes covers the character. Not for tokens that are
    /// cut already.
    /// </param>
    /// <exception cref="ArgumentOutOfRangeException">
    /// A value of the tokenization is out of its range; the message names it.
    /// </exception>
    /// <exception cref="ArgumentException">
    /// Offsets are asked for, and the tokenizer that was given does not tell them.
    /// </exception>
    public static SequenceTokenizingEstimator TokenizeIntoSequence(this TransformsCatalog.TextTransforms catalog,
        string outputColumnName,
        string? inputColumnName = null, SequenceTokenization? tokenization = null, string? offsetsColumnName = null) =>
        new(Environments.Of(catalog), TokenColumns.Of(outputColumnName, inputColumnName, offsetsColumnName), tokenization);

    /// <summary>Turns a sequence of keys back into a text.</summary>
    /// <param name="catalog">The catalog that the transform is made in.</param>
    /// <param name="outputColumnName">The new column: text. An unknown token is "\ufffd".</param>
    /// <param name="inputColumnName">
    /// A vector of keys (byte, ushort or uint) whose KeyValues are text. Null: the output column's name.
    /// </param>
    /// <remarks>
    /// The tokenization that has made the keys says how (annotation SequenceDetokenization of the column that <c>Fit</c> sees):
    /// words stand with a space between each two, punctuation marks too; characters stand side by side; subwords and the tokens
    /// of files become the text that they were cut from, as far as the tokenization kept it: in composed form, byte for byte,
    /// for subwords. Start and end tokens are no text. Keys that TokenizeIntoSequence has not made are words. Slots that
    /// PadSequence filled up are left out.
    /// </remarks>
    public static SequenceDetokenizingEstimator DetokenizeSequence(this TransformsCatalog.TextTransforms catalog,
        string outputColumnName,
        string? inputColumnName = null) =>
        new(Environments.Of(catalog), ColumnPair.Of(outputColumnName, inputColumnName));

    /// <summary>Turns a sequence of keys into a sequence of one-hot vectors, order kept.</summary>
    /// <param name="catalog">The catalog that the transform is made in.</param>
    /// <param name="outputColumnName">
    /// The new column: Vector&lt;Single&gt; of dimensions [*, V], sparse; an unknown key is a step of zeros.
    /// </param>
    /// <param name="inputColumnName">A vector of keys (byte, ushort or uint). Null: the output column's name.</param>
    /// <remarks>
    /// The recurrent trainers read keys as well, and learn the same from both to the bit; one-hot vectors serve other consumers.
    /// </remarks>
    public static OneHotSequenceEncodingEstimator OneHotSequenceEncoding(this TransformsCatalog.CategoricalTransforms catalog,
        string outputColumnName, string? inputColumnName = null) =>
        new(Environments.Of(catalog), ColumnPair.Of(outputColumnName, inputColumnName));

    /// <summary>Reads a flat vector of numbers as a sequence of frames: T * F numbers become [T, F], step after step.</summary>
    /// <param name="catalog">The catalog that the transform is made in.</param>
    /// <param name="outputColumnName">
    /// The new column: Vector&lt;Single&gt; of dimensions [T, F], or [*, F] where the input's length varies.
    /// </param>
    /// <param name="featuresPerStep">F, at least 1.</param>
    /// <param name="inputColumnName">A vector of Single. Null: the output column's name.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="featuresPerStep"/> is less than 1.</exception>
    public static SequenceReshapingEstimator ReshapeSequence(this TransformsCatalog catalog, string outputColumnName,
        int featuresPerStep,
        string? inputColumnName = null) =>
        new(Environments.Of(catalog), ColumnPair.Of(outputColumnName, inputColumnName), featuresPerStep);

    /// <summary>Makes one step of several, their numbers side by side: a long sequence becomes shorter, and nothing is
    /// lost.</summary>
    /// <param name="catalog">The catalog that the transform is made in.</param>
    /// <param name="outputColumnName">
    /// The new column: Vector&lt;Single&gt; of dimensions [*, count * F], a step for <paramref name="count"/> steps of the input.
    /// </param>
    /// <param name="count">How many steps become one, 1 to 65,536.</param>
    /// <param name="inputColumnName">
    /// A vector of Single with dimensions [*, F] or [T, F], or of plain numbers. Null: the output column's name.
    /// </param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="count"/> is out of its range.</exception>
    /// <remarks>
    /// Where a row's last steps are fewer, its very last one stands in place of those that are missing. Of speech, 100 frames a
    /// second are more than a transcription needs: 2 or 3 make one (Sak et al., "Fast and Accurate Recurrent Neural Network
    /// Acoustic Models for Speech Recognition", Interspeech 2015).
    /// </remarks>
    public static SequenceStackingEstimator StackFrames(this TransformsCatalog catalog, string outputColumnName, int count,
        string? inputColumnName = null) =>
        new(Environments.Of(catalog), ColumnPair.Of(outputColumnName, inputColumnName), count);

    /// <summary>Brings all sequences to one length: fills up short ones with 0 (unknown) and cuts long ones.</summary>
    /// <param name="catalog">The catalog that the transform is made in.</param>
    /// <param name="outputColumnName">The new column: [T] or [T, F], of the input's item type.</param>
    /// <param name="length">T, at least 1.</param>
    /// <param name="inputColumnName">
    /// Any sequence: keys, one-hot vectors, frames or plain numbers. Null: the output column's name.
    /// </param>
    /// <param name="pad">Where a shorter sequence is filled up.</param>
    /// <param name="truncate">Where a longer one is cut.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="length"/> is less than 1.</exception>
    /// <remarks>
    /// For consumers that need a fixed size. The recurrent trainers need no padding, and read padded slots as steps.
    /// </remarks>
    public static SequencePaddingEstimator PadSequence(this TransformsCatalog catalog, string outputColumnName, int length,
        string? inputColumnName = null, SequenceSide pad = SequenceSide.End, SequenceSide truncate = SequenceSide.End) =>
        new(Environments.Of(catalog), ColumnPair.Of(outputColumnName, inputColumnName), PaddedLength.Of(length, pad, truncate));

    /// <summary>What ML.NET has no catalog for.</summary>
    /// <param name="mlContext">The context.</param>
    public static SequencesCatalog Sequences(this MLContext mlContext)
    {
        ArgumentNullException.ThrowIfNull(mlContext);
        return new SequencesCatalog(mlContext);
    }
}
