using SequenceModels.Networks;

namespace SequenceModels.Benchmarks.Peers;

/// <summary>One sequence without end, scored token by token.</summary>
internal sealed class OursStreaming : IPeer
{
    private readonly SequenceStepper _stepper;
    private readonly StepperState _state;
    private readonly uint[] _tokens;
    private int _next;

    public OursStreaming(Workload workload)
    {
        EncoderNetwork network = Ours.Network(workload);
        network.PrecomputeInput();
        _stepper = new SequenceNetwork(network).CreateStepper();
        _state = _stepper.CreateState();
        var random = new Random(1);
        _tokens = [.. Enumerable.Range(0, 1024).Select(_ => (uint)random.Next(1, workload.InputSize + 1))];
    }

    public string Name => "SequenceModels";

    public void Prepare()
    {
    }

    public void Run() => _stepper.Step(_state, _tokens[_next++ % _tokens.Length]);

    public void Dispose()
    {
    }
}
