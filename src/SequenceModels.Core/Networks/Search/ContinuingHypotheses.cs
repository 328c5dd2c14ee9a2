using SequenceModels.Layers;

namespace SequenceModels.Networks;

/// <summary>Texts that go on from where a language model stands, and what may come next behind each.</summary>
/// <param name="network">The language model's.</param>
/// <param name="begin">Where all of them go on from; is not moved.</param>
/// <param name="ends">Keys that end a text.</param>
/// <param name="startKey">Is never written; 0: there is none.</param>
internal sealed class ContinuingHypotheses(EncoderNetwork network, StepperState begin, IReadOnlySet<uint> ends, uint startKey)
    : INextTokens
{
    private readonly EncoderPass _pass = network.CreatePass();
    private readonly float[] _first = [.. begin.Scores];
    private CarriedStates _states = network.CreateCarriedStates(), _moved = network.CreateCarriedStates();
    private bool _hasMoved;

    public int NumberOfTokens => network.Output.NumberOfOutputs;

    public int Unknown => 0;

    public bool Ends(int token) => ends.Contains((uint)token);

    public int SourceSteps(int source) => 0;

    public void Continue(ReadOnlySpan<int> sources, ReadOnlySpan<int> parents, ReadOnlySpan<uint> tokens, bool first)
    {
        if (first)
        {
            // What comes next behind the prompt is known already.
            _hasMoved = false;
            _first[startKey] = startKey > 0 ? 0 : _first[startKey];
            return;
        }
        _moved.Take(_hasMoved ? _states : begin.States, parents, network.StateStride);
        (_states, _moved, _hasMoved) = (_moved, _states, true);
        _pass.Batch.PackStep(tokens, network.Spec.Inputs[0].Size);
        _pass.RestoreStates(_states, begins: false);
        network.Predict(_pass);
        _pass.SaveStates();
        for (int i = 0; startKey > 0 && i < tokens.Length; i++)
            _pass.ScoresOf(i)[(int)startKey] = 0;
    }

    public ReadOnlySpan<float> ProbabilitiesOf(int hypothesis) => _hasMoved ? _pass.ScoresOf(hypothesis) : _first;

    public ReadOnlySpan<float> AttentionOf(int hypothesis) => [];
}
