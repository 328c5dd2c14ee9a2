using SequenceModels;
using SequenceModels.Columns;
using SequenceModels.Interop;

namespace Microsoft.ML;

/// <summary>Sound in ML.NET's catalogs.</summary>
public static class SequenceModelsAudioCatalog
{
    /// <summary>Reads WAV files into a column of samples: one channel, at one rate.</summary>
    /// <param name="catalog">The catalog that the transform is made in.</param>
    /// <param name="outputColumnName">
    /// The new column: a vector of Single of variable length, between -1 and 1 where files hold whole numbers. Its annotation
    /// SampleRate says how many there are in a second.
    /// </param>
    /// <param name="audioFolder">The folder that paths start from. Null: the current folder.</param>
    /// <param name="inputColumnName">Text: paths of WAV files. Null: the output column's name.</param>
    /// <param name="sampleRate">
    /// Samples in a second that all sound is brought to. Default 16,000, as usual for speech; 8,000 for telephone lines.
    /// </param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="sampleRate"/> is out of its range.</exception>
    /// <remarks>
    /// Whole numbers of 8, 16, 24 or 32 bits and floating point of 32 or 64 are read; several channels are mixed to their mean. A
    /// file that is none, was cut short, says what is not so, or holds no sound is an error that names column, row and file,
    /// where the row is read.
    /// </remarks>
    public static AudioLoadingEstimator LoadAudio(this TransformsCatalog catalog, string outputColumnName,
        string? audioFolder = null, string? inputColumnName = null, int sampleRate = 16_000) =>
        new(Environments.Of(catalog), ColumnPair.Of(outputColumnName, inputColumnName), audioFolder, sampleRate);

    /// <summary>Makes log-mel frames of samples of sound.</summary>
    /// <param name="catalog">The catalog that the transform is made in.</param>
    /// <param name="outputColumnName">
    /// The new column: Vector&lt;Single&gt; of dimensions [*, F], F being <see cref="LogMelOptions.NumberOfFilters"/>.
    /// </param>
    /// <param name="inputColumnName">A vector of Single: samples between -1 and 1. Null: the output column's name.</param>
    /// <param name="options">Windows, filters and what is made alike. Null: those of most speech recognition.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range; the message names it.</exception>
    /// <remarks>
    /// A row has a frame for each whole window; fewer samples than a window are one frame, silence behind them; none are no
    /// frame.
    /// </remarks>
    public static FrameExtractingEstimator LogMelFrames(this TransformsCatalog catalog, string outputColumnName,
        string? inputColumnName = null, LogMelOptions? options = null) =>
        new(Environments.Of(catalog), ColumnPair.Of(outputColumnName, inputColumnName), options ?? new());

    /// <summary>Makes frames of mel-frequency cepstral coefficients (MFCC) of samples of sound.</summary>
    /// <param name="catalog">The catalog that the transform is made in.</param>
    /// <param name="outputColumnName">
    /// The new column: Vector&lt;Single&gt; of dimensions [*, F], F being <see cref="MfccOptions.NumberOfCoefficients"/>.
    /// </param>
    /// <param name="inputColumnName">A vector of Single: samples between -1 and 1. Null: the output column's name.</param>
    /// <param name="options">Windows, filters and coefficients. Null: 13 coefficients of 40 filters.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range; the message names it.</exception>
    /// <remarks>For small networks; larger ones make more of log-mel frames.</remarks>
    public static FrameExtractingEstimator MfccFrames(this TransformsCatalog catalog, string outputColumnName,
        string? inputColumnName = null, MfccOptions? options = null) =>
        new(Environments.Of(catalog), ColumnPair.Of(outputColumnName, inputColumnName), options ?? new MfccOptions());

    /// <summary>
    /// Makes the loaders of saved transforms of sound known to this context, as <c>UseSequenceModels</c> does it for the others:
    /// for hosts that switch off the discovery of loaders.
    /// </summary>
    /// <param name="mlContext">The context that will load models.</param>
    /// <returns>The same context.</returns>
    public static MLContext UseSequenceModelsAudio(this MLContext mlContext)
    {
        ArgumentNullException.ThrowIfNull(mlContext);
        LoaderRegistration.Register(mlContext.ComponentCatalog, typeof(SequenceModelsAudioCatalog).Assembly);
        return mlContext;
    }
}
