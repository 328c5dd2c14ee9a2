using SequenceModels.Networks;
using SequenceModels.Sequences;

namespace SequenceModels;

public sealed partial class SequenceNetwork
{
    private NetworkExplainer? _explainer;

    /// <summary>What each token of a sequence adds to a score of it, by integrated gradients.</summary>
    /// <param name="tokens">Keys from 1; 0 and keys above <see cref="InputSize"/> are unknown tokens. May be empty.</param>
    /// <param name="output">Which score: of classes the class, from 0; else 0.</param>
    /// <param name="rowFeatures">
    /// [<see cref="RowFeatureSize"/>] finite numbers of the whole row, which are there all the way; empty where that is 0.
    /// </param>
    /// <returns>The shares [T] and the scores that they lead from and to.</returns>
    /// <exception cref="NotSupportedException">The network has an output for every step.</exception>
    /// <exception cref="InvalidOperationException">The network reads frames, or steps of several features.</exception>
    /// <exception cref="ArgumentOutOfRangeException">There is no such output.</exception>
    /// <exception cref="ArithmeticException">A score is NaN or infinite, by weights that are too large.</exception>
    /// <remarks>
    /// May be called from many threads at once; the same tokens have the same shares, to the bit. It takes the time of some ten
    /// to some hundred scores, and more where tokens enter as one-hot vectors.
    /// </remarks>
    public SequenceExplanation Explain(ReadOnlySpan<uint> tokens, int output, ReadOnlySpan<float> rowFeatures = default)
    {
        NetworkExplainer explainer = Explainer();
        NetworkInput.RequireTokens(Spec.Inputs);
        NetworkInput.RequireRowFeatures(RowFeatureSize, rowFeatures);
        EncoderPass pass = Rent();
        pass.Batch.Pack(tokens, InputSize);
        pass.Batch.RowFeatures.Take(rowFeatures);
        return Explain(explainer, pass, output);
    }

    /// <summary>What each number of a sequence of frames adds to a score of it, by integrated gradients.</summary>
    /// <param name="frames">[T, <see cref="InputSize"/>] finite numbers, step after step. May be empty.</param>
    /// <param name="output">Which score: of classes the class, from 0; else 0.</param>
    /// <param name="rowFeatures">
    /// [<see cref="RowFeatureSize"/>] finite numbers of the whole row, which are there all the way; empty where that is 0.
    /// </param>
    /// <returns>The shares [T, F] and the scores that they lead from and to.</returns>
    /// <exception cref="NotSupportedException">The network has an output for every step.</exception>
    /// <exception cref="InvalidOperationException">The network reads tokens, or steps of several features.</exception>
    /// <exception cref="ArgumentOutOfRangeException">There is no such output.</exception>
    /// <exception cref="ArgumentException">The numbers do not divide into frames, or one is not finite.</exception>
    /// <exception cref="ArithmeticException">A score is NaN or infinite, by numbers or weights that are too large.</exception>
    /// <remarks>May be called from many threads at once; the same frames have the same shares, to the bit.</remarks>
    public SequenceExplanation Explain(ReadOnlySpan<float> frames, int output, ReadOnlySpan<float> rowFeatures = default)
    {
        NetworkExplainer explainer = Explainer();
        NetworkInput.RequireFrames(Spec.Inputs, frames);
        NetworkInput.RequireRowFeatures(RowFeatureSize, rowFeatures);
        EncoderPass pass = Rent();
        pass.Batch.Pack(Spec.Inputs[0].Stack(frames), Spec.Inputs[0].Size, _layers.Frames);
        pass.Batch.RowFeatures.Take(rowFeatures);
        return Explain(explainer, pass, output).Over(frames.Length, InputSize);
    }

    /// <summary>
    /// The same of a row of a data set, whatever features its steps have. Of frames that are several steps each, the shares of
    /// all that the frames hold.
    /// </summary>
    internal SequenceExplanation Explain(SequenceDataset data, int row, int output)
    {
        NetworkExplainer explainer = Explainer();
        NetworkInput.RequireFinite(Spec.Inputs, RowFeatureSize, data, [row]);
        EncoderPass pass = Rent();
        pass.Load(data, [row], numbers: [0], StepRange.All);
        return Explain(explainer, pass, output);
    }

    private SequenceExplanation Explain(NetworkExplainer explainer, EncoderPass pass, int output)
    {
        SequenceExplanation explanation = explainer.Explain(pass, output);
        _passes.Add(pass);
        return explanation;
    }

    /// <summary>Made when it is first asked for: it has a copy of the weights.</summary>
    private NetworkExplainer Explainer() =>
        Volatile.Read(ref _explainer) ?? LazyInitializer.EnsureInitialized(ref _explainer, () => new NetworkExplainer(_layers));
}
