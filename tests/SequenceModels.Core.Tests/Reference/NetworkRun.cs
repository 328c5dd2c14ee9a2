using SequenceModels.Heads;
using SequenceModels.Kernels;
using SequenceModels.Layers;
using SequenceModels.Networks;
using SequenceModels.Parameters;
using SequenceModels.Sequences;

namespace SequenceModels.Tests.Reference;

/// <summary>The same random weights in the engine's layers and in the textbook's, and one batch through both.</summary>
internal sealed class NetworkRun
{
    private readonly EncoderNetwork _layers;

    public NetworkRun(NetworkShape spec, int seed = 1)
    {
        bool scaled = spec.Input == StepFeatureKind.Frames;
        var frames = new FrameTransform(
        [
            scaled ? new([.. Ramp(spec.InputSize, 0.1f)], [.. Ramp(spec.InputSize, 0.5f)]) : FeatureScaling.None,
            .. spec.Features.Select((feature, i) => feature.Kind != StepFeatureKind.Frames ? FeatureScaling.None
                : new([.. Ramp(feature.Size, 0.3f + i)], [.. Ramp(feature.Size, 0.7f)])),
        ]);
        Weights.ScaleFeature = (feature, i, x) => (x - frames[feature + 1].Mean[i]) * frames[feature + 1].Factor[i];
        LabelTransform labels = spec.Head == HeadKind.Regression ? new(Mean: 2, Deviation: 3) : LabelTransform.None;
        _layers = new EncoderNetwork(spec, frames, labels);
        _layers.Parameters.Allocate();
        var random = new Random(seed);
        foreach (Parameter parameter in _layers.Parameters.All)
        {
            Weights[parameter.Name] = Matrices.Random(parameter.Rows, parameter.Gates * parameter.Units, random, range: 1);
            Matrices.Write(parameter, _layers.Parameters.Values, Weights[parameter.Name]);
        }
        (Weights.TargetMean, Weights.TargetScale) = (labels.Mean, labels.Deviation);
        if (scaled)
            Weights.ScaleFrames([.. frames[0].Mean], [.. frames[0].Factor]);
    }

    public ReferenceWeights Weights { get; } = new();

    public SequenceNetwork Network => new(_layers);

    /// <summary>The engine's numbers of a parameter, padding included.</summary>
    public unsafe Span<float> Vector(string name)
    {
        Parameter parameter = _layers.Parameters.All.Single(each => each.Name == name);
        return new(parameter.In(_layers.Parameters.Values), checked((int)parameter.Length));
    }

    public IEnumerable<string> ParameterNames => _layers.Parameters.All.Select(parameter => parameter.Name);

    /// <summary>The batch's loss, and by parameter its gradients, as the engine finds them.</summary>
    public (double Loss, Dictionary<string, double[,]> Gradients) LossAndGradients(List<Example> batch,
        Regularization regularization = default)
    {
        EncoderPass workspace = _layers.CreatePass();
        int[] rows = Pack(workspace, batch);
        Refresh(_layers.PrepareTraining());
        var gradients = new FloatBuffer(_layers.Parameters.Length);
        SetLabels(workspace, [.. rows.Select(row => batch[row])]);
        EmbeddingGradients[] tables = _layers.CreateEmbeddingGradients();
        double loss = _layers.Learn(workspace, regularization, gradients, tables);
        foreach (EmbeddingGradients table in tables.Where(_ => !_layers.Spec.Output.TiedEmbeddings))
            AddTableGradients(table, gradients);
        return (loss, _layers.Parameters.All.ToDictionary(p => p.Name, p => Matrices.Read(p, gradients)));
    }

    private void SetLabels(EncoderPass workspace, Example[] packed)
    {
        int outputs = workspace.OutputRows;
        int size = _layers.Output.LabelSize;
        workspace.Targets.Reserve(outputs, size);
        bool everyStep = _layers.Spec.Output.EveryStep;
        double total = packed.Sum(example => example.Weight * (everyStep
            ? _layers.Spec.Output.Head == HeadKind.Ctc ? CtcReference.Count(example.StepLabels!)
            : example.StepLabels!.Count(label => !float.IsNaN(label)) : 1.0));
        for (int k = 0; k < packed.Length; k++)
            for (int t = 0; t < (everyStep ? packed[k].StepLabels!.Length : 1); t++)
            {
                int row = everyStep ? workspace.Batch.Offset(t) + k : k;
                if (packed[k].Labels is { } several)
                    several.CopyTo(workspace.Targets.Labels[(row * size)..]);
                float label = everyStep ? packed[k].StepLabels![t] : packed[k].Label;
                bool missing = everyStep && float.IsNaN(label);
                if (_layers.Spec.Output.Head == HeadKind.Ctc)
                {
                    workspace.Targets.Labels[row] = label;
                    workspace.Targets.Weights[row] = t == 0 || !missing ? (float)(packed[k].Weight / total) : 0;
                    continue;
                }
                for (int i = 0; i < size && packed[k].Labels is null; i++)
                    workspace.Targets.Labels[row * size + i] = missing ? 0 : size == 1 ? label : ReferenceLoss.Bit(label, i);
                workspace.Targets.Weights[row] = missing ? 0 : (float)(packed[k].Weight / total);
            }
    }

    public static unsafe void AddTableGradients(EmbeddingGradients inputs, FloatBuffer gradients)
    {
        for (int vector = 0; vector < inputs.Tokens.Length; vector++)
            for (int table = 0; table < inputs.Tables.Count; table++)
            {
                Parameter parameter = inputs.Tables[table];
                int row = (int)inputs.Tokens[vector] - inputs.FirstKey;
                for (int panel = 0; panel < parameter.Panels && row >= 0; panel++)
                    inputs.AddTo(parameter.In(gradients) + parameter.PanelOffset(panel) + (long)row * parameter.WidthOf(panel),
                        table, panel, vector);
            }
    }

    private int[] Pack(EncoderPass workspace, List<Example> batch)
    {
        SequenceDataset data = batch[0].NewDataset(_layers.Spec);
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
