using System.Collections.Concurrent;
using SequenceModels.Kernels;
using SequenceModels.Networks;
using SequenceModels.Sequences;

namespace SequenceModels;

/// <summary>
/// A trained recurrent network: embedding, recurrent layers, pooling and output layer. Immutable and safe to use from many
/// threads at once; needs no ML.NET.
/// </summary>
public sealed partial class SequenceNetwork
{
    private readonly EncoderNetwork _layers;
    private readonly ConcurrentBag<EncoderPass> _passes = [];

    internal SequenceNetwork(EncoderNetwork layers) => _layers = layers;

    internal EncoderNetworkSpec Spec => _layers.Spec;

    internal EncoderNetwork Layers => _layers;

    /// <summary>The recurrent cell: RNN, GRU or LSTM.</summary>
    public string Cell => Spec.Encoder.Cell;

    /// <summary>
    /// Whether a step is a token key; otherwise it is a frame of numbers. Where steps have several features: the first of them.
    /// </summary>
    public bool TakesTokens => Spec.Inputs[0].Kind == StepFeatureKind.Tokens;

    /// <summary>
    /// The number of tokens in the vocabulary, or of numbers in a frame. Where steps have several features: of the first of them.
    /// </summary>
    public int InputSize => Spec.Inputs[0].StepSize;

    /// <summary>
    /// How many steps of frames the network reads as one. Sequences are given step by step all the same. 1 of tokens.
    /// </summary>
    public int FrameStacking => Spec.Inputs[0].Stacked;

    /// <summary>Length of a token's learned vector; 0 where tokens enter as one-hot vectors or the input is frames.</summary>
    public int EmbeddingSize => Spec.Inputs[0].EmbeddingSize;

    /// <summary>Units in each recurrent layer and direction.</summary>
    public int HiddenSize => Spec.Encoder.HiddenSize;

    /// <summary>Recurrent layers.</summary>
    public int NumberOfLayers => Spec.Encoder.NumberOfLayers;

    /// <summary>Whether each layer reads sequences in both directions.</summary>
    public bool Bidirectional => Spec.Encoder.Bidirectional;

    /// <summary>
    /// Whether it was trained on sequences that begin with their last step (<see cref="LanguageModelOptions.Reversed"/>).
    /// What it is given to score, or a stepper is fed, must then be in this order; transformers see to that by themselves.
    /// </summary>
    public bool Reversed => Spec.Encoder.Reversed;

    /// <summary>How the states of all steps become one vector.</summary>
    public SequencePooling Pooling => Spec.Output.Pooling;

    /// <summary>Numbers in a score: the classes, or 1 for binary classification and regression.</summary>
    public int NumberOfOutputs => Spec.Output.NumberOfOutputs;

    /// <summary>
    /// Numbers that a row has as a whole beside its sequence, and that the network reads with it; 0: none.
    /// </summary>
    public int RowFeatureSize => Spec.Output.RowFeatureSize;

    /// <summary>Trained weights, biases included.</summary>
    public long NumberOfParameters => _layers.Parameters.LogicalLength;

    /// <summary>Scores one sequence of tokens.</summary>
    /// <param name="tokens">Keys from 1; 0 and keys above <see cref="InputSize"/> are unknown tokens. May be empty.</param>
    /// <param name="rowFeatures">[<see cref="RowFeatureSize"/>] finite numbers of the whole row; empty where that is 0.</param>
    /// <returns>
    /// [<see cref="NumberOfOutputs"/>] probabilities of the classes; for binary classification the logit;
    /// for regression the value. Of a network with an output for every step: [T, <see cref="NumberOfOutputs"/>], step after step;
    /// of a language model the probabilities of what comes next, the unknown token's first.
    /// </returns>
    /// <exception cref="InvalidOperationException">
    /// The network reads frames, or steps of several features; or numbers of the whole row beside them, which are not given, or
    /// none; or there are more scores than an array holds.
    /// </exception>
    /// <exception cref="ArgumentException">A number of the row is not finite, or there are more or fewer of them.</exception>
    /// <exception cref="ArithmeticException">A score is NaN or infinite, by weights that are too large.</exception>
    public float[] Score(ReadOnlySpan<uint> tokens, ReadOnlySpan<float> rowFeatures = default)
    {
        float[] scores = new float[ArrayLength.Of(NumberOfOutputs, Spec.Output.EveryStep ? tokens.Length : 1)];
        EncoderPass pass = Rent();
        Score(tokens, rowFeatures, scores, pass);
        _passes.Add(pass);
        return scores;
    }

    /// <summary>Scores one sequence of frames.</summary>
    /// <param name="frames">[T, <see cref="InputSize"/>] finite numbers, step after step. May be empty.</param>
    /// <param name="rowFeatures">[<see cref="RowFeatureSize"/>] finite numbers of the whole row; empty where that is 0.</param>
    /// <returns>
    /// [<see cref="NumberOfOutputs"/>] probabilities of the classes; for binary classification the logit;
    /// for regression the value. Of a network with an output for every step: [T, <see cref="NumberOfOutputs"/>], step after step.
    /// </returns>
    /// <exception cref="InvalidOperationException">
    /// The network reads tokens, or steps of several features; or numbers of the whole row beside them, which are not given, or
    /// none; or there are more scores than an array holds.
    /// </exception>
    /// <exception cref="ArgumentException">
    /// The numbers do not divide into frames, or one is not finite, or too large to be scaled; or there are more or fewer numbers
    /// of the row.
    /// </exception>
    /// <exception cref="ArithmeticException">A score is NaN or infinite, by numbers or weights that are too large.</exception>
    public float[] Score(ReadOnlySpan<float> frames, ReadOnlySpan<float> rowFeatures = default)
    {
        float[] scores = new float[ArrayLength.Of(NumberOfOutputs, Spec.Output.EveryStep ? frames.Length / InputSize : 1)];
        EncoderPass pass = Rent();
        Score(frames, rowFeatures, scores, pass);
        _passes.Add(pass);
        return scores;
    }

    /// <summary>Writes the network to a stream, which stays open. The format carries a checksum.</summary>
    /// <param name="stream">Where to write.</param>
    public void Save(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        NetworkFile.Write(_layers, stream);
    }

    /// <summary>Writes the network to a file: first under a temporary name beside it, then moved into place.</summary>
    /// <param name="path">
    /// The file; replaced if it is there. Links are followed, and its mode is kept; a pipe or device is written to as it is.
    /// </param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be written.</exception>
    public void Save(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        NetworkFile.Write(_layers, path);
    }

    /// <summary>Reads a network that <see cref="Save(Stream)"/> wrote.</summary>
    /// <param name="stream">Where to read; stays open behind the network.</param>
    /// <exception cref="InvalidDataException">The stream holds something else, was cut short or altered.</exception>
    public static SequenceNetwork Load(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        return Of(NetworkFile.Read(stream));
    }

    /// <summary>Reads a network that <see cref="Save(string)"/> wrote.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="InvalidDataException">
    /// The path is a folder, or the file holds something else, or more, or was cut short or altered.
    /// </exception>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    public static SequenceNetwork Load(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return Of(NetworkFile.Read(path));
    }

    /// <summary>Feeds the network one step at a time, with states of its own for each stream.</summary>
    /// <exception cref="NotSupportedException">
    /// The network is bidirectional, and so needs a sequence's end before its first score; or reads several steps as one.
    /// </exception>
    public SequenceStepper CreateStepper() => new(this);

    /// <summary>SHA-256 of all that the network is.</summary>
    internal string Fingerprint() => NetworkFile.Fingerprint(_layers);

    /// <summary>A trained network as one that scores sequences.</summary>
    /// <exception cref="InvalidDataException">It is a network of another kind.</exception>
    internal static SequenceNetwork Of(Network network) => network is EncoderNetwork encoder ? new SequenceNetwork(encoder)
        : throw new InvalidDataException(
            $"It is a network of the kind '{network.Spec.Topology}', which does not score sequences.");

    internal EncoderPass CreatePass() => _layers.CreatePass();

    internal void Score(ReadOnlySpan<uint> tokens, ReadOnlySpan<float> rowFeatures, Span<float> scores, EncoderPass pass)
    {
        NetworkInput.RequireTokens(Spec.Inputs);
        NetworkInput.RequireRowFeatures(RowFeatureSize, rowFeatures);
        pass.Batch.Pack(tokens, InputSize);
        pass.Batch.RowFeatures.Take(rowFeatures);
        Score(scores, pass);
        _layers.CountTokens(tokens.Length);
    }

    internal void Score(ReadOnlySpan<float> frames, ReadOnlySpan<float> rowFeatures, Span<float> scores, EncoderPass pass)
    {
        NetworkInput.RequireFrames(Spec.Inputs, frames);
        NetworkInput.RequireRowFeatures(RowFeatureSize, rowFeatures);
        pass.Batch.Pack(Spec.Inputs[0].Stack(frames), Spec.Inputs[0].Size, _layers.Frames);
        pass.Batch.RowFeatures.Take(rowFeatures);
        Score(scores, pass);
    }

    internal void Score(SequenceDataset data, ReadOnlySpan<int> rows, Span<float> scores, EncoderPass pass) =>
        Score(data, rows, scores, [], pass);

    /// <summary>Scores rows of a data set in one pass. Each gets the scores, to the bit, that it would get alone.</summary>
    /// <param name="data">Sequences of the kind and size that the network reads.</param>
    /// <param name="rows">Which of them, longest first.</param>
    /// <param name="scores">
    /// [data.Count, K] scores of the data set's rows, of which these are written; [data.NumberOfSteps, K] where every step has an
    /// output.
    /// </param>
    /// <param name="tags">
    /// Where every step has an output and it is wanted: [data.NumberOfSteps] the index of the class that each comes down to.
    /// Else empty.
    /// </param>
    /// <param name="pass">Memory for their way through the network.</param>
    internal void Score(SequenceDataset data, ReadOnlySpan<int> rows, Span<float> scores, Span<int> tags, EncoderPass pass)
    {
        NetworkInput.RequireFinite(Spec.Inputs, RowFeatureSize, data, rows);
        pass.Load(data, rows, numbers: rows, StepRange.All);
        _layers.Predict(pass, tags.IsEmpty ? [] : pass.ReserveDecisions());
        for (int k = 0; k < rows.Length; k++)
            if (Spec.Output.EveryStep)
                CopySteps(pass, k, (int)data.Start(rows[k]), scores, tags);
            else
                CopyScores(pass, k, scores, rows[k]);
        if (TakesTokens)
            _layers.CountTokens(pass.Batch.Rows);
    }

    private void Score(Span<float> scores, EncoderPass pass)
    {
        _layers.Predict(pass);
        // Of a sequence alone, the rows of outputs are its steps in their order.
        for (int row = 0; row < pass.OutputRows; row++)
            CopyScores(pass, row, scores, row);
    }

    private void CopyScores(EncoderPass pass, int row, Span<float> scores, int place) =>
        FiniteNumbers.RequireScores(pass.ScoresOf(row)).CopyTo(scores.Slice(place * NumberOfOutputs, NumberOfOutputs));

    private void CopySteps(EncoderPass pass, int k, int start, Span<float> scores, Span<int> tags)
    {
        for (int t = 0; t < pass.Batch.Length(k); t++)
        {
            int row = pass.Batch.Offset(t) + k;
            CopyScores(pass, row, scores, start + t);
            if (!tags.IsEmpty)
                tags[start + t] = (int)pass.Decisions[row];
        }
    }

    private EncoderPass Rent() => _passes.TryTake(out EncoderPass? pass) ? pass : CreatePass();
}
