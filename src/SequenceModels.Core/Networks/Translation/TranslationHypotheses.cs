using SequenceModels.Layers;

namespace SequenceModels.Networks;

/// <summary>The translations so far of the sources of a pass, and what may come next behind each.</summary>
internal sealed unsafe class TranslationHypotheses(TranslationNetwork network, TranslationPass pass) : INextTokens
{
    public int NumberOfTokens => network.Output.NumberOfOutputs;

    public bool Ends(int token) => token == network.Spec.Decoder.VocabularySize + 1;

    public int Unknown => 0;

    public int SourceSteps(int source) =>
        network.Spec.Decoder.Attention == AttentionKind.None ? 0 : pass.Batch.Length(source);

    public void Continue(ReadOnlySpan<int> sources, ReadOnlySpan<int> parents, ReadOnlySpan<uint> tokens, bool first)
    {
        DecoderPass decoder = pass.Decoder;
        decoder.Target.PackStep(tokens, network.Spec.Decoder.VocabularySize + 1);
        decoder.SetSources(sources);
        network.Step(pass, parents, first);
    }

    public ReadOnlySpan<float> ProbabilitiesOf(int hypothesis) => pass.ScoresOf(hypothesis);

    public ReadOnlySpan<float> AttentionOf(int hypothesis) => SourceSteps(pass.Decoder.Source(hypothesis)) is 0 ? []
        : new(pass.Decoder.Attended.WeightsOf(pass.Decoder, hypothesis, 0), SourceSteps(pass.Decoder.Source(hypothesis)));
}
