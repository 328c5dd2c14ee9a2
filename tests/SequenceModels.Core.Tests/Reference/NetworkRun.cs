using SequenceModels.Heads;
using SequenceModels.Kernels;
using SequenceModels.Layers;
using SequenceModels.Parameters;
using SequenceModels.Sequences;

namespace SequenceModels.Tests.Reference;

/// <summary>The same random weights in the engine's layers and in the textbook's, and one batch through both.</summary>
internal sealed class NetworkRun
{
    private readonly NetworkLayers _layers;

    public NetworkRun(NetworkSpec spec, int seed = 1)
    {
        bool scaled = spec.Input == SequenceInput.Frames;
        FrameTransform frames = scaled ? new([.. Ramp(spec.InputSize, 0.1f)], [.. Ramp(spec.InputSize, 0.5f)]) : FrameTransform.None;
        LabelTransform labels = spec.Head == HeadKind.Regression ? new(Mean: 2, Deviation: 3) : LabelTransform.None;
        _layers = new NetworkLayers(spec, frames, labels);
        _layers.Parameters.Allocate();
        var random = new Random(seed);
        foreach (Parameter parameter in _layers.Parameters.All)
        {
            Weights[parameter.Name] = Matrices.Random(parameter.Rows, parameter.Gates * parameter.Units, random, range: 1);
            Matrices.Write(parameter, _layers.Parameters.Values, Weights[parameter.Name]);
        }
        (Weights.TargetMean, Weights.TargetScale) = (labels.Mean, labels.Deviation);
        if (scaled)
            Weights.ScaleFrames([.. frames.Mean], [.. frames.Factor]);
    }

    public ReferenceWeights Weights { get; } = new();

    public SequenceNetwork Network => new(_layers);

    public IEnumerable<string> ParameterNames => _layers.Parameters.All.Select(parameter => parameter.Name);

    /// <summary>The batch's loss, and by parameter its gradients, as the engine finds them.</summary>
    public (double Loss, Dictionary<string, double[,]> Gradients) LossAndGradients(List<Example> batch, Dropout dropout = default)
    {
        Workspace workspace = _layers.CreateWorkspace();
        int[] rows = Pack(workspace, batch);
        Refresh(_layers.PrepareTraining());
        var gradients = new FloatBuffer(_layers.Parameters.Length);
        _layers.Forward(workspace, dropout);
        double loss = 0, total = batch.Sum(example => example.Weight);
        for (int k = 0; k < rows.Length; k++)
        {
            float share = (float)(batch[rows[k]].Weight / total);
            Span<float> outputs = workspace.OutputsOf(k);
            loss += share * _layers.Head.Loss(outputs, batch[rows[k]].Label);
            foreach (ref float gradient in outputs)
                gradient *= share;
        }
        _layers.Backward(workspace, dropout, gradients);
        for (int row = 0; row < workspace.Batch.Tokens.Length; row++)
            _layers.AddTableGradients(workspace, row, workspace.Batch.Tokens[row], gradients);
        return (loss, _layers.Parameters.All.ToDictionary(p => p.Name, p => Matrices.Read(p, gradients)));
    }

    private int[] Pack(Workspace workspace, List<Example> batch)
    {
        var data = new SequenceDataset(_layers.Spec.Input, _layers.Spec.InputSize);
        foreach (Example example in batch)
            example.AddTo(data);
        int[] rows = [.. Enumerable.Range(0, batch.Count).OrderByDescending(data.Length)];
        workspace.Batch.Pack(data, rows, numbers: rows, _layers.Frames);
        return rows;
    }

    private void Refresh(Transposed[] transposes)
    {
        foreach (Transposed transposed in transposes)
            for (int panel = 0; panel < transposed.Panels; panel++)
                transposed.Refresh(_layers.Parameters.Values, panel);
    }

    private static IEnumerable<float> Ramp(int count, float first) => Enumerable.Range(0, count).Select(i => first + 0.25f * i);
}
