using Microsoft.ML.OnnxRuntime;

namespace SequenceModels.Benchmarks.Peers;

/// <summary>Scoring by ONNX Runtime, graph fully optimised, results written into memory that is there already.</summary>
internal sealed class OnnxScoring : IPeer
{
    private readonly InferenceSession _session;
    private readonly RunOptions _run = new();
    private readonly string[] _inputNames, _outputNames;
    private OrtValue[] _inputs, _outputs;

    public OnnxScoring(Workload workload, int threads)
    {
        using var options = new SessionOptions
        {
            IntraOpNumThreads = threads,
            InterOpNumThreads = 1,
            GraphOptimizationLevel = GraphOptimizationLevel.ORT_ENABLE_ALL,
            ExecutionMode = ExecutionMode.ORT_SEQUENTIAL,
            // It warns of the nodes that the optimisation drops.
            LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR,
        };
        _session = new InferenceSession(RandomOnnxModel.Write(workload), options);
        int scores = (workload.Output == OutputKind.ClassPerStep ? workload.Tokens : workload.Batch) * workload.Outputs;
        long[] shape = workload.Output == OutputKind.ClassPerStep
            ? [workload.Steps, workload.Batch, workload.Outputs] : [workload.Batch, workload.Outputs];
        _inputNames = workload.Streaming ? ["x", "h", "c"] : ["x"];
        _outputNames = workload.Streaming ? ["y", "h_next", "c_next"] : ["y"];
        _inputs = [Input(workload), .. State(workload)];
        _outputs = [OrtValue.CreateTensorValueFromMemory(new float[scores], shape), .. State(workload)];
    }

    public string Name => "ONNX Runtime";

    public void Prepare()
    {
    }

    public void Run()
    {
        _session.Run(_run, _inputNames, _inputs, _outputNames, _outputs);
        // The state that came out goes into the next call.
        for (int i = 1; i < _inputs.Length; i++)
            (_inputs[i], _outputs[i]) = (_outputs[i], _inputs[i]);
    }

    public void Dispose()
    {
        foreach (OrtValue value in _inputs.Concat(_outputs))
            value.Dispose();
        _run.Dispose();
        _session.Dispose();
    }

    private static OrtValue Input(Workload workload)
    {
        var random = new Random(1);
        if (workload.Input == StepInput.Embedding)
        {
            return OrtValue.CreateTensorValueFromMemory(workload.DrawTokens(), [workload.Steps, workload.Batch]);
        }
        float[] values = new float[workload.Tokens * workload.InputSize];
        if (workload.Input == StepInput.OneHot)
            foreach ((int step, long token) in workload.DrawTokens().Index())
                values[step * workload.InputSize + token] = 1;
        else
            for (int i = 0; i < values.Length; i++)
                values[i] = random.NextSingle();
        return OrtValue.CreateTensorValueFromMemory(values, [workload.Steps, workload.Batch, workload.InputSize]);
    }

    /// <summary>h and c of a streaming workload, each [D, B, H]; nothing otherwise.</summary>
    private static IEnumerable<OrtValue> State(Workload workload) => Enumerable.Range(0, workload.Streaming ? 2 : 0).Select(_ =>
        OrtValue.CreateTensorValueFromMemory(new float[workload.Directions * workload.Batch * workload.HiddenSize],
            [workload.Directions, workload.Batch, workload.HiddenSize]));
}
